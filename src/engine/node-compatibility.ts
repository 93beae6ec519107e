/**
 * What has to be true of the process before @tensorflow/tfjs-node is loaded.
 *
 * `tensorflow.ts` imports this module first; nothing else needs it.
 */
import util from "node:util";
import { tensorflow } from "../package.json";

// What TensorFlow reads when its library is loaded; a value the user set wins. It stands in package.json, since the kernel, which may load the
// library before this module, has to know it too.
// TF_CPP_MIN_LOG_LEVEL: no start-up lines. TF_ENABLE_ONEDNN_OPTS: oneDNN's convolutions; TensorFlow takes them by itself only on
// processors with instructions made for neural networks, and leaves them off on others (AMD's with AVX2, for one) where they
// are faster too.
const { environment } = tensorflow;
for (const [name, value] of Object.entries(environment)) {
  process.env[name] ??= value;
}

// tfjs-node 4.22.0 still calls util.isNullOrUndefined, which Node 23 removed (tensorflow/tfjs#8609).
const legacyUtil = util as unknown as {
  isNullOrUndefined?: (value: unknown) => boolean;
};
legacyUtil.isNullOrUndefined ??= (value) =>
  value === null || value === undefined;
