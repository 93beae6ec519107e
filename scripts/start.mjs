/**
 * `npm start`: sets everything up, then runs the lessons.
 *
 * Only Node's own modules are loaded until the set-up is done: before it, nothing else need be installed.
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

/** Returns the exit code: 0 if all went well, 1 if a lesson failed, 2 for wrong arguments, 130 if stopped. */
async function main() {
  const known = lessonNumbers(root);
  let options;
  try {
    options = parseArguments(process.argv.slice(2), known);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    console.error(`${error.message}\nnpm start -- --help tells the options.`);
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
