#!/usr/bin/env bash
# TensorFlow.js: a layer added to a sequential model after countParams(), summary() or predict() is
# missing from its predictions.
#
# Library:   @tensorflow/tfjs 4.22.0, backend "cpu" (plain JavaScript).
# Specified: the API reference of tf.Sequential: add() adds a layer instance on top of the layer
#            stack. model.outputs, layers and countParams() include the new layer.
# Observed:  countParams() builds an inner functional model. add() does not replace it, and predict()
#            delegates to it: the output has the shape of the layers from before, without an error.
#            Compiling the model, or a first fit(), builds the inner model again.
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

const uses = {
  "no use": () => {},
  countParams: (model) => model.countParams(),
  summary: (model) => model.summary(80, [], () => {}),
  predict: (model) => model.predict(tf.ones([1, 2])),
};

async function main() {
  await tf.setBackend("cpu");
  console.log(`@tensorflow/tfjs ${tf.version.tfjs}, backend ${tf.getBackend()}`);
  const seen = Object.entries(uses).map(([name, use]) => {
    const model = tf.sequential();
    model.add(tf.layers.dense({ units: 3, inputShape: [2] }));
    use(model);
    model.add(tf.layers.dense({ units: 5 }));
    const { shape } = model.predict(tf.ones([1, 2]));
    console.log(
      `add() after ${name}: outputs [${model.outputs[0].shape}], ${model.countParams()} parameters, predict gives [${shape}]`,
    );
    return shape.join();
  });
  const again = seen.join(" ") === "1,5 1,3 1,3 1,3";
  console.log(again ? "Reproduced." : "Not reproduced.");
  process.exitCode = again ? 0 : 1;
}

main();
END
node program.js 2>&1 | grep -Ev '^(=*|Hi, looks like you are running TensorFlow.js in Node.js.*)$'
exit "${PIPESTATUS[0]}"
