/**
 * Picking parts of a tensor by their numbers, as one operation of TensorFlow.
 *
 * tfjs-node's own kernel first reads the numbers in JavaScript to check their range, which a graph cannot; TensorFlow's own
 * check is the same, with another message.
 */
import { attribute, typeAttribute } from "../tfjs/attribute";
import { execute } from "../tfjs/backend";
import { tf } from "../tfjs/library";

/** `indices` int32 along `axis` of `x`, the first `batchDims` axes taken together: `GatherV2`. */
export function gather(
  x: tf.TensorInfo,
  indices: tf.TensorInfo,
  axis = 0,
  batchDims = 0,
): tf.Tensor {
  const attributes = [
    attribute("batch_dims", batchDims),
    typeAttribute("Tparams", x.dtype as "float32"),
    typeAttribute("Tindices", "int32"),
    typeAttribute("Taxis", "int32"),
  ];
  const axisTensor = tf.scalar(axis, "int32");
  const result = execute("GatherV2", attributes, [x, indices, axisTensor]);
  axisTensor.dispose();
  return result;
}
