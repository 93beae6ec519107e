/**
 * The only module through which the library imports TensorFlow.
 *
 * Every module of the library imports `tf` from here. This ensures that the process is prepared
 * (`node-compatibility.ts`) before @tensorflow/tfjs-node is loaded, that faults of tfjs are
 * corrected, and that the engine is on (`switch.ts`) before it is used.
 */
import { correctDepthwiseConfig } from "./parts/depthwise-config";
import { shareGradients } from "./parts/global-max-pooling";
import { averageLosses } from "./parts/output-losses";
import { followPenalties } from "./parts/penalties";
import { startEngine } from "./switch";
import { keepFirstModelFrozen } from "./tfjs/frozen-first-model";
import { tf } from "./tfjs/library";
import { rebuildAfterAdd } from "./tfjs/sequential-add";

rebuildAfterAdd();
keepFirstModelFrozen();
followPenalties();
correctDepthwiseConfig();
averageLosses();
shareGradients();
startEngine();

export { tf };
