/**
 * Prepares the process before @tensorflow/tfjs-node is loaded.
 *
 * `tensorflow.ts` imports this module first; nothing else needs it.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { coded } from "../notebook/coded-error";
import { convnotes } from "./package.json";
import { setupCommand } from "./setup-command";
import "./tfjs/removed-functions";

checkLibrary("@tensorflow/tfjs-node");

// TensorFlow reads these variables when its library is loaded; values set by the user take
// precedence. They are stored in package.json because the kernel needs them too: it may load the
// library before this module.
//
// TF_CPP_MIN_LOG_LEVEL suppresses the start-up lines. TF_ENABLE_ONEDNN_OPTS enables oneDNN's
// convolutions. By default, TensorFlow uses them only on processors with instructions for neural
// networks. They are also faster on others, such as AMD processors with AVX2.
const { environment } = convnotes.preload;
for (const [name, value] of Object.entries(environment)) {
  process.env[name] ??= value;
}

/** Throws an Error that says what to do if TensorFlow.js is missing or its addon is not built. */
function checkLibrary(name: string): void {
  let main;
  try {
    main = createRequire(__filename).resolve(name);
  } catch {
    throw coded(
      "ERR_FILE_MISSING",
      new Error(
        `Expected ${name} among the packages of this project, found none. Run ${setupCommand}.`,
      ),
    );
  }
  const addon = join(
    dirname(main),
    "..",
    "lib",
    "napi-v8",
    "tfjs_binding.node",
  );
  if (existsSync(addon)) return;
  throw coded(
    "ERR_FILE_MISSING",
    new Error(
      `Expected the compiled addon of ${name}, found no ${addon}. Run ${setupCommand}.`,
    ),
  );
}
