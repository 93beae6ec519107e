/**
 * Writes a recorded step as a TensorFlow graph, once or several times in sequence.
 *
 * *Push* and *pull* move the variables (see `session-variables.ts`). *One* is a single step. *All*,
 * if several steps are requested, is that many steps in one run. Each step reads the variables
 * after the previous step has changed them. Operations that do not depend on variables, such as the
 * gathering of a batch, are computed ahead of time on an idle core.
 */
import { GraphWriter } from "../graph/graph-writer";
import { signature, type Signature } from "../graph/session";
import { kindOf, type Recording, type Source } from "../recording/recording";
import { attribute, typeAttribute, type Attribute } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";
import { Feeds } from "./feeds";
import { SessionVariables } from "./session-variables";
import { StepBody, type StepOptions } from "./step-body";

/** The number of times that the step is written into the graph. */
export interface StepRepetition {
  /**
   * Number of steps in one run, at least 1. More than 1 is possible only if all of the step's
   * outputs are scalars or all have an axis.
   */
  readonly steps: number;
  /** Indices of the inputs that differ for each step of a run. */
  readonly perStep: readonly number[];
}

const float = typeAttribute("T", "float32");

/** A graph and the signatures of its runs. */
export class StepGraph {
  readonly variables: readonly tf.Variable[];
  /** Variables that the step changes. */
  readonly changed: readonly tf.Variable[];
  readonly one: Signature;
  /** Undefined if there is only one step. */
  readonly all: Signature | undefined;
  readonly push: Signature;
  readonly pull: Signature;
  /** Whether all outputs are scalars, which are then returned as one vector. */
  readonly givesScalars: boolean;
  readonly #graph = new GraphWriter();
  readonly #sessionVariables = new SessionVariables(this.#graph);
  readonly #feeds: Feeds;

  constructor(
    recording: Recording,
    options: StepOptions,
    { steps, perStep }: StepRepetition,
  ) {
    this.#feeds = new Feeds(this.#graph, recording, {
      perStep,
      varying: options.varying,
      settings: options.update?.settings().length ?? 0,
      guarded: options.guardsLoss,
    });
    this.givesScalars = areScalars(recording);
    const first = this.#writeStep(recording, options, 0, []);
    this.changed = first.changed;
    this.one = signature(
      this.#feeds.ofOneStep,
      this.#writeOutputs(recording, first),
    );
    this.all =
      steps > 1 ? this.#writeAll(recording, options, first, steps) : undefined;
    const push = this.#sessionVariables.writePush();
    this.push = signature(push.inputs, [push.output]);
    const pull = this.#sessionVariables.writePull();
    this.pull = signature([pull.input], pull.outputs);
    this.variables = this.#sessionVariables.variables;
  }

  /** Encodes the graph as a saved model. */
  encode(): Uint8Array {
    return this.#graph.encode();
  }

  /**
   * Signature that fetches the outputs of a run's first `steps` steps, one vector per step, after
   * the run was aborted in a later step.
   */
  outputsKept(steps: number): Signature {
    const names = Array.from({ length: steps }, (_, step) => `kept${step}`);
    return signature(["trigger"], names);
  }

  #writeStep(
    recording: Recording,
    options: StepOptions,
    step: number,
    before: readonly string[],
  ): StepBody {
    const prefix = step === 0 ? "" : `step${step}/`;
    const graph = new GraphWriter(this.#graph, prefix);
    const sessionVariables = this.#sessionVariables;
    const feeds = this.#feeds;
    if (step > 0) feeds.addStep(step);
    const surroundings = {
      graph,
      sessionVariables,
      feeds,
      step,
      before,
    };
    return new StepBody(recording, options, surroundings);
  }

  /**
   * Scalars are returned as one vector, so a single read suffices. All outputs wait for the
   * updates. Tensors that are kept come last.
   */
  #writeOutputs(
    { outputs, kept }: Recording,
    { outputs: names, kept: keptNames, last }: StepBody,
  ): readonly string[] {
    const after = last.map((name) => `^${name}`);
    const identity = (source: Source, name: string, node: string) =>
      this.#graph.add(
        node,
        "Identity",
        [name, ...after],
        [typeAttribute("T", kindOf(source).dtype as "float32")],
      );
    const keptOutputs = kept.map((source, index) =>
      identity(source, keptNames[index]!, `beyond${index}`),
    );
    if (this.givesScalars) {
      return [this.#pack("output", names, after), ...keptOutputs];
    }
    const single = outputs.map((source, index) =>
      identity(source, names[index]!, `output${index}`),
    );
    return [...single, ...keptOutputs];
  }

  #writeAll(
    recording: Recording,
    options: StepOptions,
    first: StepBody,
    steps: number,
  ): Signature {
    const bodies = [first];
    for (let step = 1; step < steps; step += 1) {
      const body = bodies[step - 1]!;
      const kept = options.guardsLoss ? [this.#writeKept(step - 1, body)] : [];
      const after = [...body.last, ...kept].map((name) => `^${name}`);
      const end = this.#graph.add(`end${step - 1}`, "NoOp", after);
      bodies.push(this.#writeStep(recording, options, step, [`^${end}`]));
    }
    const after = bodies.at(-1)!.last.map((name) => `^${name}`);
    if (this.givesScalars) {
      const names = bodies.flatMap(({ outputs }) => outputs);
      const output = this.#pack("outputs", names, after);
      return signature(this.#feeds.ofAllSteps, [output]);
    }
    const rows = recording.outputs.map((source, index) =>
      this.#concatenate(
        `rows${index}`,
        bodies.map(({ outputs }) => outputs[index]!),
        after,
        typeAttribute("T", kindOf(source).dtype as "float32"),
      ),
    );
    return signature(this.#feeds.ofAllSteps, rows);
  }

  /**
   * A later step may abort the run, which then returns nothing. Therefore this step's outputs are
   * stored in a session variable.
   */
  #writeKept(step: number, body: StepBody): string {
    const graph = this.#graph;
    const dtype = typeAttribute("dtype", "float32");
    const variable = this.#sessionVariables.add(`outputs${step}`, "float32", [
      body.outputs.length,
    ]);
    const vector = this.#pack(`pack${step}`, body.outputs, []);
    graph.add(`kept${step}`, "ReadVariableOp", [variable, "^trigger"], [dtype]);
    return graph.add(
      `keep${step}`,
      "AssignVariableOp",
      [variable, vector],
      [dtype],
    );
  }

  #concatenate(
    name: string,
    parts: readonly string[],
    after: readonly string[],
    type: Attribute,
  ): string {
    const attributes = [
      attribute("N", parts.length),
      type,
      typeAttribute("Tidx", "int32"),
    ];
    const axis = this.#graph.constant({
      dtype: "int32",
      shape: [],
      values: Int32Array.of(0),
    });
    const inputs = [...parts, axis, ...after];
    return this.#graph.add(name, "ConcatV2", inputs, attributes);
  }

  #pack(
    name: string,
    scalars: readonly string[],
    after: readonly string[],
  ): string {
    const attributes = [
      attribute("N", scalars.length),
      float,
      attribute("axis", 0),
    ];
    return this.#graph.add(name, "Pack", [...scalars, ...after], attributes);
  }
}

/** Whether a step returns only scalars, and at least one. */
export function areScalars({ outputs }: Recording): boolean {
  return (
    outputs.length > 0 &&
    outputs.every(
      (source) =>
        kindOf(source).shape.length === 0 && kindOf(source).dtype === "float32",
    )
  );
}
