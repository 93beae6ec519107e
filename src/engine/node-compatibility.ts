/**
 * The engine room's threshold: what has to be true of the process before @tensorflow/tfjs-node is loaded.
 *
 * `tensorflow.ts` imports this module first; nothing else needs it.
 */
import util from "node:util";

// TensorFlow's C++ start-up lines read this variable when the library is loaded; a value the user set wins.
process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";

// oneDNN's convolutions: TensorFlow takes them by itself only on processors with instructions made for neural networks,
// and leaves them off on others (AMD's with AVX2, for one) where they are faster too.
process.env.TF_ENABLE_ONEDNN_OPTS ??= "1";

// tfjs-node 4.22.0 still calls util.isNullOrUndefined, which Node 23 removed (tensorflow/tfjs#8609).
const legacyUtil = util as unknown as {
  isNullOrUndefined?: (value: unknown) => boolean;
};
legacyUtil.isNullOrUndefined ??= (value) =>
  value === null || value === undefined;
