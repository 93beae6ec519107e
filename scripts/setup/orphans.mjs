// Ends programs that an earlier setup left running because it was itself killed (kill -9, out of
// memory).
// Such an installer would go on writing into the environment that the next setup re-creates, so the next
// setup ends it first.

import fs from "node:fs";
import path from "node:path";
import { identity } from "./process-identity.mjs";
import { inProject } from "./project.mjs";

const file = inProject("out", "setup", "running");

/**
 * Records a running program.
 *
 * @param {number} leader Leader of its process group.
 */
export function recordProcess(leader) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, identity(leader) ?? "");
}

/** Removes the record once the program has ended. */
export function clearRecord() {
  fs.rmSync(file, { force: true });
}

/** Ends the program that an earlier setup left running. The caller must hold the lock. */
export function endOrphans() {
  if (!fs.existsSync(file)) return;
  const recorded = fs.readFileSync(file, "utf8");
  const leader = Number.parseInt(recorded, 10);
  if (identity(leader) === recorded) process.kill(-leader, "SIGKILL");
  clearRecord();
}
