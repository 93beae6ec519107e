// Identifies a running process.
// A process id alone is not enough: it is reused sooner or later, and after a restart of the
// machine immediately.

import fs from "node:fs";

/**
 * @param {number} processId
 * @returns {string | undefined} The id, with its start time if the system provides it; undefined if
 *   there is no such process.
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
    // Fields from the third on: the second, the program's name, may contain spaces and parentheses.
    const fields = status.slice(status.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended but was not reaped by its parent. Field 22 is the start time.
    return fields[0] === "Z" ? undefined : `${processId} ${fields[19]}`;
  } catch {
    return `${processId}`;
  }
}
