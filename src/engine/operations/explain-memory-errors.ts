/**
 * Wraps the calls of TensorFlow and the creation of weights, so that an error of memory that could
 * not be allocated names the tensor, and the layer that is being applied or built.
 */
import { runtime } from "../engine-runtime";
import { memoryErrorOf } from "../memory-error";
import { declarePart } from "../parts/declared-parts";
import { backendInternals } from "../tfjs/backend-internals";
import { hookMethod, type Hook } from "../tfjs/hook";
import { layerInternals, type LayerInternals } from "../tfjs/layer-internals";
import { tf } from "../tfjs/library";

/** The calls that allocate tensors. */
const calls = ["executeOp", "createTensor", "runSavedModel"] as const;

type Call = (...parameters: never[]) => unknown;

/** Installs the wrappers, if they are not installed. */
export function explainMemoryErrors(): void {
  if (runtime.allocations.length > 0) return;
  runtime.allocations.push(wrapCalls(), wrapWeights());
}

function wrapCalls(): Hook {
  const backend = backendInternals();
  const { binding } = backend;
  // The calls cannot be replaced in the binding, whose properties are read-only.
  const explaining = Object.create(binding) as typeof binding;
  for (const name of calls) {
    const call: Call = binding[name];
    const value: Call = (...parameters) => {
      try {
        return call.apply(binding, parameters);
      } catch (error) {
        throw memoryErrorOf(error, { layer: runtime.activeLayer });
      }
    };
    Object.defineProperty(explaining, name, { value });
  }
  backend.binding = explaining;
  return {
    wrapper: explaining,
    remove() {
      if (backend.binding === explaining) backend.binding = binding;
    },
  };
}

function wrapWeights(): Hook {
  const hook = hookMethod(
    layerInternals(tf.layers.Layer.prototype),
    "addWeight",
    (addWeight) =>
      function (this: LayerInternals, ...parameters) {
        try {
          return addWeight.call(this, ...parameters);
        } catch (error) {
          const [name, shape, dtype] = parameters as [
            name: string,
            shape: number[],
            dtype?: string | null,
          ];
          throw memoryErrorOf(error, {
            purpose: `the weight ${name}`,
            shape,
            dtype: dtype ?? "float32",
            layer: this as unknown as tf.layers.Layer,
          });
        }
      },
  );
  declarePart(hook.wrapper);
  return hook;
}
