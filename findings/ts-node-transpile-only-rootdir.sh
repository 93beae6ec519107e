#!/usr/bin/env bash
# ts-node: with TypeScript 6, --transpile-only rejects a program in a subfolder that ts-node runs
# with type checking.
#
# Library:   ts-node 10.9.2 with typescript 6.0.3 (its peerDependencies: typescript >= 2.7).
# Specified: ts-node's documentation (Performance, Skip typechecking): transpileOnly skips type
#            checking, for speed. (Options: it uses TypeScript's faster transpileModule.) So a
#            program that runs with type checking must also run without it.
# Observed:  src/program.ts under a tsconfig.json without outDir and rootDir. ts-node runs it and
#            tsc reports no error, but ts-node --transpile-only fails with TS5011: 'rootDir' must be
#            explicitly set. The same file beside tsconfig.json runs. ts-node itself sets outDir (to
#            .ts-node); with an outDir and a tsconfig.json, TypeScript 6's transpileModule reports
#            this error for each file in a subfolder. "rootDir": "." in tsconfig.json helps.
# Reports:   none for ts-node. (ts-loader had the same bug, TypeStrong/ts-loader#1678, fixed.)
#
# Exit code 0: reproduced. 1: not reproduced.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts ts-node@10.9.2 typescript@6.0.3

mkdir src
echo '{ "compilerOptions": { "target": "es2022", "module": "commonjs", "types": [] } }' > tsconfig.json
echo 'const text: string = "ran"; export { text };' > src/program.ts
cp src/program.ts program.ts
# Prints the program's export, or the number of TypeScript's error.
run() {
  node -r "ts-node/register$1" -e 'console.log(require(process.argv[1]).text)' "./$2" 2>&1 |
    grep -oE -m 1 '^ran|TS[0-9]+' || true
}

node -p '`ts-node ${require("ts-node/package.json").version}, TypeScript ${require("typescript").version}`'
echo "tsc --noEmit ends with:                  $(node node_modules/typescript/bin/tsc --noEmit > /dev/null; echo $?)"
checked=$(run "" src/program.ts)
transpiled=$(run /transpile-only src/program.ts)
beside=$(run /transpile-only program.ts)
echo "src/program.ts, with type checking:      $checked"
echo "src/program.ts, --transpile-only:        $transpiled (expected: ran)"
echo "program.ts, --transpile-only:            $beside"
if [ "$checked $transpiled $beside" = "ran TS5011 ran" ]; then
  echo "Reproduced."
else
  echo "Not reproduced."
  exit 1
fi
