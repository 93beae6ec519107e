#!/usr/bin/env bash
# TensorFlow.js: a saved depthwise convolution has its regularizer in place of its constraint.
#
# Library:   @tensorflow/tfjs 4.22.0, backend "cpu" (plain JavaScript).
# Specified: the API reference of tf.layers.depthwiseConv2d: depthwiseConstraint is a "constraint for
#            the depthwise kernel matrix". modelFromJSON of toJSON gives the same model, as it
#            does with conv2d.
# Observed:  a maximum norm is gone after saving: alone, it becomes null; beside an L2 penalty, it
#            becomes the penalty, and the loaded model cannot be given its own weights, because the
#            result of the penalty is a number. (DepthwiseConv2D.getConfig writes
#            `depthwiseConstraint` with serializeRegularizer of `depthwiseRegularizer`.)
# Reports:   none found.
#
# Exit code 0: reproduced. 1: not reproduced.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @tensorflow/tfjs@4.22.0

cat > program.js << 'END'
const tf = require("@tensorflow/tfjs");

async function saved(name, prefix, options) {
  const layer = tf.layers[name]({ inputShape: [4, 4, 2], kernelSize: 2, filters: 2, ...options });
  const model = tf.sequential({ layers: [layer] });
  const found = layer.getConfig()[`${prefix}Constraint`];
  const constraint = found === null ? "null" : found.className;
  const loaded = await tf.models.modelFromJSON(JSON.parse(model.toJSON()));
  let setting = "works";
  try {
    loaded.setWeights(loaded.getWeights().map((weight) => weight.clone()));
  } catch (error) {
    setting = error.message.slice(0, 80);
  }
  console.log(`${name}, ${Object.keys(options).join(" and ")}: saved constraint ${constraint}; setWeights: ${setting}`);
  return [constraint, setting === "works"].join();
}

async function main() {
  await tf.setBackend("cpu");
  console.log(`@tensorflow/tfjs ${tf.version.tfjs}, backend ${tf.getBackend()}`);
  const maxNorm = tf.constraints.maxNorm({ maxValue: 1 });
  const l2 = tf.regularizers.l2({ l2: 0.1 });
  const plain = await saved("conv2d", "kernel", { kernelConstraint: maxNorm, kernelRegularizer: l2 });
  const alone = await saved("depthwiseConv2d", "depthwise", { depthwiseConstraint: maxNorm });
  const both = await saved("depthwiseConv2d", "depthwise", {
    depthwiseConstraint: maxNorm,
    depthwiseRegularizer: l2,
  });
  console.log("expected, each time: saved constraint MaxNorm; setWeights: works");
  const again = plain === "MaxNorm,true" && alone === "null,true" && both === "L1L2,false";
  console.log(again ? "Reproduced." : "Not reproduced.");
  process.exitCode = again ? 0 : 1;
}

main();
END
node program.js 2>&1 | grep -Ev '^(=*|Hi, looks like you are running TensorFlow.js in Node.js.*)$'
exit "${PIPESTATUS[0]}"
