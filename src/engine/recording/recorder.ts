/**
 * Listens while a step runs, and either lets it compute or compares it with recordings of earlier steps.
 *
 * What tfjs does not pass through the backend (gradients, layers, losses, functions of the user's) needs no attention: it is JavaScript that
 * decides which operations to execute, and the decisions are what is recorded.
 *
 * A step is *traced* for as long as it agrees with a recording: nothing is computed, and its tensors have shapes but no numbers. At
 * the first operation that is another one, everything so far is computed, and the step goes on as tfjs would run it. So JavaScript runs
 * once in each step, whatever comes out. A step may also be traced before there is a recording, for as long as the shapes of what its
 * operations give can be told: it is *foretold*.
 */
import type { DataId } from "../tfjs/backend";
import type { Attribute } from "../tfjs/attribute";
import { activeScope, isOpen } from "../tfjs/engine-state";
import { tf } from "../tfjs/library";
import { dataOf } from "../tfjs/tensor-data";
import {
  isAssignedAsInTfjs,
  isGone,
  observeVariables,
} from "../variables/variable-values";
import { activeLayer } from "./active-layer";
import { BackendListener } from "./backend-listener";
import { foretoldKinds } from "../kinds/foretold-kinds";
import type {
  ComputedStep,
  ForetoldStep,
  TracedStep,
  UncomputedStep,
} from "./heard-step";
import { beginListening, endListening } from "./listening";
import { Matcher, type Candidate } from "./matcher";
import { RandomWatch } from "./random-watch";
import {
  kindOf,
  type Assignment,
  type Operation,
  type OperationSource,
  type Recording,
  type Source,
  type TensorKind,
} from "./recording";
import { StepTensors } from "./step-tensors";
import { StepUpdate, type Apply, type NamedGradient } from "./step-update";
import { computeOperations, type Inspection } from "./traced-step";
import { truthfulAttributes } from "./truthful-attributes";
import { obstacleOf } from "./value-roles";
import { VariableReads } from "./variable-reads";
import { VariableStandIns } from "./variable-stand-ins";

/** Listens to one step. */
export class Recorder<Of extends Candidate> {
  readonly #tensors: StepTensors;
  readonly #listener = new BackendListener();
  readonly #random = new RandomWatch();
  readonly #matcher: Matcher<Of>;
  readonly #operations: Operation[] = [];
  readonly #dataOfOutputs: DataId[][] = [];
  readonly #standIns = new VariableStandIns();
  readonly #reads: VariableReads;
  readonly #atEnd: (() => void)[] = [];
  readonly #update: StepUpdate;
  readonly #foretells: boolean;
  #isTracing: boolean;
  #readsNumbers = false;
  #obstacle: string | undefined;
  #scope: object | undefined;
  #paused = 0;

  /**
   * `inputs` are the tensors that each run is given. `candidates` are the recordings that the step is compared with;
   * `mayVary` says whether it may have other constants than they, `foretells` whether a step of which there is no recording is traced.
   */
  constructor(
    inputs: readonly tf.Tensor[],
    candidates: readonly Of[] = [],
    { mayVary = false, foretells = false } = {},
  ) {
    this.#matcher = new Matcher(candidates, mayVary);
    this.#foretells = foretells && !this.#matcher.isOpen;
    this.#isTracing = this.#matcher.isOpen || this.#foretells;
    this.#tensors = new StepTensors(inputs, this.#matcher);
    this.#reads = new VariableReads(this.#tensors);
    this.#update = new StepUpdate(this.#tensors);
  }

