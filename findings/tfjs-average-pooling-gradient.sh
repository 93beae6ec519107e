#!/usr/bin/env bash
# TensorFlow.js: the gradient of average pooling with padding "same" is too small at the border.
#
# Library:   @tensorflow/tfjs 4.22.0, backend "cpu" (plain JavaScript).
# Specified: the API reference of tf.grad: it gives the gradient of f(x) with respect to x. Average
#            pooling is linear, so the gradient of the sum of its output with respect to pixel i is
#            the sum of the output for an image that is 1 at pixel i and 0 elsewhere. tf.avgPool
#            computes that sum.
# Observed:  tf.avgPool divides by the number of pixels inside the image, as TensorFlow does. Its
#            gradient divides by the size of the whole window. For 2 x 2 pixels, a window of 2 x 2
#            and strides of 1, the last pixel gets 1 instead of 2.25.
# Reports:   none found. TensorFlow's own kernel (AvgPoolGrad) gives the right values.
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
  const sumOfPooled = (picture) =>
    tf.sum(tf.avgPool(picture, [2, 2], [1, 1], "same"));
  const expected = [0, 1, 2, 3].map((pixel) => {
    const values = [0, 0, 0, 0];
    values[pixel] = 1;
    return sumOfPooled(tf.tensor4d(values, [1, 2, 2, 1])).dataSync()[0];
  });
  const seen = [...tf.grad(sumOfPooled)(tf.ones([1, 2, 2, 1])).dataSync()];
  console.log(`@tensorflow/tfjs ${tf.version.tfjs}, backend ${tf.getBackend()}`);
  console.log(`expected (from tf.avgPool itself): ${expected.join(", ")}`);
  console.log(`actual (tf.grad of tf.avgPool):    ${seen.join(", ")}`);
  const again =
    expected.join() === "0.25,0.75,0.75,2.25" && seen.join() === "0.25,0.5,0.5,1";
  console.log(again ? "Reproduced." : "Not reproduced.");
  process.exitCode = again ? 0 : 1;
}

main();
END
node program.js 2>&1 | grep -Ev '^(=*|Hi, looks like you are running TensorFlow.js in Node.js.*)$'
exit "${PIPESTATUS[0]}"
