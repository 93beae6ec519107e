// Programs that a set-up started and could not end, because it was itself killed outright (kill -9, no memory left). Such
// a pip would go on writing into the environment that the next set-up makes anew; so the next set-up ends it first.

import fs from "node:fs";
import path from "node:path";
import { identity } from "./process-identity.mjs";
import { inProject } from "./project.mjs";

const file = inProject("out", "setup", "running");

/**
 * Notes down a program at work.
 *
 * @param {number} leader Leader of its process group.
 */
export function remember(leader) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, identity(leader) ?? "");
}

/** Strikes the note out, the program having ended. */
export function forget() {
  fs.rmSync(file, { force: true });
}

/** Ends what an earlier set-up left at work. To be called with the lock held. */
export function endLeftovers() {
  if (!fs.existsSync(file)) return;
  const noted = fs.readFileSync(file, "utf8");
  const leader = Number.parseInt(noted, 10);
  if (identity(leader) === noted) process.kill(-leader, "SIGKILL");
  forget();
}
