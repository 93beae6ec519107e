/**
 * Imports the unmodified tfjs-node.
 *
 * Modules of the engine import `tf` from here; all others import it from `../tensorflow`, which
 * switches the engine on.
 */
import "../node-compatibility";
import * as tf from "@tensorflow/tfjs-node";

export { tf };
