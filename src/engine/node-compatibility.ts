/**
 * Prepares the process before @tensorflow/tfjs-node is loaded.
 *
 * `tensorflow.ts` imports this module first; nothing else needs it.
 */
import { convnotes } from "../package.json";
import "./tfjs/removed-functions";

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
