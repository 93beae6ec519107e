/**
 * Runs the program of a plan, and records its observations and how its steps were run.
 */
import { setEngine, tf } from "../../../src/engine";
import { parkMiller } from "../cases/comparison";
import { Observations } from "../cases/observations";
import { actions, isWithoutState } from "./actions";
import { CompiledShare } from "./compiled-share";
import { OwnCode } from "./own-code";
import type { Action, Plan } from "./plan";
import { ProgramData } from "./program-data";
import { Subject } from "./subject";

/** One run of a program. */
export class ProgramRun {
  readonly observations = new Observations();
  readonly code = new OwnCode(this.observations);
  readonly share = new CompiledShare();
  /** Warnings printed on the console. */
  readonly notes: string[] = [];
  readonly data: ProgramData;
  readonly #subjects = new Map<string, Subject>();
  readonly #shift: number;

  constructor(
    readonly plan: Plan,
    shift: number,
  ) {
    this.#shift = shift;
    const { model } = this.subject("model");
    const widths = model.outputs.map(({ shape }) => shape.at(-1)!);
    this.data = new ProgramData(plan.model, widths);
  }

  /** Returns the model or its twin, which is created on first use. */
  subject(name: string): Subject {
    const known = this.#subjects.get(name);
    if (known !== undefined) return known;
    const { seed } = this.plan;
    const own = name === "model" ? seed : seed + 1;
    const made = new Subject(this.plan, this.code, own, this.#shift);
    this.#subjects.set(name, made);
    return made;
  }

  /** Returns which one it is. */
  nameOf(subject: Subject): "model" | "twin" {
    return this.#subjects.get("twin") === subject ? "twin" : "model";
  }

  /** Whether any of the program's code runs in the model. */
  get hasOwnCode(): boolean {
    return hasOwnCode(this.plan);
  }

  /** Performs one action. */
  async act(action: Action): Promise<void> {
    const subject = this.subject(action.on ?? "model");
    await actions[action.does]!(this, subject, action);
    this.share.note(subject.model);
  }

  /** Performs all actions, until one fails; then records the weights. */
  async runAll(): Promise<void> {
    await this.#try(async () => {
      for (const action of this.plan.actions) await this.act(action);
    });
    for (const [name, { model }] of this.#subjects) {
      await this.#try(() =>
        this.observations.see(`weights of ${name}`, model.getWeights()),
      );
      await this.#try(async () => {
        if (isWithoutState(model.optimizer)) return;
        const state = await model.optimizer.getWeights();
        const tensors = state.map(({ tensor }) => tensor);
        this.observations.see(`optimizer of ${name}`, tensors);
      });
    }
    this.observations.see("sum", this.code.sum);
  }

  async #try(run: () => unknown): Promise<void> {
    try {
      await run();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      // Tensors and variables are numbered throughout the process.
      this.observations.see("error", text.replaceAll(/\d+/g, "#"));
    }
  }
}

/** Whether a plan contains custom code. */
export function hasOwnCode(plan: Plan): boolean {
  const text = JSON.stringify(plan);
  return /"own|replaceCall/.test(text);
}

/**
 * Runs a program with the engine in a state; Math.random starts with the same sequence each time.
 * `shift` changes the initial weights by a relative amount.
 */
export async function runPlan(
  plan: Plan,
  state: "on" | "off",
  shift = 0,
): Promise<ProgramRun> {
  const { random } = Math;
  const { log, warn } = console;
  const notes: string[] = [];
  Math.random = parkMiller(1 + plan.seed);
  console.log = () => undefined;
  console.warn = (...parts: unknown[]) => notes.push(parts.join(" "));
  setEngine(state);
  try {
    const run = new ProgramRun(plan, shift);
    await run.runAll();
    run.notes.push(...notes);
    run.data.dispose();
    return run;
  } finally {
    setEngine("on");
    tf.disposeVariables();
    Object.assign(Math, { random });
    Object.assign(console, { log, warn });
  }
}
