#!/usr/bin/env bash
# TensorFlow.js: every optimizer is an instance of every class of optimizers.
#
# Library:   @tensorflow/tfjs 4.22.0, backend "cpu" (plain JavaScript).
# Specified: ECMAScript: without a method of its own, `instanceof` looks for the class's prototype in
#            the chain of the object. The API reference documents the classes of optimizers, and says
#            that tf.train.sgd returns an SGDOptimizer.
# Observed:  tf.train.sgd(…) instanceof tf.AdamOptimizer is true, and so for each pair, and for
#            classes of users that extend them. Code that chooses by class, such as
#            "adam ? read its moments : …", takes the first branch. (Optimizer defines
#            Symbol.hasInstance by the methods of the object, and its subclasses inherit it.)
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

class MyOptimizer extends tf.SGDOptimizer {}
const classes = [tf.SGDOptimizer, tf.AdamOptimizer, tf.RMSPropOptimizer, tf.AdagradOptimizer, MyOptimizer];
const optimizers = [tf.train.sgd(0.1), tf.train.adam(), tf.train.rmsprop(0.1), tf.train.adagrad(0.1)];
let others = 0;
for (const optimizer of optimizers) {
  const found = classes.filter((each) => optimizer instanceof each).map(({ name }) => name);
  const inChain = classes.filter((each) => each.prototype.isPrototypeOf(optimizer)).map(({ name }) => name);
  console.log(`${optimizer.getClassName()}: instance of ${found.join(", ")}; prototype of ${inChain.join(", ")}`);
  if (found.length === classes.length && inChain.length === 1) others += 1;
}
console.log(`@tensorflow/tfjs ${tf.version.tfjs}; expected: an instance of the class whose prototype it has`);
console.log(others === optimizers.length ? "Reproduced." : "Not reproduced.");
process.exitCode = others === optimizers.length ? 0 : 1;
END
node program.js 2>&1 | grep -Ev '^(=*|Hi, looks like you are running TensorFlow.js in Node.js.*)$'
exit "${PIPESTATUS[0]}"
