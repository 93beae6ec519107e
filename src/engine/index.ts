/**
 * Compiled training for tfjs-node, usable without the rest of the package.
 *
 *     import { tf } from "convnotes/engine";
 *
 * After this import, models made with tfjs-node train faster under the same calls. That includes
 * models made before the import.
 *
 * The design, for readers who know TensorFlow.js but not TensorFlow's graphs: tfjs is *eager*.
 * `tf.matMul(a, b)` calls TensorFlow at once, waits, and returns a tensor. A training step is about
 * a hundred such calls: forward, backward and optimizer. TensorFlow only ever sees one of them, so
 * it cannot fuse a convolution with its bias and relu. It must allocate every intermediate result,
 * and each call pays for the transition from JavaScript to C++ and back. But step 2 makes the same
 * calls as step 1 on other values. Therefore:
 *
 * 1. `recording/` records a step while it runs. It notes where the inputs of each operation came
 *    from: another operation, a weight, the batch, or a value made in JavaScript. Later steps are
 *    *traced*: their JavaScript runs, and its operations are compared with the recording instead of
 *    being computed.
 * 2. `functions/` has the recording compiled. Wherever possible, `native/` lowers it to a *native
 *    program*, instructions that kernels in C++ run on a few samples at a time. Otherwise, `graph/`
 *    writes it as a *graph*, a list of named operations that TensorFlow is free to reorder and
 *    fuse.
 * 3. From then on, a step is one call: batch in, loss and metrics out. Weights live in arrays of
 *    the native program or in the graph's *session* and are updated in place, by one operation per
 *    weight (`optimizers/`). `variables/` makes sure that tfjs never shows an outdated value.
 * 4. `parts/` determines what a step is made of. If all parts are tfjs's own ("stock"), the
 *    JavaScript is skipped until something changes. If a part is the user's ("custom"), every step
 *    is traced.
 * 5. `models/` runs such steps behind `fit`, `evaluate` and `predict`. Batches are then gathered
 *    inside the graph as well.
 *
 * `shape-inference/` finds the shapes of a step's results without running it, so that even the
 * first step can be native. `setup/` builds the native parts.
 *
 * `operations/` and `layers/` replace compositions of tfjs operations by single TensorFlow
 * operations, with or without a graph. `collection/` frees tensors that are no longer referenced.
 * `switch.ts` turns everything on and off. `engine-runtime.ts` has the state of the running engine.
 * `tfjs/` contains all access to tfjs's internals. `extension/` is loaded by the kernel only, also
 * for notebooks that use tfjs without the engine.
 */
export {
  compilation,
  type Compilation,
  type StepCompilation,
} from "./models/compilation";
export type { EngineMode } from "./mode";
export {
  accelerate,
  compileSteps,
  isEngineOn,
  setEngine,
  type EngineState,
} from "./switch";
export { tf } from "./tensorflow";
