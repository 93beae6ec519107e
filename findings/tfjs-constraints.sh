#!/usr/bin/env bash
# TensorFlow.js: a weight constraint is not applied in training.
#
# Library:   @tensorflow/tfjs 4.22.0, backend "cpu" (plain JavaScript).
# Specified: tfjs-layers, variables.ts: "constraint: optional, a constraint to be applied after every
#            update". The API reference of tf.constraints.maxNorm: "constrains the weights incident to
#            each hidden unit to have a norm less than or equal to a desired value". Keras, from
#            which the layers are taken, applies it after each training step.
# Observed:  fit() updates the variables directly. After training, columns of the kernel have larger
#            norms than maxNorm allows, without an error. setWeights() applies the constraint.
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

const limit = 0.5;

async function main() {
  await tf.setBackend("cpu");
  console.log(`@tensorflow/tfjs ${tf.version.tfjs}, backend ${tf.getBackend()}`);
  const model = tf.sequential();
  model.add(
    tf.layers.dense({
      units: 1,
      inputShape: [2],
      useBias: false,
      kernelInitializer: "zeros",
      kernelConstraint: tf.constraints.maxNorm({ maxValue: limit, axis: 0 }),
    }),
  );
  const norm = () => tf.norm(model.getWeights()[0]).dataSync()[0];
  model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
  const x = tf.tensor2d([[1, 0], [0, 1]]);
  await model.fit(x, tf.tensor2d([[3], [4]]), { epochs: 200, verbose: 0 });
  const trained = norm();
  model.setWeights(model.getWeights().map((weight) => weight.clone()));
  const set = norm();
  console.log(`norm of the kernel, limit ${limit}: ${trained.toFixed(3)} after fit()`);
  console.log(`${set.toFixed(3)} after setWeights() with the same values`);
  const again = trained > 4 && Math.abs(set - limit) < 1e-3;
  console.log(again ? "Reproduced." : "Not reproduced.");
  process.exitCode = again ? 0 : 1;
}

main();
END
node program.js 2>&1 | grep -Ev '^(=*|Hi, looks like you are running TensorFlow.js in Node.js.*)$'
exit "${PIPESTATUS[0]}"
