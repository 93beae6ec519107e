/**
 * The kernel's extension for the models of TensorFlow.js: an interrupt stops their training.
 * `package.json` declares it for `@tensorflow/tfjs-layers`.
 */
import { registerExtension } from "../../notebook/runtime-extension";
import { TrainingRuns, type ModelPrototype } from "../tfjs/training-runs";

/** Registers the extension, once for each copy of the package. */
export function extend({
  LayersModel,
}: {
  readonly LayersModel: { readonly prototype: ModelPrototype };
}): void {
  registerExtension({ runs: new TrainingRuns(LayersModel.prototype) });
}
