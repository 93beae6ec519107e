/**
 * Compiled training for tfjs-node, without the rest of the course.
 *
 *     import { tf } from "convnotes/engine";
 *
 * is all it takes: models made with tfjs-node from then on, and those made before, train faster under the same calls.
 *
 * The idea, for somebody who knows TensorFlow.js and not TensorFlow's graphs. tfjs is *eager*: `tf.matMul(a, b)` calls TensorFlow at
 * once, waits, and hands back a tensor. A training step is some hundred such calls, forward, backward and for the optimizer.
 * TensorFlow never sees more than one of them: it cannot fuse a convolution with its bias and relu, must allocate every intermediate
 * result, and each call costs its way from JavaScript to C++ and back. But step 2 makes the same calls as step 1, on other numbers. So:
 *
 * 1. `recording/` listens while a step runs, and notes for each operation where its inputs came from: another operation, a weight, the
 *    batch, or a number made in JavaScript. Later steps are *traced*: their JavaScript runs, and what it would compute is compared.
 * 2. `functions/` and `graph/` write the recording as a *graph*, a list of named operations whose inputs are names. TensorFlow orders and
 *    fuses them as it likes.
 * 3. From then on a step is one call: batch in, loss and metrics out. Weights live in the graph's *session* and are updated
 *    in place, by one operation for each weight (`optimizers/`). `variables/` sees to it that tfjs never shows an old value.
 * 4. `parts/` knows what a step is made of. If all is tfjs's own, its JavaScript is left out for as long as nothing has changed; if
 *    some is the user's, every step is traced.
 * 5. `models/` puts such steps behind `fit`, `evaluate` and `predict`; there the batch is picked inside the graph, too.
 *
 * `operations/` and `layers/` make better operations of what tfjs composes, with or without a graph; `collection/` frees what nothing
 * refers to any more. `switch.ts` turns it all on and off. `tfjs/` has everything that is asked of tfjs's insides.
 */
export {
  compilation,
  type Compilation,
  type StepCompilation,
} from "./models/compilation";
export { accelerate, isEngineOn, setEngine, type EngineState } from "./switch";
export { tf } from "./tensorflow";