  /**
   * Whether the step still runs. An interrupt in a notebook ends synchronous code without running any `finally`; the
   * kernel then closes tfjs's scopes, and by that it is seen here.
   */
  get isAlive(): boolean {
    if (this.#scope !== undefined && isOpen(this.#scope)) return true;
    this.stop();
    return false;
  }

  /**
   * Runs a step and listens. Whatever it throws is thrown on, and nothing is left wrapped.
   *
   * `step` is given tensors in the place of the inputs, and gives the tensors whose values are wanted; all others are disposed of.
   */
  run(
    step: (inputs: readonly tf.Tensor[]) => readonly tf.Tensor[],
  ): ComputedStep | TracedStep<Of> | ForetoldStep {
    let sources: readonly Source[] = [];
    let assignments: readonly Assignment[] = [];
    try {
      const outputs = tf.tidy(() => {
        this.#scope = activeScope();
        const inputs = this.#tensors.begin(this.#isTracing);
        this.#begin();
        try {
          const wanted = [...step(inputs)];
          sources = wanted.map((tensor) => this.#tensors.sourceOf(tensor));
          assignments = this.#assignments();
          return wanted;
        } catch (error) {
          // What the step did until then is done, as it would be in tfjs.
          if (this.isAlive) this.#compute();
          tf.dispose([...this.#tensors.outside]);
          throw error;
        }
      });
      this.stop();
      return this.#conclude(outputs, sources, assignments);
    } finally {
      this.stop();
    }
  }

  /** Has something done when the recording ends, however it ends. */
  atEnd(run: () => void): void {
    this.#atEnd.push(run);
  }

  /**
   * Notes the gradients that the optimizer is given, and lets it apply them unheard: the graph will do that by an operation
   * of TensorFlow's own. In a step that is traced, they are applied only if it has to be computed.
   */
  update(gradients: readonly NamedGradient[], apply: Apply): void {
    const { registeredVariables } = tf.engine();
    const areStock = gradients.every(({ name }) => {
      const variable = registeredVariables[name] as tf.Variable | undefined;
      return variable !== undefined && isAssignedAsInTfjs(variable);
    });
    if (!areStock) {
      // Then it is heard, operation by operation.
      apply(gradients);
      return;
    }
    if (this.#update.updates !== undefined) {
      this.#obstacle ??= "the optimizer is applied more than once in a step";
      this.#compute();
    }
    this.#update.note(gradients);
    if (this.#isTracing) this.#update.postpone(gradients, apply);
    else this.#pause(() => apply(gradients));
  }

  /** Takes the wrappers off. */
  stop(): void {
    for (const run of this.#atEnd.splice(0)) run();
    if (!endListening(this)) return;
    observeVariables(undefined);
    this.#random.end();
    this.#listener.end();
  }

  #begin(): void {
    beginListening(this);
    this.#random.begin();
    this.#listener.begin({
      operation: (...call) => this.#hear(...call),
      read: (dataId) => this.#noteRead(dataId),
      written: (dataId) => this.#tensors.noteMade(dataId),
      used: (tensors) => {
        if (!this.#isTracing || this.#paused > 0 || !this.isAlive) return;
        if (tensors.some(({ dataId }) => this.#tensors.isEmpty(dataId))) {
          this.#compute();
        }
      },
    });
    observeVariables({
      made: () => {
        if (this.#paused > 0 || !this.isAlive) return;
        this.#obstacle ??= "the step makes a variable";
        this.#compute();
      },
      read: (variable) => this.#readVariable(variable),
      assigned: (variable, dataId) => this.#assignVariable(variable, dataId),
    });
  }

  #pause<Result>(run: () => Result): Result {
    this.#paused += 1;
    try {
      return run();
    } finally {
      this.#paused -= 1;
    }
  }

  #hear(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.TensorInfo[],
    execute: () => tf.Tensor[],
  ): tf.Tensor[] {
    if (this.#paused > 0 || !this.isAlive) return execute();
    this.#obstacle ??= obstacleOf(name);
    const index = this.#operations.length;
    const sources = inputs.map((tensor) => this.#tensors.sourceOf(tensor));
    const known = truthfulAttributes(name, attributes, sources);
    if (this.#isTracing) {
      // What was disposed of before its time fails here, as it does in tfjs.
      const areThere = inputs.every(({ dataId }) => dataOf(dataId));
      const next = this.#foretells
        ? this.#foretell(name, known, sources)
        : this.#matcher.next(index, name, known, sources);
      if (next !== undefined && areThere) return this.#trace(next);
      this.#compute();
    }
    const tensors = this.#pause(execute);
    this.#add(this.#operation(name, known, sources, tensors), tensors);
    return tensors;
  }

  #operation(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly Source[],
    kinds: readonly TensorKind[],
  ): Operation {
    const outputs: OperationSource[] = [];
    const index = this.#operations.length;
    const layer = activeLayer();
    const operation = { index, name, layer, attributes, inputs, outputs };
    for (const [output, { dtype, shape }] of kinds.entries()) {
      outputs.push({ from: "operation", operation, output, dtype, shape });
    }
    return operation;
  }

  /** An operation that nothing is known of but what it is given; undefined if what it gives cannot be told. */
  #foretell(
    name: string,
    attributes: readonly Attribute[],
    sources: readonly Source[],
  ): Operation | undefined {
    const { constants } = this.#tensors;
    const inputs = sources.map((source) => {
      const { dtype, shape } = kindOf(source);
      const isConstant = source.from === "constant";
      const values = isConstant ? constants[source.index]!.values : undefined;
      return { dtype, shape, values };
    });
    const kinds = foretoldKinds(name, attributes, inputs);
    return kinds && this.#operation(name, attributes, sources, kinds);
  }

  #trace(operation: Operation): tf.Tensor[] {
    const tensors = operation.outputs.map((output) =>
      this.#tensors.makeEmpty(output),
    );
    this.#add(operation, tensors);
    return tensors;
  }

  #add(operation: Operation, tensors: readonly tf.Tensor[]): void {
    this.#operations.push(operation);
    this.#dataOfOutputs.push(tensors.map(({ dataId }) => dataId));
    for (const [output, { dataId }] of tensors.entries()) {
      this.#tensors.set(dataId, operation.outputs[output]!);
    }
  }

  #noteRead(dataId: DataId): DataId {
    const source = this.#tensors.known(dataId);
    if (this.#paused > 0 || source === undefined || !this.isAlive) {
      return dataId;
    }
    switch (source.from) {
      case "operation":
        this.#obstacle ??=
          "a tensor's numbers are read in JavaScript in the middle of the step";
        this.#compute();
        return dataId;
      case "variable":
      case "input":
        this.#readsNumbers = true;
        return this.#isTracing ? this.#reads.original(source) : dataId;
      default:
        return dataId;
    }
  }

  #readVariable(variable: tf.Variable): DataId | undefined {
    if (this.#paused > 0 || !this.isAlive) return undefined;
    if (this.#update.concerns(variable)) {
      this.#obstacle ??= `the variable ${variable.name} is read after the optimizer has changed it`;
      this.#compute();
    }
    if (this.#isTracing && isGone(variable)) this.#compute();
    if (!this.#isTracing) return this.#pause(() => this.#reads.read(variable));
    return this.#standIns.of(variable, (dataId) =>
      this.#tensors.set(dataId, { from: "variable", variable }),
    );
  }

  #assignVariable(variable: tf.Variable, dataId: DataId): boolean {
    if (this.#paused > 0 || !this.isAlive) return false;
    if (this.#update.concerns(variable)) {
      this.#obstacle ??= `the variable ${variable.name} is assigned after the optimizer has changed it`;
      this.#compute();
    }
    this.#reads.noteAssigned(variable);
    if (!this.#isTracing) return false;
    this.#standIns.assign(variable, dataId);
    return true;
  }

  #assignments(): Assignment[] {
    return this.#reads.assigned.map((variable) => {
      const { dtype, shape } = variable;
      const dataId = this.#isTracing
        ? this.#standIns.of(variable, () => undefined)
        : this.#reads.read(variable);
      return {
        variable,
        value: this.#tensors.sourceOf({ dataId, dtype, shape }),
      };
    });
  }

