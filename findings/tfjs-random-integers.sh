#!/usr/bin/env bash
# TensorFlow.js: random integers from a range that starts below 0 never include the lowest one, and
# include 0 twice as often.
#
# Library:   @tensorflow/tfjs 4.22.0. The code is in tfjs-core, so the backend makes no difference.
# Specified: the API reference of tf.randomUniformInt(shape, minval, maxval): uniform integers from
#            [minval, maxval), including the lower bound. The reference of tf.randomUniform with
#            dtype "int32" says the same.
# Observed:  real numbers from [minval, maxval) are stored in an Int32Array, which truncates them
#            toward 0. From [-3, 3), -3 never occurs, and 0 occurs for all of (-1, 1), so in a
#            third of the draws.
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

const draws = 60_000;
const [lowest, end, seed] = [-3, 3, 1];

function shares(tensor) {
  const counts = new Map();
  for (let value = lowest; value < end; value += 1) counts.set(value, 0);
  for (const value of tensor.dataSync()) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return new Map([...counts].map(([value, count]) => [value, count / draws]));
}

const print = (name, found) =>
  console.log(
    name,
    [...found].map(([v, share]) => `${v}: ${(share * 100).toFixed(1)} %`).join(", "),
  );

async function main() {
  await tf.setBackend("cpu");
  console.log(`@tensorflow/tfjs ${tf.version.tfjs}, ${draws} draws from [${lowest}, ${end})`);
  console.log("expected:                      each of -3, -2, -1, 0, 1, 2 about 16.7 %");
  const integers = shares(tf.randomUniformInt([draws], lowest, end, seed));
  const cut = shares(tf.randomUniform([draws], lowest, end, "int32", seed));
  print("actual (randomUniformInt):    ", integers);
  print("actual (randomUniform, int32):", cut);
  const again = [integers, cut].every(
    (found) => found.get(-3) === 0 && found.get(0) > 0.3 && found.get(0) < 0.37,
  );
  console.log(again ? "Reproduced." : "Not reproduced.");
  process.exitCode = again ? 0 : 1;
}

main();
END
node program.js 2>&1 | grep -Ev '^(=*|Hi, looks like you are running TensorFlow.js in Node.js.*)$'
exit "${PIPESTATUS[0]}"
