/**
 * Starts the language server: `node main.js --stdio`.
 */
import { command } from "./command";

void command(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
