#!/usr/bin/env bash
# Danfo.js for Node: reading a missing file ends the program, though the rejection is handled.
#
# Library:   danfojs-node 1.2.0 (dist/danfojs-base/io/node), Node 20 or newer.
# Specified: readExcel, readJSON and readCSV return promises. A program that handles a rejection goes
#            on; Node's "uncaughtException" is for errors that no code handles.
# Observed:  readExcel and readJSON reject with a string, not an Error, and their callback then reads
#            the file all the same. The second error is thrown in a callback of fs.access, where no
#            code of the program can catch it, so the program ends. readCSV only rejects.
#
# Exit code 0: reproduced. 1: not reproduced.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# danfojs-node installs xlsx from an address outside the registry, and needs TensorFlow.js only as
# an object: its package without native code replaces it.
echo '{ "private": true, "overrides": { "xlsx": "npm:@e965/xlsx@0.20.3", "@tensorflow/tfjs-node": "npm:@tensorflow/tfjs@4.22.0" } }' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts danfojs-node@1.2.0

cat > program.js << 'END'
const danfo = require("danfojs-node");
const { version } = require("danfojs-node/package.json");

let uncaught;
process.on("uncaughtException", (error) => (uncaught = error));

const kind = (error) =>
  error === undefined ? "none" : error instanceof Error ? "an Error" : `a ${typeof error}`;

async function seen(name, file) {
  uncaught = undefined;
  let rejected;
  await danfo[name](file).catch((error) => (rejected = error));
  await new Promise((resolve) => setTimeout(resolve, 200));
  return `${name}: rejected with ${kind(rejected)}, uncaught: ${kind(uncaught)}`;
}

(async () => {
  console.log(`danfojs-node ${version}, a missing file whose rejection is handled`);
  console.log("expected: rejected with an Error, uncaught: none");
  const all = [
    await seen("readExcel", "missing.xlsx"),
    await seen("readJSON", "missing.json"),
    await seen("readCSV", "missing.csv"),
  ];
  for (const line of all) console.log(line);
  const again =
    all[0].endsWith("a string, uncaught: an Error") &&
    all[1].endsWith("a string, uncaught: an Error") &&
    all[2].endsWith("uncaught: none");
  console.log(again ? "Reproduced." : "Not reproduced.");
  process.exitCode = again ? 0 : 1;
})();
END
node program.js 2>&1 | grep -Ev '^(=*|Hi, looks like you are running TensorFlow.js in Node.js.*)$'
exit "${PIPESTATUS[0]}"
