/**
 * Records a step while it runs, and either lets it compute or traces it.
 *
 * Code that does not call the backend itself (gradients, layers, losses, user functions) needs no
 * special treatment: it is JavaScript that decides which operations to execute, and these decisions
 * are recorded.
 *
 * A step is *traced* as long as a {@link Tracer} provides the outputs of its operations. Nothing is
 * computed, and its tensors have shapes but no values. At the first operation unknown to the
 * tracer, everything up to that point is computed, and the step continues as in tfjs. Therefore
 * JavaScript runs exactly once per step in either case.
 */
import type { DataId } from "../tfjs/backend";
import type { Attribute } from "../tfjs/attribute";
import { variableOf } from "../tfjs/engine-state";
import { tf } from "../tfjs/library";
import { dataOf } from "../tfjs/tensor-data";
import {
  isAssignedAsInTfjs,
  isVariableDisposed,
} from "../variables/variable-values";
import type { ComputedStep, UncomputedStep } from "./recorded-step";
import type {
  Assignment,
  OperationSource,
  Recording,
  Source,
} from "./recording";
import { StepOperations } from "./step-operations";
import { StepTensors } from "./step-tensors";
import { StepUpdate, type Apply, type NamedGradient } from "./step-update";
import { StepWatch } from "./step-watch";
import type { Inspection } from "./traced-step";
import { operationOf, type FirstUses, type Tracer } from "./tracer";
import { correctedAttributes } from "./corrected-attributes";
import { uncomputedStep } from "./uncomputed-step";
import { obstacleOf } from "./value-roles";
import { VariableReads } from "./variable-reads";
import { VariablePlaceholders } from "./variable-placeholders";

/** Ignores first uses, for a step that is recorded without a tracer. */
const ignoredUses: FirstUses = { constant() {}, outside() {}, disposed() {} };

/** Records one step. `Traced` is the tracer's result for a step that it knows to its end. */
export class Recorder<Traced extends object = never> {
  readonly #tensors: StepTensors;
  readonly #watch = new StepWatch();
  readonly #tracer: Tracer<Traced> | undefined;
  readonly #operations: StepOperations;
  readonly #placeholders = new VariablePlaceholders();
  readonly #reads: VariableReads;
  readonly #update: StepUpdate;
  #isTracing: boolean;
  #readsValues = false;
  #obstacle: string | undefined;

  /**
   * `inputs` are the tensors that are passed to each run. Every operation is computed if there is
   * no tracer or it is not open.
   */
  constructor(inputs: readonly tf.Tensor[], tracer?: Tracer<Traced>) {
    this.#tracer = tracer;
    this.#isTracing = tracer?.isOpen ?? false;
    this.#tensors = new StepTensors(inputs, tracer ?? ignoredUses);
    this.#operations = new StepOperations(this.#tensors);
    this.#reads = new VariableReads(this.#tensors);
    this.#update = new StepUpdate(this.#tensors);
  }

