/**
 * The kernel's extension for TensorFlow.js itself: displays of tensors and models, and repair of
 * its state. `package.json` declares it for `@tensorflow/tfjs-core`.
 *
 * It works without the engine, and on any copy of TensorFlow.js. So the modules of this folder
 * import nothing that loads TensorFlow.js or switches the engine on.
 */
import { registerExtension } from "../../notebook/runtime-extension";
import {
  markEngine,
  repairEngine,
  type EngineMark,
} from "../tfjs/engine-repair";
import type { TfjsEngine } from "../tfjs/engine-state";
import "../tfjs/removed-functions";
import { modelDisplay } from "./model-display";
import { tensorDisplay } from "./tensor-display";

const displays = [tensorDisplay, modelDisplay];

/** All copies of TensorFlow.js share one engine, and values of all have the same displays. */
let isRegistered = false;

/** Registers the extension. */
export function extend({ engine }: { engine(): TfjsEngine }): void {
  if (isRegistered) return;
  isRegistered = true;
  registerExtension({
    displays,
    state: {
      mark: () => markEngine(engine()),
      repair: (mark: EngineMark | undefined) => repairEngine(engine(), mark),
    },
  });
}
