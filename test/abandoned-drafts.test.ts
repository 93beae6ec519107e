/**
 * What a killed process leaves beside a file or folder is removed by the next one that writes it,
 * and nothing else is.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs, {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { draftOf, removeAbandoned } from "../src/notebook/draft";
import {
  replaceFile,
  replaceFolder,
  restoreReplaced,
} from "../src/replace-file";
import { errorWith } from "./error-with";
import { temporaryFolder } from "./formats/temporary-folder";
import type { Moment } from "./killed-replacement";

const project = path.join(__dirname, "..");

/** Replaces a file or folder in a process that is killed at a moment. */
function kill(kind: "file" | "folder", target: string, moment: Moment): void {
  const { signal, stderr } = spawnSync(
    process.execPath,
    [
      ...["-r", path.join(project, "kernel/dist/typescript-register.js")],
      path.join(__dirname, "killed-replacement.ts"),
      ...[kind, target, moment],
    ],
    { cwd: project, encoding: "utf8" },
  );
  assert.equal(signal, "SIGKILL", stderr);
}

/** Returns the name of a draft of a process that has ended, or of another machine. */
function draftName(
  target: string,
  change: { pid?: number; started?: string; machine?: string },
): string {
  const [machine, pid, started, random] = draftOf(target)
    .slice(target.length + 1)
    .split("-");
  return `${target}.${change.machine ?? machine}-${change.pid ?? pid}-${change.started ?? started}-${random}`;
}

function oldFolder(context: TestContext): string {
  const folder = path.join(temporaryFolder(context), "model");
  mkdirSync(folder);
  for (const name of ["model", "weights"]) {
    writeFileSync(path.join(folder, name), "old");
  }
  return folder;
}

const namesBeside = (target: string) => readdirSync(path.dirname(target));

test("the next replaceFile removes the draft of a killed process", async (context) => {
  const file = path.join(temporaryFolder(context), "model.keras");
  writeFileSync(file, "old");
  for (const moment of ["writing", "rename 1"] as const) {
    kill("file", file, moment);
    assert.equal(namesBeside(file).length, 2);
    assert.equal(readFileSync(file, "utf8"), "old");
    await replaceFile(file, ["new"]);
    assert.deepEqual(namesBeside(file), ["model.keras"]);
    writeFileSync(file, "old");
  }
});

for (const moment of ["rename 1", "rename 2", "removal"] as const) {
  test(`a folder is whole if its process is killed at ${moment}`, async (context) => {
    const folder = oldFolder(context);
    const warn = context.mock.method(console, "warn", () => undefined);
    kill("folder", folder, moment);
    assert.ok(namesBeside(folder).length >= 2 || moment === "rename 2");
    assert.equal(existsSync(folder), moment !== "rename 2");
    await restoreReplaced(folder);
    assert.equal(warn.mock.callCount(), moment === "rename 2" ? 1 : 0);
    const content = moment === "removal" ? "new" : "old";
    for (const name of ["model", "weights"]) {
      assert.equal(readFileSync(path.join(folder, name), "utf8"), content);
    }
    await replaceFolder(folder, { model: "newer", weights: "newer" });
    assert.equal(readFileSync(path.join(folder, "model"), "utf8"), "newer");
    assert.deepEqual(namesBeside(folder), ["model"]);
  });
}

test("replaceFolder itself puts a folder back, and checks what it replaces", async (context) => {
  const folder = oldFolder(context);
  writeFileSync(path.join(folder, "weights"), "mine");
  kill("folder", folder, "rename 2");
  const warn = context.mock.method(console, "warn", () => undefined);
  await assert.rejects(
    replaceFolder(folder, { model: "new" }),
    errorWith("ERR_INVALID_VALUE", "weights"),
  );
  assert.equal(warn.mock.callCount(), 1);
  assert.equal(readFileSync(path.join(folder, "weights"), "utf8"), "mine");
});

test("a folder that was replaced completely does not come back when the new one is removed", async (context) => {
  const folder = path.join(temporaryFolder(context), "model");
  mkdirSync(`${draftName(folder, { pid: endedPid() })}.old`);
  await restoreReplaced(folder);
  assert.ok(!existsSync(folder));
});

test("drafts of running processes, of other machines and of other names stay", async (context) => {
  const file = path.join(temporaryFolder(context), "log");
  const kept = [
    draftName(file, {}),
    draftName(file, { machine: "00000000", pid: endedPid() }),
    draftName(`${file}s`, { pid: endedPid() }),
    `${file}.part`,
    `${file}.${endedPid()}.part`,
  ];
  const removed = [
    draftName(file, { pid: endedPid() }),
    draftName(file, { machine: "00000001", pid: endedPid() }),
  ];
  // The process id of this process, which an earlier one had.
  if (process.platform === "linux") {
    removed.push(draftName(file, { started: "1" }));
  }
  for (const each of [...kept, ...removed]) writeFileSync(each, "");
  const past = new Date(Date.now() - 25 * 60 * 60_000);
  utimesSync(removed[1]!, past, past);
  utimesSync(kept[0]!, past, past);
  removeAbandoned(file);
  assert.deepEqual(
    namesBeside(file).sort(),
    kept.map((each) => path.basename(each)).sort(),
  );
});

test("what belongs to another user is no error", async (context) => {
  const folder = temporaryFolder(context);
  const draft = draftName(path.join(folder, "log"), { pid: endedPid() });
  writeFileSync(draft, "");
  const removal = context.mock.method(fs, "rmSync", () => {
    throw Object.assign(new Error("operation not permitted"), {
      code: "EPERM",
    });
  });
  await replaceFile(path.join(folder, "log"), ["text"]);
  removal.mock.restore();
  assert.ok(existsSync(draft));
});

/** Returns the id of a process that has ended. */
function endedPid(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}
