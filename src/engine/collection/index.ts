/**
 * Frees tensors, variables, models and optimizers that are no longer referenced, without `dispose`
 * or `tidy`.
 *
 * A tfjs tensor is a small JavaScript object and a large block of memory in TensorFlow. JavaScript
 * collects the object when nothing refers to it; tfjs frees the memory only on request. This module
 * connects the two in three ways:
 *
 * - Each tensor that outlives its scope is put into a registry (`tensor-registry.ts`). When the
 *   tensor has been collected, tfjs's own `disposeTensor` is called for its data, so `tf.memory()`
 *   stays correct. Nothing changes inside `tf.tidy` and inside operations: the scope holds its
 *   tensors and disposes of them at its end.
 * - tfjs's state no longer keeps unreferenced objects alive: the dictionary of variables
 *   (`weak-variables.ts`), the order of layers (`tfjs/layer-order.ts`) and the tape of a failed
 *   gradient.
 * - JavaScript does not know how much memory a tensor holds and would collect far too late.
 *   Therefore the bytes in use are watched (`memory-pressure.ts`), and the collector is triggered
 *   in time (`garbage-collector.ts`).
 *
 * The collector runs only between tasks, never within one. A long loop without an `await` that
 * actually waits (`tf.nextFrame()`, `tensor.data()`, `model.fit`) frees nothing until it ends;
 * `tf.tidy` is still useful there.
 *
 * Members of tfjs's engine that are used, and why:
 *
 * - `trackTensor` (replaced): called for every new tensor, and for every variable at each `assign`.
 * - `disposeTensor` (replaced; called for collected tensors): disposed tensors are not freed again.
 * - `endScope` (replaced), `state.activeScope`, its `id` and `track`, and a tensor's `scopeId` and
 *   `kept` (read): which tensors outlive their scope. Most do not, and cost nothing.
 * - `state.registeredVariables` (replaced): it holds every variable.
 * - `gradients` (replaced), `state.gradientDepth` (read), `state.activeTape` (set to null): a tape
 *   left behind by an error holds its tensors until the next gradient.
 * - `read` (replaced): a program that awaits values also waits for a collection that is due.
 * - `reset` (replaced): it creates a new `state`.
 * - `state.numBytes` (read): the bytes in use.
 */
import type { tf } from "../tfjs/library";
import { runtime } from "../engine-runtime";
import { Collection } from "./collection";
import type { DataId } from "../tfjs/data";

/**
 * Starts to free unreferenced tensors: those created from now on, and all variables. Does nothing
 * if collection is already active.
 */
export function startCollecting(): void {
  runtime.collection ??= new Collection();
}

/**
 * Stops the collection and restores tfjs. Unreferenced tensors that have not been freed yet stay in
 * memory, as in tfjs. Does nothing if collection is not active.
 */
export function stopCollecting(): void {
  runtime.collection?.end();
  runtime.collection = undefined;
}

/**
 * Frees unreferenced tensors now, for example between two cells of a notebook.
 *
 * @returns Resolves when the memory has been freed; immediately if collection is not active.
 */
export async function collectNow(): Promise<void> {
  await runtime.collection?.collect();
}

/**
 * Records which data a variable holds, for code that changes it without `variable.assign`. The
 * previous data must have been released.
 *
 * @param variable The variable.
 * @param dataId The data that it holds now.
 */
export function noteVariableData(variable: tf.Variable, dataId: DataId): void {
  runtime.collection?.note(variable, dataId);
}
