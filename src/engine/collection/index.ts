/**
 * Frees tensors, variables, models and optimizers that nothing refers to any more, with neither `dispose` nor `tidy`.
 *
 * A tfjs tensor is a small JavaScript object and a large block of memory in TensorFlow. JavaScript
 * collects the first when nothing refers to it; tfjs gives back the second only when told to. Here
 * the one leads to the other, by three means:
 *
 * - Each tensor that outlives its scope is put into a registry (`tensor-registry.ts`). When the
 *   tensor is gone, tfjs's own `disposeTensor` is called for what it left behind, so `tf.memory()`
 *   counts as it always does. Inside `tf.tidy` and inside operations nothing changes: the scope
 *   holds its tensors and disposes them at its end.
 * - Whatever in tfjs keeps dropped objects alive lets go of them: the dictionary of variables
 *   (`weak-variables.ts`), the order of layers (`layer-order.ts`), the tape of a gradient that
 *   failed.
 * - JavaScript does not know how much memory a tensor holds, and would collect far too late. So
 *   the bytes are watched (`memory-pressure.ts`), and the collector is called in time
 *   (`garbage-collector.ts`).
 *
 * The collector runs between tasks only, never within one. A long loop without an `await` that waits
 * for something (`tf.nextFrame()`, `tensor.data()`, `model.fit`) frees nothing until it
 * ends; there `tf.tidy` remains of use.
 *
 * Members of tfjs's engine that are touched, and why:
 *
 * - `trackTensor` (replaced): every new tensor passes it, and every variable at each `assign`.
 * - `disposeTensor` (replaced; called for what is gone): what was disposed is not freed again.
 * - `endScope` (replaced), `state.activeScope`, its `id` and `track`, and a tensor's `scopeId`
 *   and `kept` (read): which tensors outlive their scope. Most do not, and cost nothing.
 * - `state.registeredVariables` (replaced): it holds every variable.
 * - `gradients` (replaced), `state.gradientDepth` (read), `state.activeTape` (set to null): a tape
 *   left behind by an error holds its tensors until the next gradient.
 * - `read` (replaced): a program that awaits values waits for a collection that is due.
 * - `reset` (replaced): it makes a new `state`.
 * - `state.numBytes` (read): the bytes in use.
 */
import type { tf } from "../tfjs/library";
import { Collection } from "./collection";
import type { DataId } from "../tfjs/backend";

let current: Collection | undefined;

/**
 * Begins to free what nothing refers to any more: tensors made from now on, and all variables.
 * Does nothing if it has begun.
 */
export function startCollecting(): void {
  current ??= new Collection();
}

/**
 * Ends it and leaves tfjs as it was found. What was dropped and is not yet freed stays in memory,
 * as in tfjs. Does nothing if it has not begun.
 */
export function stopCollecting(): void {
  current?.end();
  current = undefined;
}

/**
 * Frees now what nothing refers to any more, for example between two cells of a notebook.
 *
 * @returns Resolves when the memory has been given back; at once if collecting has not begun.
 */
export async function collectNow(): Promise<void> {
  await current?.collect();
}

/**
 * Notes which data a variable holds, for code that changes it by other ways than
 * `variable.assign`; the data held before must have been given back.
 *
 * @param variable The variable.
 * @param dataId The data it holds now.
 */
export function noteVariableData(variable: tf.Variable, dataId: DataId): void {
  current?.note(variable, dataId);
}
