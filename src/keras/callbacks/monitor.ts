/**
 * The curve that a callback monitors: its value after an epoch, and whether that is better.
 */
import { checkOneOf } from "../../check";
import { coded } from "../../notebook/coded-error";
import { curveName } from "../../training/curve-name";

/** Whether a curve has to fall, to rise, or what its name implies. */
export type MonitorMode = "auto" | "min" | "max";

/** Options of a {@link Monitor}. */
export interface MonitorOptions {
  /** Name of the curve, such as `val_loss` or `val_accuracy`. */
  readonly monitor: string;
  /** Whether the curve has to fall or to rise; "auto" decides by its name. */
  readonly mode: MonitorMode;
  /** Smallest change that counts as an improvement; its sign is ignored. */
  readonly minDelta: number;
}

/** Names of metrics that have to rise. */
const rising = /acc(uracy)?$|precision|recall|auc|cosineSimilarity/i;
/** Names of metrics that have to fall, in tfjs, whose "cosine" is −1 at best, and in Keras. */
const falling =
  /loss$|error$|crossentropy|hinge|divergence|poisson|logcosh|cosine|(^|_)(r?mse|mae|mape|msle)$/i;

/** Monitors one curve. Source: Keras 3, `MonitorCallback`. */
export class Monitor {
  readonly #owner: string;
  readonly #name: string;
  readonly #rises: boolean;
  readonly #minDelta: number;

  /**
   * @param owner What the options belong to, for messages: "earlyStopping".
   * @throws RangeError `ERR_INVALID_VALUE` if `mode` is none of its values, or "auto" for a name
   *   that does not imply a direction.
   */
  constructor(owner: string, { monitor, mode, minDelta }: MonitorOptions) {
    checkOneOf(`${owner}.mode`, mode, ["auto", "min", "max"]);
    this.#owner = owner;
    this.#name = monitor;
    this.#minDelta = Math.abs(minDelta);
    this.#rises =
      mode === "auto" ? risesByName(owner, monitor) : mode === "max";
  }

  /**
   * Returns the curve's value in an epoch's logs, which have the names of tfjs or Keras.
   *
   * @throws RangeError `ERR_UNKNOWN_NAME` if there is no curve of the monitored name.
   */
  valueIn(logs: Readonly<Record<string, number>>): number {
    const entries = Object.entries(logs);
    const found = entries.find(
      ([name]) => name === this.#name || curveName(name) === this.#name,
    );
    if (found !== undefined) return found[1];
    throw coded(
      "ERR_UNKNOWN_NAME",
      new RangeError(
        `Expected \`${this.#owner}.monitor\` to be a curve of this run (${entries.map(([name]) => name).join(", ")}), received "${this.#name}"`,
      ),
    );
  }

  /** Whether a value is better than a reference; true without a reference. */
  isImprovement(value: number, reference: number | undefined): boolean {
    if (reference === undefined) return true;
    // Compared in float32, as in Keras.
    const [ours, theirs] = [
      Math.fround(
        this.#rises ? value - this.#minDelta : value + this.#minDelta,
      ),
      Math.fround(reference),
    ];
    return this.#rises ? ours > theirs : ours < theirs;
  }
}

function risesByName(owner: string, monitor: string): boolean {
  if (rising.test(monitor)) return true;
  if (falling.test(monitor)) return false;
  throw coded(
    "ERR_INVALID_VALUE",
    new RangeError(
      `Expected \`${owner}.mode\` to be "min" or "max" for "${monitor}", whose name does not say which values are better, received "auto"`,
    ),
  );
}
