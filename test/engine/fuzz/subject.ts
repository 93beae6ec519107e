/**
 * A model that a random program works on, with its optimizer state.
 */
import type { tf } from "../../../src/engine";
import { makeOptimizer, ownLoss, ownMetric, type OwnCode } from "./own-code";
import { buildModel, setStartWeights } from "./model-builder";
import type { CompilePlan, Plan } from "./plan";

type SavedWeights = Awaited<ReturnType<tf.Optimizer["getWeights"]>>;

const isOwn = (name: string) => name.startsWith("own:");

/** A compiled model, and the optimizer state that was saved last. */
export class Subject {
  model: tf.LayersModel;
  compiled: CompilePlan;
  savedState: SavedWeights | undefined;
  readonly #code: OwnCode;

  constructor(plan: Plan, code: OwnCode, seed: number, shift: number) {
    this.#code = code;
    this.model = buildModel(plan.model, code);
    setStartWeights(this.model, seed, shift);
    this.compiled = plan.compile;
    this.compile();
  }

  /** Compiles the model, as before or by another plan. */
  compile(plan = this.compiled): void {
    this.compiled = plan;
    const { losses, metrics, optimizer } = plan;
    const lossOf = (name: string) =>
      isOwn(name) ? ownLoss(name.slice(4), this.#code) : name;
    const metricOf = (name: string) =>
      isOwn(name) ? ownMetric(name.slice(4), this.#code) : name;
    const loss = losses.map(lossOf);
    this.model.compile({
      optimizer: makeOptimizer(optimizer, this.#code),
      loss: (loss.length === 1 ? loss[0]! : loss) as string,
      metrics: metrics.map(metricOf),
    });
  }

  /** Returns all layers, including those of nested models and wrappers. */
  layers(): tf.layers.Layer[] {
    return this.model.layers.flatMap(withInner);
  }
}

function withInner(layer: tf.layers.Layer): tf.layers.Layer[] {
  const inner = layer as {
    layer?: tf.layers.Layer;
    layers?: tf.layers.Layer[];
  };
  return [
    layer,
    ...(inner.layer === undefined ? [] : [inner.layer]),
    ...(inner.layers ?? []).flatMap(withInner),
  ];
}
