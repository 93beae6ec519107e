#!/usr/bin/env bash
# TensorFlow.js: a frozen model that is the first layer of a sequential model is trained.
#
# Library:   @tensorflow/tfjs 4.22.0, backend "cpu" (plain JavaScript).
# Specified: the API reference of tf.layers.Layer: trainable says "whether the layer weights will be
#            updated during training". The summary of the whole model counts the weights as
#            non-trainable.
# Observed:  as the first layer, the frozen model's weights change; as the second, they do not. (A
#            sequential model builds a functional model from the layers of its first layer, and
#            setting `trainable` of that model marks all their weights as trainable.)
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

async function trained(place) {
  const base = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
  base.trainable = false;
  const input = tf.layers.inputLayer({ inputShape: [2] });
  const before = place === "first" ? [] : [input];
  const model = tf.sequential({ layers: [...before, base, tf.layers.dense({ units: 1 })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const values = () => base.getWeights()[0].dataSync().join();
  const start = values();
  await model.fit(tf.ones([8, 2]), tf.zeros([8, 1]), { verbose: 0 });
  const isChanged = values() !== start;
  console.log(
    `frozen model as ${place} layer: ${model.trainableWeights.length} trainable weights, frozen ones ${isChanged ? "changed" : "kept"}`,
  );
  return isChanged;
}

async function main() {
  await tf.setBackend("cpu");
  console.log(`@tensorflow/tfjs ${tf.version.tfjs}, backend ${tf.getBackend()}`);
  const again = (await trained("first")) && !(await trained("second"));
  console.log(again ? "Reproduced." : "Not reproduced.");
  process.exitCode = again ? 0 : 1;
}

main();
END
node program.js 2>&1 | grep -Ev '^(=*|Hi, looks like you are running TensorFlow.js in Node.js.*)$'
exit "${PIPESTATUS[0]}"
