/**
 * Listens while a step runs, and either lets it compute or traces it.
 *
 * What tfjs does not pass through the backend (gradients, layers, losses, functions of the user's) needs no attention: it is
 * JavaScript that decides which operations to execute, and the decisions are what is recorded.
 *
 * A step is *traced* for as long as a {@link Tracer} tells what its operations give: nothing is computed, and its tensors have
 * shapes but no numbers. At the first operation that the tracer does not know, everything so far is computed, and the step goes on
 * as tfjs would run it. So JavaScript runs once in each step, whatever comes out.
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
import { BackendListener } from "./backend-listener";
import type { ComputedStep, UncomputedStep } from "./heard-step";
import { beginListening, endListening } from "./listening";
import { RandomWatch } from "./random-watch";
import type {
  Assignment,
  OperationSource,
  Recording,
  Source,
} from "./recording";
import { StepOperations } from "./step-operations";
import { StepTensors } from "./step-tensors";
import { StepUpdate, type Apply, type NamedGradient } from "./step-update";
import type { Inspection } from "./traced-step";
import { operationOf, type FirstUses, type Tracer } from "./tracer";
import { truthfulAttributes } from "./truthful-attributes";
import { obstacleOf } from "./value-roles";
import { VariableReads } from "./variable-reads";
import { VariableStandIns } from "./variable-stand-ins";

/** For a step that is only recorded. */
const nobody: FirstUses = { constant() {}, outside() {}, gone() {} };

/** Listens to one step. `Traced` is what the tracer gives of a step that it knows to its end. */
export class Recorder<Traced extends object = never> {
  readonly #tensors: StepTensors;
  readonly #listener = new BackendListener();
  readonly #random = new RandomWatch();
  readonly #tracer: Tracer<Traced> | undefined;
  readonly #operations: StepOperations;
  readonly #standIns = new VariableStandIns();
  readonly #reads: VariableReads;
  readonly #atEnd: (() => void)[] = [];
  readonly #update: StepUpdate;
  #isTracing: boolean;
  #readsNumbers = false;
  #obstacle: string | undefined;
  #scope: object | undefined;
  #paused = 0;

  /** `inputs` are the tensors that each run is given. Without a tracer, or with one that is not open, every operation is computed. */
  constructor(inputs: readonly tf.Tensor[], tracer?: Tracer<Traced>) {
    this.#tracer = tracer;
    this.#isTracing = tracer?.isOpen ?? false;
    this.#tensors = new StepTensors(inputs, tracer ?? nobody);
    this.#operations = new StepOperations(this.#tensors);
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
  ): ComputedStep | (Traced & UncomputedStep) {
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
    const index = this.#operations.all.length;
    const sources = inputs.map((tensor) => this.#tensors.sourceOf(tensor));
    const known = truthfulAttributes(name, attributes, sources);
    const call = { index, name, attributes: known, inputs: sources };
    if (this.#isTracing) {
      // What was disposed of before its time fails here, as it does in tfjs.
      const areThere = inputs.every(({ dataId }) => dataOf(dataId));
      const next = this.#tracer!.next(call);
      if (next !== undefined && areThere) return this.#operations.trace(next);
      this.#compute();
    }
    const tensors = this.#pause(execute);
    this.#operations.add(operationOf(call, tensors), tensors);
    return tensors;
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
        this.#operations.compute(inspect);
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
  ): ComputedStep | (Traced & UncomputedStep) {
    const kept = this.#keptOutputs(outputs);
    const keepsInputs = this.#tensors.areInputsKept(outputs);
    if (keepsInputs) this.#obstacle ??= "the step keeps one of its inputs";
    const recording: Recording = {
      inputs: this.#tensors.inputKinds,
      operations: this.#operations.all,
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
      const tracer = this.#tracer!;
      const traced = tracer.end(recording);
      if (traced !== undefined) {
        const spent = tracer.spent(recording);
        return { ...traced, ...this.#uncomputed(outputs, kept, spent) };
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
        this.#operations.fill(kept, tensors);
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
    const tensors = [...outputs, ...this.#update.held];
    const assigned = this.#isTracing ? this.#standIns : this.#reads;
    return this.#operations.kept([
      ...tensors.map(({ dataId }) => dataId),
      ...assigned.assignedData(),
    ]);
  }
}
