/**
 * The recordings and programs of a step, for inputs of certain types and shapes.
 */
import type { ModelParts } from "../parts/model-parts";
import { discard, type Recording } from "../recording/recording";
import type { StepProgram } from "./step-program";
import type { StepTimes } from "./steps-at-once";

/**
 * How far a step on certain inputs has come. The same step has other rounding errors when it runs
 * operation by operation than when a program runs it.
 */
export type StepStage = "unknown" | "recorded" | "compiled";

/** A recording of the step, and the program compiled from it. */
export interface KnownStep {
  recording: Recording;
  /** Constants whose values have differed from the recorded ones. */
  varying: ReadonlySet<number>;
  program: StepProgram | undefined;
  /** The definition's mode when the program was compiled. */
  mode?: string | undefined;
  /** Number of runs of the programs. */
  runs: number;
}

/** A known step that needs no JavaScript as long as its parts are unchanged. */
export interface DirectStep {
  readonly step: KnownStep & { readonly program: StepProgram };
  readonly parts: ModelParts;
  readonly times: StepTimes;
}

/**
 * Recordings of more operations are released once their program needs no JavaScript, because they
 * take up megabytes.
 */
const largeRecording = 600;

/** Maximum number of recordings; the least recently used one is discarded. */
const mostRecordings = 8;

/** Within these bounds, recorded steps lower the score, and steps run by a program raise it. */
const bestScore = 24;
const worstScore = -24;
const recordedScore = -3;

/** Number of steps for which a step is not compiled after the first refusal. */
const firstWait = 64;

/** The recordings for one combination of types and shapes. */
export class StepForm {
  readonly #known: KnownStep[] = [];
  #direct: DirectStep | undefined;
  #refused:
    | { readonly parts: ModelParts | undefined; readonly until: number }
    | undefined;
  #wait = firstWait;
  /** Number of times that such inputs have occurred. */
  sightings = 0;
  #score = 0;

  /** The program that runs without JavaScript. */
  get direct(): DirectStep | undefined {
    return this.#direct;
  }

  /** Allows a step's program to run without JavaScript. */
  allowDirect(direct: DirectStep): void {
    const { step } = direct;
    this.#direct = direct;
    if (step.program.size <= largeRecording) return;
    this.#known.splice(this.#known.indexOf(step), 1);
    step.recording = { ...step.recording, operations: [], constants: [] };
    step.program.forgetOperations();
  }

  /** Stops running a program without JavaScript. */
  endDirect(): void {
    const direct = this.#direct;
    this.#direct = undefined;
    if (direct && !this.#known.includes(direct.step)) end(direct.step);
  }

  /** The steps that have a program. */
  get compiled(): KnownStep[] {
    const steps = this.#known.filter(({ program }) => program !== undefined);
    const direct = this.#direct?.step;
    return direct === undefined || steps.includes(direct)
      ? steps
      : [direct, ...steps];
  }

  /** How far the step has come. */
  get stage(): StepStage {
    if (this.compiled.length > 0) return "compiled";
    return this.#known.length > 0 ? "recorded" : "unknown";
  }

  /** The recordings, the most recently used first. */
  get known(): readonly KnownStep[] {
    return this.#known;
  }

  /**
   * Whether compilation was refused: until the step's parts change, or for a number of steps that
   * doubles each time.
   */
  get isRefused(): boolean {
    if (this.#refused === undefined) return false;
    const { parts, until } = this.#refused;
    if ((parts?.isUnchanged() ?? true) && this.sightings < until) return true;
    this.#refused = undefined;
    this.#score = worstScore / 2;
    return false;
  }

  /** Refuses to compile the step. */
  refuse(parts: ModelParts | undefined): void {
    this.dispose();
    this.#refused = { parts, until: this.sightings + this.#wait };
    this.#wait *= 2;
  }

  /** Whether steps are recorded repeatedly and rarely run by a program. */
  get isRecordedTooOften(): boolean {
    return this.#score <= worstScore;
  }

  /** Adds a recording, and discards one if there are too many. */
  add(recording: Recording): KnownStep {
    this.lowerScore();
    const unused = { varying: new Set<number>(), runs: 0, program: undefined };
    const step: KnownStep = { recording, ...unused };
    this.#known.unshift(step);
    for (const old of this.#known.splice(mostRecordings)) end(old);
    return step;
  }

  /** Lowers the score after a step that ran in tfjs. */
  lowerScore(): void {
    this.#score = Math.max(worstScore, this.#score + recordedScore);
  }

  /** Records that a program ran a step. */
  noteRun(step: KnownStep): void {
    step.runs += 1;
    this.#score = Math.min(bestScore, this.#score + 1);
    if (this.#known[0] === step) return;
    const index = this.#known.indexOf(step);
    if (index === -1) return;
    this.#known.splice(index, 1);
    this.#known.unshift(step);
  }

  /** Disposes of one step's program. */
  endProgram(step: KnownStep): void {
    if (this.#direct?.step === step) this.endDirect();
    step.program?.dispose();
    step.program = undefined;
  }

  /** Discards a step. */
  forget(step: KnownStep): void {
    if (this.#direct?.step === step) this.endDirect();
    const place = this.#known.indexOf(step);
    if (place === -1) return;
    this.#known.splice(place, 1);
    end(step);
  }

  /** Discards all steps. */
  dispose(): void {
    this.endDirect();
    for (const step of this.#known.splice(0)) end(step);
  }
}

function end(step: KnownStep): void {
  step.program?.dispose();
  step.program = undefined;
  discard(step.recording);
}
