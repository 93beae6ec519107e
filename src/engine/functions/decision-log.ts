/**
 * Logs how steps are run and why, if logging is on.
 *
 * A step that is run like the one before it on such inputs is not logged again.
 */
import { isLogging, log } from "../../notebook/log";
import type { ModelParts } from "../parts/model-parts";
import { keyOf, type StepInputs } from "./step-definition";
import type { KnownStep } from "./step-form";
import type { StepProgram } from "./step-program";

/** How a step is run. */
export type Decision =
  | "recorded"
  | "operation by operation"
  | "traced, then native"
  | "traced, then graph"
  | "native"
  | "graph";

/** The decisions about the steps of one definition. */
export class DecisionLog {
  readonly #activity: string;
  /** The last decision, by the types and shapes of the inputs. */
  readonly #last = new Map<string, string>();

  /** @param activity The purpose of the steps, such as "training". */
  constructor(activity: string) {
    this.#activity = activity;
  }

  /** Logs how a step is run. */
  decided(inputs: StepInputs, decision: Decision, why: string): void {
    if (!isLogging) return;
    const key = keyOf(inputs);
    const text = `${decision}: ${why}`;
    if (this.#last.get(key) === text) return;
    this.#last.set(key, text);
    log("engine", `${this.#activity} step ${text} (inputs: ${key})`);
  }

  /**
   * Logs a step that was computed operation by operation and recorded.
   *
   * @param obstacle Why the recording cannot be compiled, if it cannot.
   * @param known The number of recordings that the step has been compared with.
   */
  recorded(
    inputs: StepInputs,
    obstacle: string | undefined,
    known: number,
  ): void {
    if (obstacle !== undefined) {
      this.decided(inputs, "operation by operation", obstacle);
    } else if (known === 0) {
      this.decided(inputs, "recorded", "there was no recording yet");
    } else {
      const why = `it agrees with none of ${known} recordings`;
      this.decided(inputs, "recorded", why);
    }
  }

  /** Logs a step that is computed in tfjs because it creates the optimizer's variables. */
  firstOfOptimizer(inputs: StepInputs): void {
    const why = "the optimizer's first step creates its variables";
    this.decided(inputs, "operation by operation", why);
  }

  /** Logs a step whose JavaScript ran, and then a program. */
  traced(
    inputs: StepInputs,
    { program, varying, recording }: KnownStep,
    parts: ModelParts | undefined,
  ): void {
    if (!isLogging || program === undefined) return;
    this.decided(
      inputs,
      `traced, then ${program.path}`,
      parts === undefined
        ? "its parts are not known"
        : parts.custom !== undefined
          ? `${parts.custom} is custom`
          : recording.dependsOnJavaScript || varying.size > 0
            ? "its values depend on JavaScript"
            : "the program is new",
    );
  }

  /** Logs a program that has been compiled. */
  compiled({ path, size }: StepProgram): void {
    if (!isLogging) return;
    const what = `${path} program of ${size} operations`;
    log("engine", `${this.#activity} step compiled: ${what}`);
  }

  /** Logs why a program is not native. */
  notNative(reason: string): void {
    if (isLogging)
      log("engine", `${this.#activity} step not native: ${reason}`);
  }

  /** Logs why steps are not compiled. */
  refused(reason: string): void {
    if (isLogging) log("engine", `${this.#activity} step refused: ${reason}`);
  }
}
