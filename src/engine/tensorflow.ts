/**
 * The one place where the library takes hold of TensorFlow.
 *
 * Every module of the library imports `tf` from here, so that the process is made ready
 * (`node-compatibility.ts`) before @tensorflow/tfjs-node is loaded, and the engine is on (`switch.ts`) before it is used.
 */
import { startEngine } from "./switch";
import { tf } from "./tfjs/library";

startEngine();

export { tf };
