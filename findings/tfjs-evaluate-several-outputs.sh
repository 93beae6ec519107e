#!/usr/bin/env bash
# TensorFlow.js: evaluate and validation return the losses of several outputs under wrong names.
#
# Library:   @tensorflow/tfjs 4.22.0, backend "cpu" (plain JavaScript).
# Specified: the API reference of tf.LayersModel.evaluate: "metricsNames will give you the display
#            labels for the scalar outputs", which are the loss, the loss of each output and the
#            metrics. fit returns the same values of the same data with a learning rate of 0.
# Observed:  with losses of 1 and 9, evaluate returns 1, 10, 1 and 9 for the three names loss,
#            one_loss and two_loss, and the validation of fit says val_loss 1 and val_one_loss 10.
#            The training says loss 10, one_loss 1 and two_loss 9. (makeTestFunction adds the partial
#            sums of the losses to its results.)
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

async function main() {
  await tf.setBackend("cpu");
  console.log(`@tensorflow/tfjs ${tf.version.tfjs}, backend ${tf.getBackend()}`);
  const input = tf.input({ shape: [2] });
  const outputs = ["one", "two"].map((name) =>
    tf.layers.dense({ name, units: 1, kernelInitializer: "zeros" }).apply(input),
  );
  const model = tf.model({ inputs: input, outputs });
  model.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" });
  const x = tf.ones([4, 2]);
  const y = [tf.fill([4, 1], 1), tf.fill([4, 1], 3)];
  const values = model.evaluate(x, y).map((value) => value.dataSync()[0]);
  const { history } = await model.fit(x, y, { verbose: 0, epochs: 1, validationData: [x, y] });
  console.log(`names: ${model.metricsNames.join(", ")}`);
  console.log(`evaluate: ${values.join(", ")}; expected: 10, 1, 9`);
  for (const [name, [value]] of Object.entries(history)) console.log(`fit: ${name} ${value}`);
  const again = values.join() === "1,10,1,9" && history.loss[0] === 10 && history.val_loss[0] === 1;
  console.log(again ? "Reproduced." : "Not reproduced.");
  process.exitCode = again ? 0 : 1;
}

main();
END
node program.js 2>&1 | grep -Ev '^(=*|Hi, looks like you are running TensorFlow.js in Node.js.*)$'
exit "${PIPESTATUS[0]}"
