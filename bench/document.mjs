/** Creates the JSON document that a benchmark writes with `--json`. */
import { thisMachine } from "./machine.mjs";

/**
 * @param {string} name The benchmark's name.
 * @param {object} settings Its settings.
 * @param {readonly object[]} results Its rows; `runs` of each row has the measurements of every
 *   competitor.
 * @param {object} [more] Other fields.
 * @returns {string} The document as JSON.
 */
export function benchDocument(name, settings, results, more = {}) {
  const document = {
    date: new Date().toISOString(),
    machine: thisMachine(),
    command: commandOf(name),
    settings,
    results,
    ...more,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * Returns the command line without options that name files, which differ between machines.
 *
 * @param {string} name The benchmark's name.
 */
function commandOf(name) {
  const parameters = process.argv.slice(3);
  const kept = parameters.filter((parameter, index) => {
    const isFile = /^--(json|torch-python)(=|$)/;
    const before = parameters[index - 1] ?? "";
    return !isFile.test(parameter) && !/^--(json|torch-python)$/.test(before);
  });
  return ["npm run bench --", name, ...kept].join(" ");
}
