#!/usr/bin/env bash
# TensorFlow.js: a graph model whose OneHot has an axis, or whose transposed convolution has
# dilations, loads and gives other values than TensorFlow, with no error and no warning.
#
# Library:   @tensorflow/tfjs 4.22.0 (loadGraphModel), compared with tensorflow-cpu 2.21.0, which
#            writes and runs the graph.
# Specified: TensorFlow's reference of the operation OneHot: axis is the axis to fill (default -1, a
#            new innermost one). Its reference of Conv2DBackpropInput: dilations is the dilation of
#            each dimension of the input, default 1. tfjs-converter's list of supported operations
#            (docs/supported_ops.md) has both, without such a limit. An unsupported operation is
#            rejected by name, so an error would be expected if the values are not right.
# Observed:  both attributes are ignored: OneHot always fills the last axis, so the result has
#            another shape; the transposed convolution has the right shape and the values of
#            dilation 1.
# Reports:   none found of either. (Of other attributes: the axis of gather, tensorflow/tfjs#851;
#            the dilations of Conv2D, tensorflow/tfjs#1587, fixed.)
#
# Exit code 0: reproduced. 1: not reproduced.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv environment
environment/bin/pip install --quiet --no-compile --disable-pip-version-check tensorflow-cpu==2.21.0
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @tensorflow/tfjs@4.22.0

# Writes the parts of a graph model: the GraphDef as JSON, without the constants' values, which are
# the weights.
cat > write.py << 'END'
import json
import numpy as np
import tensorflow as tf
from google.protobuf.json_format import MessageToDict


def model(build, shape, dtype, values):
    graph = tf.Graph()
    with graph.as_default():
        x = tf.compat.v1.placeholder(dtype, shape, name="x")
        tf.identity(build(x), name="y")
        with tf.compat.v1.Session() as session:
            right = session.run("y:0", {"x:0": np.array(values).reshape(shape)})
    definition = graph.as_graph_def()
    specs, weights = [], []
    for node in definition.node:
        if node.op == "Const":
            value = tf.make_ndarray(node.attr["value"].tensor)
            specs.append({"name": node.name, "shape": list(value.shape), "dtype": str(value.dtype)})
            weights += list(value.tobytes())
            node.attr["value"].tensor.ClearField("tensor_content")
    return {
        "topology": MessageToDict(definition), "specs": specs, "weights": weights,
        "dtype": np.dtype(dtype).name, "shape": shape, "values": values,
        "right": {"shape": list(right.shape), "values": right.ravel().tolist()},
    }


kernel = np.array([1, 2, 3], np.float32).reshape(1, 3, 1, 1)
models = {
    "OneHot(axis=0)": model(lambda x: tf.one_hot(x, 4, axis=0), [3], np.int32, [1, 3, 0]),
    "Conv2DBackpropInput(dilations=[1, 1, 2, 1])": model(
        lambda x: tf.nn.conv2d_transpose(x, kernel, [1, 1, 5, 1], 1, "SAME", dilations=[1, 2]),
        [1, 1, 5, 1], np.float32, [0, 0, 1, 0, 0],
    ),
}
with open("models.json", "w") as file:
    json.dump({"tensorflow": tf.__version__, "models": models}, file)
END
TF_CPP_MIN_LOG_LEVEL=3 environment/bin/python write.py 2> errors.txt || { cat errors.txt; exit 2; }

cat > program.js << 'END'
const tf = require("@tensorflow/tfjs");
const { tensorflow, models } = require("./models.json");

const text = ({ shape, values }) => `[${shape}] ${values.join(" ")}`;

async function main() {
  await tf.setBackend("cpu");
  console.log(`@tensorflow/tfjs ${tf.version.tfjs}, tensorflow-cpu ${tensorflow}`);
  const seen = [];
  for (const [name, { topology, specs, weights, dtype, shape, values, right }] of Object.entries(models)) {
    const model = await tf.loadGraphModel(
      tf.io.fromMemory({
        modelTopology: topology,
        weightSpecs: specs,
        weightData: Uint8Array.from(weights).buffer,
      }),
    );
    const result = model.execute({ x: tf.tensor(values, shape, dtype) }, "y");
    const found = { shape: result.shape, values: [...result.dataSync()] };
    console.log(`${name}\n  expected (TensorFlow):  ${text(right)}\n  actual (TensorFlow.js): ${text(found)}`);
    seen.push(text(right), text(found));
  }
  const again =
    seen.join("; ") ===
    "[4,3] 0 0 1 1 0 0 0 0 0 0 1 0; [3,4] 0 1 0 0 0 0 0 1 1 0 0 0; " +
      "[1,1,5,1] 1 0 2 0 3; [1,1,5,1] 0 1 2 3 0";
  console.log(again ? "Reproduced." : "Not reproduced.");
  process.exitCode = again ? 0 : 1;
}

main().catch((error) => {
  console.log(`Not reproduced: ${error.message}`);
  process.exitCode = 1;
});
END
node program.js 2>&1 | grep -Ev '^(=*|Hi, looks like you are running TensorFlow.js in Node.js.*)$'
exit "${PIPESTATUS[0]}"