  /** Ends the trace: computes what was not computed. */
  #compute(inspect?: Inspection): void {
    if (!this.#isTracing) return;
    this.#isTracing = false;
    this.#pause(() => {
      try {
        this.#tensors.fillInputs();
        computeOperations(
          this.#operations,
          this.#dataOfOutputs,
          this.#tensors,
          inspect,
        );
      } catch (error) {
        this.#standIns.drop();
        throw error;
      }
      this.#standIns.settle();
      this.#update.applyPostponed();
    });
  }

  #conclude(
    outputs: readonly tf.Tensor[],
    sources: readonly Source[],
    assignments: readonly Assignment[],
  ): ComputedStep | TracedStep<Of> | ForetoldStep {
    const kept = this.#keptOutputs(outputs);
    const keepsInputs = this.#tensors.areInputsKept(outputs);
    if (keepsInputs) this.#obstacle ??= "the step keeps one of its inputs";
    const recording: Recording = {
      inputs: this.#tensors.inputKinds,
      operations: this.#operations,
      outputs: sources,
      assignments,
      updates: this.#update.updates,
      constants: this.#tensors.constants,
      outside: this.#tensors.outside,
      kept,
      dependsOnJavaScript: this.#readsNumbers || this.#random.wasCalled,
      obstacle: this.#obstacle ?? this.#tensors.obstacle,
    };
    if (this.#isTracing && !this.#standIns.areKept && !keepsInputs) {
      if (this.#foretells && recording.obstacle === undefined) {
        return { recording, ...this.#uncomputed(outputs, kept, []) };
      }
      const match = this.#matcher.end({
        ...recording,
        operations: this.#operations.length,
      });
      const { constants, outside } = recording;
      if (match !== undefined) {
        const step = this.#uncomputed(outputs, kept, outside);
        return { ...match, constants, outside, ...step };
      }
    }
    this.#compute();
    return { outputs, recording };
  }

  /** What is left to do of a step that was not computed; `spent` are tensors that nobody needs after that. */
  #uncomputed(
    outputs: readonly tf.Tensor[],
    kept: readonly OperationSource[],
    spent: readonly tf.Tensor[],
  ): UncomputedStep {
    const letGo = () => {
      this.#standIns.drop();
      this.#update.release();
      tf.dispose([...outputs, ...spent]);
    };
    return {
      complete: (tensors) => {
        this.#isTracing = false;
        for (const [index, { operation, output }] of kept.entries()) {
          const dataId = this.#dataOfOutputs[operation.index]![output]!;
          this.#tensors.fill(dataId, tensors[index]!);
        }
        letGo();
      },
      compute: (inspect) => {
        this.#compute(inspect);
        tf.dispose([...spent]);
        return outputs;
      },
      abandon: () => {
        this.#isTracing = false;
        letGo();
      },
    };
  }

  /** Outputs of operations that somebody has a reference to, beside the step's own. */
  #keptOutputs(outputs: readonly tf.Tensor[]): OperationSource[] {
    const own = new Map<DataId, number>();
    const count = (dataId: DataId) =>
      own.set(dataId, (own.get(dataId) ?? 0) + 1);
    for (const { dataId } of [...outputs, ...this.#update.held]) count(dataId);
    for (const dataId of this.#isTracing
      ? this.#standIns.assignedData()
      : this.#reads.assignedData()) {
      count(dataId);
    }
    return this.#operations.flatMap((operation, index) =>
      operation.outputs.filter((_, output) => {
        const dataId = this.#dataOfOutputs[index]![output]!;
        const data = dataOf(dataId);
        return data !== undefined && data.refCount > (own.get(dataId) ?? 0);
      }),
    );
  }
}
