#!/usr/bin/env bash
# Danfo.js: groupby over two columns merges different keys into one group if a value has a hyphen.
#
# Library:   danfojs 1.2.0 (danfojs-node 1.2.0 has the same file, danfojs-base/aggregators/groupby).
# Specified: Danfo.js's README: its API is similar to that of pandas. pandas's user guide (Group by:
#            split-apply-combine): with several columns, each distinct combination of values is a
#            group.
# Observed:  the values of a row are joined with "-" to make the key of its group. The pairs
#            ("res-net", "18") and ("res", "net-18") both give "res-net-18": one group, with the sum
#            of both, under the name of the first pair.
# Reports:   none. (javascriptdata/danfojs#183 was about keys cut at the hyphen, which was fixed;
#            merge had the same bug with an underscore, javascriptdata/danfojs#168, also fixed.)
#
# Exit code 0: reproduced. 1: not reproduced.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# danfojs installs xlsx from an address outside the registry. It is not used here, so another
# package replaces it.
echo '{ "private": true, "overrides": { "xlsx": "npm:@e965/xlsx@0.20.3" } }' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts danfojs@1.2.0

cat > program.js << 'END'
const { DataFrame } = require("danfojs");
const { readFileSync } = require("node:fs");
const { version } = JSON.parse(readFileSync("node_modules/danfojs/package.json", "utf8"));

const totals = (columns) =>
  JSON.stringify(
    new DataFrame(columns).groupby(["family", "size"]).col(["hours"]).sum().values,
  );

console.log(`danfojs ${version}, sum of hours by family and size`);
const seen = totals({ family: ["res-net", "res"], size: ["18", "net-18"], hours: [1, 2] });
const other = totals({ family: ["res_net", "res"], size: ["18", "net_18"], hours: [1, 2] });
console.log('expected:             [["res-net","18",1],["res","net-18",2]]');
console.log(`actual:               ${seen}`);
console.log(`with _ in place of -: ${other}`);
const again =
  seen === '[["res-net","18",3]]' &&
  other === '[["res_net","18",1],["res","net_18",2]]';
console.log(again ? "Reproduced." : "Not reproduced.");
process.exitCode = again ? 0 : 1;
END
node program.js 2>&1 | grep -Ev '^(=*|Hi, looks like you are running TensorFlow.js in Node.js.*)$'
exit "${PIPESTATUS[0]}"
