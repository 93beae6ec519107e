// Handles the command line of a script whose only option is --help.

/**
 * Prints the help text if it is requested, and ends the process if there is any other argument:
 * with code 0 after `--help`, 2 otherwise.
 *
 * @param {string} help
 * @param {readonly string[]} [parameters]
 */
export function acceptOnlyHelp(help, parameters = process.argv.slice(2)) {
  if (parameters.length === 0) return;
  if (parameters.some((each) => each === "--help" || each === "-h")) {
    console.log(help);
    process.exit(0);
  }
  console.error(
    `Expected no arguments, received ${parameters.join(" ")}\n\n${help}`,
  );
  process.exit(2);
}
