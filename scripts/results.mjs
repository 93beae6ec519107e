// `npm run results`: prints every run of every source beside the full run stored in the
// repository's notebooks.
//
//   npm run results -- --json    prints the same as JSON

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { lessonNumbers } from "./lessons/arguments.mjs";
import { setup } from "./setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const help = `Usage: npm run results -- [options]

Compares the full runs stored in notebooks/ with those of the Python lessons (the sources): loss, accuracy, seconds
per epoch, parameters, the images' provenance, and the differences. Runs nothing; \`npm start -- --mode full\` does.

  --json      print the rows as JSON, with the runs of the sources that are missing
  -h, --help  print this text`;

/** Returns the exit code: 0, or 2 for invalid arguments. */
async function main() {
  let options;
  try {
    options = parseArgs({
      options: {
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch {
    console.error(
      `Expected the options --json and --help, received ${process.argv.slice(2).join(" ")}\n\n${help}`,
    );
    return 2;
  }
  if (options.help) {
    console.log(help);
    return 0;
  }
  await setup({ quiet: true });
  const load = createRequire(import.meta.url);
  load("ts-node").register({ transpileOnly: true, cwd: root });
  const { storedResults, storedResultsText } = load(
    "./lessons/stored-results.ts",
  );
  const results = storedResults(root, lessonNumbers(root));
  console.log(
    options.json
      ? JSON.stringify(results, null, 2)
      : storedResultsText(results),
  );
  return 0;
}

process.exitCode = await main();
