/**
 * The loss of the steps of a run so far, in a bounded number of points.
 */
import type { CurvePoint } from "./training-chart";

/** Number of points at which every other one is merged with its neighbor. */
const mostPoints = 240;

/** A curve that grows during a run. */
export class StepCurve {
  #points: CurvePoint[] = [];
  /** How many additions are joined to one point. */
  #each = 1;
  #pending: number[] = [];

  /** The points so far: the epochs trained, and the mean of a value over the steps before. */
  get points(): readonly CurvePoint[] {
    return this.#points;
  }

  /**
   * Adds a mean of a value over the latest steps.
   *
   * @param epochs The epochs trained so far, such as 1.5.
   */
  add(epochs: number, value: number): void {
    this.#pending.push(value);
    if (this.#pending.length < this.#each) return;
    this.#points.push([epochs, mean(this.#pending)]);
    this.#pending = [];
    if (this.#points.length < mostPoints) return;
    this.#each *= 2;
    this.#points = this.#points.flatMap(([at, last], index) =>
      index % 2 === 0
        ? []
        : [[at, mean([this.#points[index - 1]![1], last])] as const],
    );
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
