/**
 * tfjs-node itself, as it comes.
 *
 * Modules of the engine import `tf` from here; everything else takes it from `../tensorflow`, by which the engine is
 * switched on.
 */
import "../node-compatibility";
import * as tf from "@tensorflow/tfjs-node";

export { tf };
