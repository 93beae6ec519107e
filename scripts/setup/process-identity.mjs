// Naming a living process. A process id alone is not enough: it is given to another process sooner or later, and after a
// restart of the machine at once.

import fs from "node:fs";

/**
 * @param {number} processId
 * @returns {string | undefined} The id, with its start time where the system tells it; undefined where there is no such
 *   process.
 */
export function identity(processId) {
  if (!Number.isInteger(processId)) return undefined;
  try {
    process.kill(processId, 0);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EPERM")
      return undefined;
  }
  try {
    const status = fs.readFileSync(`/proc/${processId}/stat`, "utf8");
    // The third field and on, from behind the program's name, which may itself hold spaces and parentheses.
    const fields = status.slice(status.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended; only its parent has not looked yet. Field 22 is the start time.
    return fields[0] === "Z" ? undefined : `${processId} ${fields[19]}`;
  } catch {
    return `${processId}`;
  }
}
