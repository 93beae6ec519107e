/**
 * What is known of a step for inputs of certain types and shapes.
 */
import type { ModelParts } from "../parts/model-parts";
import { discard, type Recording } from "../recording/recording";
import type { StepProgram } from "./step-program";
import type { StepTimes } from "./steps-at-once";

/** A recording of the step, and the program that it was made into. */
export interface KnownStep {
  recording: Recording;
  /** Constants that have had other numbers since. */
  varying: ReadonlySet<number>;
  program: StepProgram | undefined;
  /** The definition's mode when the program was made. */
  mode?: string | undefined;
  /** Runs of the programs so far. */
  runs: number;
}

/** A known step that needs no JavaScript, as long as the parts stay. */
export interface DirectStep {
  readonly step: KnownStep & { readonly program: StepProgram };
  readonly parts: ModelParts;
  readonly times: StepTimes;
}

/** Recordings of more operations are let go of once their program needs no JavaScript: they hold megabytes. */
const largeRecording = 600;

/** Recordings that are kept; the one used longest ago makes room. */
const mostRecordings = 8;

/** Steps that were recorded lower the score, steps that a program did raise it; within these bounds. */
const bestScore = 24;
const worstScore = -24;
const recordedScore = -3;

/** Steps for which a step is given up the first time. */
const firstWait = 64;

/** The recordings for one set of types and shapes. */
export class StepForm {
  readonly #known: KnownStep[] = [];
  #direct: DirectStep | undefined;
  #refused:
    | { readonly parts: ModelParts | undefined; readonly until: number }
    | undefined;
  #wait = firstWait;
  /** How often such inputs have come. */
  sightings = 0;
  #score = 0;

  /** The program that needs no JavaScript. */
  get direct(): DirectStep | undefined {
    return this.#direct;
  }

  /** Lets the program of a step be run without JavaScript. */
  allowDirect(direct: DirectStep): void {
    const { step } = direct;
    this.#direct = direct;
    if (step.program.size <= largeRecording) return;
    this.#known.splice(this.#known.indexOf(step), 1);
    step.recording = { ...step.recording, operations: [], constants: [] };
    step.program.forgetOperations();
  }

  /** Lets no program be run without JavaScript. */
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

  /** The recordings, the one used last first. */
  get known(): readonly KnownStep[] {
    return this.#known;
  }

  /** Whether the step was given up: until its parts change, or for so many steps, more each time. */
  get isRefused(): boolean {
    if (this.#refused === undefined) return false;
    const { parts, until } = this.#refused;
    if ((parts?.isUnchanged() ?? true) && this.sightings < until) return true;
    this.#refused = undefined;
    this.#score = worstScore / 2;
    return false;
  }

  /** Gives the step up. */
  refuse(parts: ModelParts | undefined): void {
    this.dispose();
    this.#refused = { parts, until: this.sightings + this.#wait };
    this.#wait *= 2;
  }

  /** Whether steps are recorded again and again, and seldom done by a program. */
  get isHopeless(): boolean {
    return this.#score <= worstScore;
  }

  /** Notes a recording, and lets go of one if there are too many. */
  add(recording: Recording): KnownStep {
    this.lower();
    const unused = { varying: new Set<number>(), runs: 0, program: undefined };
    const step: KnownStep = { recording, ...unused };
    this.#known.unshift(step);
    for (const old of this.#known.splice(mostRecordings)) end(old);
    return step;
  }

  /** Notes that a step was run in tfjs. */
  lower(): void {
    this.#score = Math.max(worstScore, this.#score + recordedScore);
  }

  /** Notes that a program did a step. */
  noteRun(step: KnownStep): void {
    step.runs += 1;
    this.#score = Math.min(bestScore, this.#score + 1);
    if (this.#known[0] === step) return;
    const place = this.#known.indexOf(step);
    if (place === -1) return;
    this.#known.splice(place, 1);
    this.#known.unshift(step);
  }

  /** Ends the program of one step. */
  endProgram(step: KnownStep): void {
    if (this.#direct?.step === step) this.endDirect();
    step.program?.dispose();
    step.program = undefined;
  }

  /** Forgets a step. */
  forget(step: KnownStep): void {
    if (this.#direct?.step === step) this.endDirect();
    const place = this.#known.indexOf(step);
    if (place === -1) return;
    this.#known.splice(place, 1);
    end(step);
  }

  /** Forgets all steps. */
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
