/**
 * A recorded step as a TensorFlow graph, once or several times in a row.
 *
 * *Push* and *pull* move the variables (see `places.ts`); *one* is the step; *all*, where several are asked for, is that many steps
 * one after the other in one run. Each step reads the variables when the one before has changed them; what does not depend on
 * variables, such as the gathering of its batch, TensorFlow does ahead of time, on a core that is idle.
 */
import { GraphWriter } from "../graph/graph-writer";
import { signature, type Signature } from "../graph/session";
import { kindOf, type Recording, type Source } from "../recording/recording";
import { attribute, typeAttribute, type Attribute } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";
import { Feeds } from "./feeds";
import { Places } from "./places";
import { StepBody, type StepOptions } from "./step-body";

/** How often the step is written into the graph. */
export interface StepRepetition {
  /** Steps of a run of all, 1 or more. More than one only of a step whose outputs are all scalars, or all have an axis. */
  readonly steps: number;
  /** Places of the inputs that each step of a run has of its own. */
  readonly own: readonly number[];
}

const float = typeAttribute("T", "float32");

/** A graph and the names by which it is run. */
export class StepGraph {
  readonly variables: readonly tf.Variable[];
  /** Variables that the step changes. */
  readonly changed: readonly tf.Variable[];
  readonly one: Signature;
  /** Undefined if there is but one step. */
  readonly all: Signature | undefined;
  readonly push: Signature;
  readonly pull: Signature;
  /** Whether all outputs are scalars, which then leave as one vector. */
  readonly givesScalars: boolean;
  readonly #graph = new GraphWriter();
  readonly #places = new Places(this.#graph);
  readonly #feeds: Feeds;

  constructor(
    recording: Recording,
    options: StepOptions,
    { steps, own }: StepRepetition,
  ) {
    this.#feeds = new Feeds(this.#graph, recording, {
      own,
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
    const push = this.#places.writePush();
    this.push = signature(push.inputs, [push.output]);
    const pull = this.#places.writePull();
    this.pull = signature([pull.input], pull.outputs);
    this.variables = this.#places.variables;
  }

  /** The graph as the bytes of a saved model. */
  encode(): Uint8Array {
    return this.#graph.encode();
  }

  /** Fetches the outputs of a run's steps but the last, one vector a step, after a run that was ended in a later step. */
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
    const [places, feeds] = [this.#places, this.#feeds];
    if (step > 0) feeds.addStep(step);
    const surroundings = { graph, places, feeds, step, before };
    return new StepBody(recording, options, surroundings);
  }

  /** Scalars leave as one vector, which is read at once; all outputs wait for the updates. What is kept comes last. */
  #writeOutputs(
    { outputs, kept }: Recording,
    { outputs: names, kept: keptNames, last }: StepBody,
  ): readonly string[] {
    const after = last.map((name) => `^${name}`);
    const identity = (source: Source, name: string, place: string) =>
      this.#graph.add(
        place,
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

  /** A later step may end the run, which then gives nothing; so the outputs of this one are kept in a place. */
  #writeKept(step: number, body: StepBody): string {
    const graph = this.#graph;
    const dtype = typeAttribute("dtype", "float32");
    const place = this.#places.add(`outputs${step}`, "float32", [
      body.outputs.length,
    ]);
    const vector = this.#pack(`pack${step}`, body.outputs, []);
    graph.add(`kept${step}`, "ReadVariableOp", [place, "^trigger"], [dtype]);
    return graph.add(
      `keep${step}`,
      "AssignVariableOp",
      [place, vector],
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

/** Whether a step gives nothing but scalars, and at least one. */
export function areScalars({ outputs }: Recording): boolean {
  return (
    outputs.length > 0 &&
    outputs.every(
      (source) =>
        kindOf(source).shape.length === 0 && kindOf(source).dtype === "float32",
    )
  );
}
