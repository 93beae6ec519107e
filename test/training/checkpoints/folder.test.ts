/**
 * The folder of checkpoints: which files stay, and the lock.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { CheckpointFolder } from "../../../src/training/checkpoints/checkpoint-folder";
import { lockFolder } from "../../../src/training/checkpoints/folder-lock";
import type { TensorFile } from "../../../src/training/checkpoints/tensor-file";
import { errorWith } from "../../error-with";

const root = mkdtempSync(join(tmpdir(), "convnotes-folder-"));
after(() => rmSync(root, { recursive: true, force: true }));

function newFolder(name: string): string {
  const path = join(root, name);
  mkdirSync(path);
  return path;
}

/** Returns content of about 4 bytes for each value. */
function content(length: number): TensorFile {
  const values = new Float32Array(length).fill(1);
  const tensors = new Map([["values", { shape: [length], values }]]);
  return { metadata: {}, tensors };
}

describe("files", () => {
  test("the last ones stay, and other files of the folder", () => {
    const path = newFolder("kept");
    writeFileSync(join(path, "notes.txt"), "mine");
    const folder = new CheckpointFolder(path, 2);
    for (const steps of [5, 10, 123_456_789, 99]) {
      folder.write(steps, content(3));
    }
    assert.deepEqual(readdirSync(path).sort(), [
      "notes.txt",
      "step-00000099.safetensors",
      "step-123456789.safetensors",
    ]);
    const found = folder.newest(() => assert.fail("none is damaged"));
    assert.match(found!.path, /step-123456789/);
    assert.equal(found!.content.tensors.get("values")!.values.length, 3);
  });

  test("folders and links of such names are ignored", () => {
    const path = newFolder("odd");
    const folder = new CheckpointFolder(path, 2);
    mkdirSync(join(path, "step-00000099.safetensors"));
    mkdirSync(join(path, "step-00000099.safetensors.123.part"));
    symlinkSync("none", join(path, "step-00000098.safetensors"));
    folder.write(5, content(3));
    const found = folder.newest(() => assert.fail("none is damaged"));
    assert.match(found!.path, /step-00000005/);
  });

  test("all are damaged: there is none", () => {
    const path = newFolder("damaged");
    const folder = new CheckpointFolder(path, 3);
    for (const name of ["step-00000001", "step-00000002"]) {
      writeFileSync(join(path, `${name}.safetensors`), "no checkpoint");
    }
    const errors: Error[] = [];
    assert.equal(
      folder.newest((error) => errors.push(error)),
      undefined,
    );
    assert.equal(errors.length, 2);
    errorWith("ERR_FILE_DAMAGED", "step-00000002")(errors[0]);
    assert.deepEqual(readdirSync(path), []);
  });

  test("without room, older ones go first, and the newest stays", (context) => {
    const path = newFolder("small");
    const options = ["-t", "tmpfs", "-o", "size=100k", "tmpfs", path];
    try {
      execFileSync("mount", options, { stdio: "ignore" });
    } catch {
      context.skip("making a small disk needs root on Linux");
      return;
    }
    context.after(() => execFileSync("umount", ["-l", path]));
    const folder = new CheckpointFolder(path, 9);
    for (const steps of [1, 2, 3, 4]) folder.write(steps, content(10_000));
    assert.deepEqual(readdirSync(path).sort(), [
      "step-00000003.safetensors",
      "step-00000004.safetensors",
    ]);
    assert.throws(() => folder.write(5, content(20_000)), /ENOSPC/);
    assert.deepEqual(readdirSync(path), ["step-00000004.safetensors"]);
    assert.ok(folder.newest(() => assert.fail("none is damaged")));
  });
});

describe("the lock", () => {
  test("is held and released", async () => {
    const path = newFolder("lock");
    const lock = await lockFolder(path);
    lock.check();
    assert.ok(readdirSync(path).includes("lock"));
    const holder = JSON.parse(readFileSync(join(path, "lock.json"), "utf8"));
    assert.equal(holder.pid, process.pid);
    await lock.release();
    assert.ok(!readdirSync(path).includes("lock"));
    await (await lockFolder(path)).release();
  });

  test("of a process that has ended is taken over, also if its id was reused", async () => {
    const path = newFolder("ended");
    await (await lockFolder(path)).release();
    const file = join(path, "lock.json");
    const here = JSON.parse(readFileSync(file, "utf8")) as { host: string };
    const { pid } = spawnSync(process.execPath, ["--version"]);
    for (const holder of [{ pid }, { pid: process.pid, started: "1" }]) {
      writeFileSync(file, JSON.stringify({ ...here, ...holder }));
      mkdirSync(join(path, "lock"));
      const lock = await lockFolder(path);
      lock.check();
      await lock.release();
    }
  });

  test("of another machine is taken over when it was not renewed", async () => {
    const path = newFolder("elsewhere");
    const holder = { host: "elsewhere", pid: process.pid };
    writeFileSync(join(path, "lock.json"), JSON.stringify(holder));
    mkdirSync(join(path, "lock"));
    const past = new Date(Date.now() - 60_000);
    utimesSync(join(path, "lock"), past, past);
    await (await lockFolder(path)).release();
  });

  test("is released if the name of its holder cannot be written", async () => {
    const path = newFolder("unnamed");
    mkdirSync(join(path, "lock.json"));
    await assert.rejects(lockFolder(path), { code: "EISDIR" });
    rmSync(join(path, "lock.json"), { recursive: true });
    const lock = await lockFolder(path);
    await lock.release();
  });
});
