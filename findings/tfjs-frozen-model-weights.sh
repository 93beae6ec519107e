#!/usr/bin/env bash
# TensorFlow.js: a model with a frozen model as a layer refuses its own weights.
#
# Library:   @tensorflow/tfjs 4.22.0, backend "cpu" (plain JavaScript).
# Specified: the API reference of tf.LayersModel: setWeights() takes a list of tensors whose shapes
#            and types match getWeights(), so model.setWeights(model.getWeights()) changes nothing,
#            as in Keras.
# Observed:  getWeights() lists the trainable weights of the whole model first; setWeights() goes
#            through the layers in order. If a layer is a frozen model, the orders differ: an error
#            about shapes, or, if the shapes are equal, weights that change places silently.
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

/** A base of one dense layer, frozen or not, below another dense layer. */
function build(inputs, isTrainable) {
  const base = tf.sequential({
    layers: [tf.layers.dense({ units: 4, inputShape: [inputs] })],
  });
  base.trainable = isTrainable;
  return tf.sequential({ layers: [base, tf.layers.dense({ units: 4 })] });
}

function seen(name, model) {
  const x = tf.ones([1, model.inputs[0].shape[1]]);
  const before = model.predict(x).dataSync().join();
  let result;
  try {
    model.setWeights(model.getWeights().map((weight) => weight.clone()));
    const after = model.predict(x).dataSync().join();
    result = after === before ? "the same predictions" : "other predictions";
  } catch (error) {
    result = `an error: ${error.message.split("\n")[0]}`;
  }
  console.log(`${name}: setWeights(getWeights()) gives ${result}`);
  return result.replace(/:.*/, "");
}

async function main() {
  await tf.setBackend("cpu");
  console.log(`@tensorflow/tfjs ${tf.version.tfjs}, backend ${tf.getBackend()}`);
  const results = [
    seen("trainable base", build(3, true)),
    seen("frozen base, layers of different shapes", build(3, false)),
    seen("frozen base, layers of one shape", build(4, false)),
  ];
  const again =
    results.join() === "the same predictions,an error,other predictions";
  console.log(again ? "Reproduced." : "Not reproduced.");
  process.exitCode = again ? 0 : 1;
}

main();
END
node program.js 2>&1 | grep -Ev '^(=*|Hi, looks like you are running TensorFlow.js in Node.js.*)$'
exit "${PIPESTATUS[0]}"
