#!/usr/bin/env bash
# tslab: installed beside typescript, it makes npx tsc and every npm script's tsc TypeScript 5.0.4.
#
# Library:   tslab 1.0.22 (through @tslab/typescript-for-tslab 5.0.4), typescript 6.0.3, npm
#            11.19.1.
# Specified: TypeScript's page Download: installed with npm, each project has its own version, and
#            npx tsc runs it. tslab's documentation names no command but its own.
# Observed:  tslab's own copy of TypeScript also has commands named tsc and tsserver. npm links one
#            of two commands of the same name, here that of tslab's copy, an indirect dependency. So
#            the project is checked by a compiler of 2023, which does not support NoInfer and
#            rejects valid options of 6.0 and 7.0 as unknown. After npm ci this is always so; after
#            npm install of tslab first and typescript later it is not.
# Reports:   none for tslab. npm's choice is npm/cli#9868.
#
# Exit code 0: reproduced. 1: not reproduced.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts typescript@6.0.3 tslab@1.0.22

installed=$(node -p 'require("typescript/package.json").version')
seen=$(node_modules/.bin/tsc --version)
echo 'declare function first<T>(all: T[], fallback: NoInfer<T>): T; export { first };' > program.ts
problem=$(node_modules/.bin/tsc --noEmit program.ts | grep -oE -m 1 'TS[0-9]+' || true)
echo "npm $(npm --version), typescript $installed in package.json"
echo "expected: Version $installed, no error in program.ts"
echo "actual:   $seen, ${problem:-no error} in program.ts"
if [ "$seen, $problem" = "Version 5.0.4, TS2304" ]; then
  echo "Reproduced."
else
  echo "Not reproduced."
  exit 1
fi
