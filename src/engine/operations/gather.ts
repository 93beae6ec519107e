/**
 * Gathers slices of a tensor by their indices, as one TensorFlow operation.
 *
 * tfjs-node's own kernel first reads the indices in JavaScript to check their range, which a graph
 * cannot do. TensorFlow's check is equivalent, with a different message.
 */
import { attribute, typeAttribute } from "../tfjs/attribute";
import { execute } from "../tfjs/backend";
import { tf } from "../tfjs/library";

/**
 * Executes `GatherV2` for the int32 `indices` along `axis` of `x`, with the first `batchDims` axes
 * shared.
 */
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