  /**
   * Runs and records a step. Rethrows its errors, and always removes all wrappers.
   *
   * `step` receives tensors in place of the inputs, and returns the tensors whose values are
   * requested; all others are disposed of.
   */
  run(
    step: (inputs: readonly tf.Tensor[]) => readonly tf.Tensor[],
  ): ComputedStep | (Traced & UncomputedStep) {
    let sources: readonly Source[] = [];
    let assignments: readonly Assignment[] = [];
    try {
      const outputs = tf.tidy(() => {
        const inputs = this.#tensors.begin(this.#isTracing);
        this.#begin();
        try {
          const wanted = [...step(inputs)];
          sources = wanted.map((tensor) => this.#tensors.sourceOf(tensor));
          assignments = this.#assignments();
          return wanted;
        } catch (error) {
          // Operations executed before the error take effect, as in tfjs.
          if (this.#watch.isAlive) this.#compute();
          tf.dispose([...this.#tensors.outside]);
          throw error;
        }
      });
      this.#watch.stop();
      return this.#conclude(outputs, sources, assignments);
    } finally {
      this.#watch.stop();
    }
  }

  /** Registers a function to be called when the recording ends, however it ends. */
  atEnd(run: () => void): void {
    this.#watch.atEnd(run);
  }

  /**
   * Records the gradients passed to the optimizer, and applies them without recording: the graph
   * applies them by TensorFlow's own operation. In a traced step, they are applied only if it has
   * to be computed.
   */
  update(gradients: readonly NamedGradient[], apply: Apply): void {
    const areStock = gradients.every(({ name }) => {
      const variable = variableOf(name);
      return variable !== undefined && isAssignedAsInTfjs(variable);
    });
    if (!areStock) {
      // The update is then recorded operation by operation.
      apply(gradients);
      return;
    }
    if (this.#update.updates !== undefined) {
      this.#obstacle ??= "the optimizer is applied more than once in a step";
      this.#compute();
    }
    this.#update.note(gradients);
    if (this.#isTracing) this.#update.postpone(gradients, apply);
    else this.#watch.pause(() => apply(gradients));
  }

  #begin(): void {
    this.#watch.begin({
      operation: (...call) => this.#record(...call),
      read: (dataId) => this.#noteRead(dataId),
      written: (dataId) => this.#tensors.noteCreated(dataId),
      used: (tensors) => {
        if (!this.#isTracing || !this.#watch.isOn) return;
        if (tensors.some(({ dataId }) => this.#tensors.isEmpty(dataId))) {
          this.#compute();
        }
      },
      variableCreated: () => {
        this.#obstacle ??= "the step makes a variable";
        this.#compute();
      },
      variableRead: (variable) => this.#readVariable(variable),
      variableAssigned: (variable, dataId) =>
        this.#assignVariable(variable, dataId),
    });
  }

  #record(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.TensorInfo[],
    execute: () => tf.Tensor[],
  ): tf.Tensor[] {
    this.#obstacle ??= obstacleOf(name);
    const index = this.#operations.all.length;
    const sources = inputs.map((tensor) => this.#tensors.sourceOf(tensor));
    const known = correctedAttributes(name, attributes, sources);
    const call = { index, name, attributes: known, inputs: sources };
    if (this.#isTracing) {
      // A tensor that was disposed of too early causes an error here, as in tfjs.
      const exist = inputs.every(({ dataId }) => dataOf(dataId));
      const next = this.#tracer!.next(call);
      if (next !== undefined && exist) return this.#operations.trace(next);
      this.#compute();
    }
    const tensors = this.#watch.pause(execute);
    this.#operations.add(operationOf(call, tensors), tensors);
    return tensors;
  }

  #noteRead(dataId: DataId): DataId {
    const source = this.#tensors.known(dataId);
    switch (source?.from) {
      case "operation":
        this.#obstacle ??=
          "a tensor's values are read in JavaScript in the middle of the step";
        this.#compute();
        return dataId;
      case "variable":
      case "input":
        this.#readsValues = true;
        return this.#isTracing ? this.#reads.original(source) : dataId;
      default:
        return dataId;
    }
  }

  #readVariable(variable: tf.Variable): DataId | undefined {
    if (this.#update.concerns(variable)) {
      this.#obstacle ??= `the variable ${variable.name} is read after the optimizer has changed it`;
      this.#compute();
    }
    if (this.#isTracing && isVariableDisposed(variable)) this.#compute();
    if (!this.#isTracing)
      return this.#watch.pause(() => this.#reads.read(variable));
    return this.#placeholders.of(variable, (dataId) =>
      this.#tensors.set(dataId, { from: "variable", variable }),
    );
  }

  #assignVariable(variable: tf.Variable, dataId: DataId): boolean {
    if (this.#update.concerns(variable)) {
      this.#obstacle ??= `the variable ${variable.name} is assigned after the optimizer has changed it`;
      this.#compute();
    }
    this.#reads.noteAssigned(variable);
    if (!this.#isTracing) return false;
    this.#placeholders.assign(variable, dataId);
    return true;
  }

  #assignments(): Assignment[] {
    return this.#reads.assigned.map((variable) => {
      const { dtype, shape } = variable;
      const dataId = this.#isTracing
        ? this.#placeholders.of(variable, () => undefined)
        : this.#reads.read(variable);
      return {
        variable,
        value: this.#tensors.sourceOf({ dataId, dtype, shape }),
      };
    });
  }

  /** Ends the trace: computes all operations that were not computed. */
  #compute(inspect?: Inspection): void {
    if (!this.#isTracing) return;
    this.#isTracing = false;
    this.#watch.pause(() => {
      try {
        this.#tensors.fillInputs();
        this.#operations.compute(inspect);
      } catch (error) {
        this.#placeholders.drop();
        throw error;
      }
      this.#placeholders.settle();
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
      dependsOnJavaScript: this.#readsValues || this.#watch.hasDrawnRandom,
      obstacle: this.#obstacle ?? this.#tensors.obstacle,
    };
    if (this.#isTracing && !this.#placeholders.areKept && !keepsInputs) {
      const tracer = this.#tracer!;
      const traced = tracer.end(recording);
      if (traced !== undefined) {
        const spent = tracer.spent(recording);
        const trace = {
          operations: this.#operations,
          placeholders: this.#placeholders,
          update: this.#update,
          end: () => (this.#isTracing = false),
          compute: (inspect?: Inspection) => this.#compute(inspect),
        };
        return { ...traced, ...uncomputedStep(trace, outputs, kept, spent) };
      }
    }
    this.#compute();
    return { outputs, recording };
  }

  /** Returns outputs of operations that are referenced by other code than the step itself. */
  #keptOutputs(outputs: readonly tf.Tensor[]): OperationSource[] {
    const tensors = [...outputs, ...this.#update.held];
    const assigned = this.#isTracing ? this.#placeholders : this.#reads;
    return this.#operations.kept([
      ...tensors.map(({ dataId }) => dataId),
      ...assigned.assignedData(),
    ]);
  }
}
