/**
 * Replaces a file or a folder in this process, and kills it at a chosen moment: `node
 * killed-replacement.ts KIND PATH MOMENT`.
 */
import fs from "node:fs/promises";
import { replaceFile, replaceFolder } from "../src/replace-file";

/** When the process is killed: while it writes, before a rename, counted from 1, or after all. */
export type Moment = "writing" | "rename 1" | "rename 2" | "removal";

async function main(kind: string, path: string, moment: string): Promise<void> {
  const die = () => process.kill(process.pid, "SIGKILL");
  const { rename, rm } = fs;
  let renames = 0;
  Object.assign(fs, {
    rename: async (from: string, to: string) => {
      renames += 1;
      if (moment === `rename ${renames}`) die();
      await rename(from, to);
    },
    rm: async (...parameters: Parameters<typeof rm>) => {
      if (moment === "removal") die();
      await rm(...parameters);
    },
  });
  function* parts(): Generator<string> {
    yield "half";
    if (moment === "writing") die();
    yield "whole";
  }
  if (kind === "file") await replaceFile(path, parts());
  else await replaceFolder(path, { model: "new", weights: "new" });
}

if (require.main === module) {
  const [kind = "", path = "", moment = ""] = process.argv.slice(2);
  void main(kind, path, moment);
}
