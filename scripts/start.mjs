/**
 * `npm start`: sets up the project, then runs the lessons.
 *
 * Loads only Node's own modules until setup has finished, since nothing else need be installed
 * before it.
 */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import {
  ArgumentError,
  helpText,
  lessonNumbers,
  parseArguments,
} from "./lessons/arguments.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Returns the exit code: 0 if all lessons ran, 1 if one failed, 2 for invalid arguments, 130 if
 * stopped.
 */
async function main() {
  const known = lessonNumbers(root);
  let options;
  try {
    options = parseArguments(process.argv.slice(2), known);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    console.error(`${error.message}\nnpm start -- --help lists the options.`);
    return 2;
  }
  if (options.help) {
    console.log(helpText(known));
    return 0;
  }
  const { setup } = await import("./setup.mjs");
  await setup();
  const load = createRequire(import.meta.url);
  load("ts-node").register({ transpileOnly: true, cwd: root });
  const { runLessons } = load("./lessons/run-lessons.ts");
  return runLessons({ root, lessons: options.lessons, mode: options.mode });
}

process.exitCode = await main();
