/**
 * Runs in processes that end at any moment: killed, terminated, or with files that cannot be
 * written. The next process continues, and ends with the bits of the undisturbed run.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import seedrandom from "seedrandom";
import { after, before, describe, test, type TestContext } from "node:test";
import type { SmallRun, SmallRunResult } from "./small-run";
import { runWithKills, SmallProcess } from "./small-process";

const root = mkdtempSync(join(tmpdir(), "convnotes-processes-"));
after(() => rmSync(root, { recursive: true, force: true }));

/** Long enough that a kill hits it in the middle. */
const epochs = 60;
const isLinux = process.platform === "linux";

function steps(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith("step-"))
    .sort();
}

for (const engine of ["native", "graph"] as const) {
  describe(`processes, ${engine} steps`, () => {
    const results = new Map<boolean, SmallRunResult>();
    before(async () => {
      const ends = [false, true].map(async (isPlain) => {
        const run = new SmallProcess(engine, { epochs, isPlain });
        results.set(isPlain, await run.result());
      });
      await Promise.all(ends);
    });

    const asked = (folder: string, more: Partial<SmallRun> = {}): SmallRun => ({
      epochs,
      ...more,
      checkpoints: { folder, everySteps: 7 },
    });

    for (const isPlain of [false, true]) {
      const name = isPlain ? "model.fit" : "fit";
      test(`${name} that is killed at random ends with the same bits`, async () => {
        const random = seedrandom(`${engine} ${name}`);
        const folder = join(root, `${engine}-${name}`);
        const kills = engine === "native" ? 2 : 1;
        const run = asked(folder, { isPlain });
        const result = await runWithKills(engine, run, kills, random);
        assert.deepEqual(result, results.get(isPlain));
        const last = new SmallProcess(engine, run);
        assert.deepEqual(await last.result(), results.get(isPlain));
        assert.match(last.stdout, /Finished before, after epoch 60 of 60/);
      });
    }

    test("SIGTERM saves and exits with 143", { skip: !isLinux }, async () => {
      const folder = join(root, `${engine}-terminated`);
      const run: SmallRun = {
        ...asked(folder),
        checkpoints: { folder, everyEpochs: 1000 },
      };
      const child = new SmallProcess(engine, run);
      await child.begun();
      await child.signal("SIGTERM");
      assert.equal(child.exitCode, 143);
      assert.equal(steps(folder).length, 1);
      // Its lock must not delay the next process.
      const next = new SmallProcess(engine, run);
      assert.deepEqual(await next.result(), results.get(false));
      assert.match(next.stdout, /Resumed after epoch/);
    });

    test("a truncated newest file: the one before is used", async () => {
      const folder = join(root, `${engine}-truncated`);
      const child = new SmallProcess(engine, asked(folder));
      await child.begun();
      while (steps(folder).length < 3 && child.isRunning) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await child.signal("SIGKILL");
      const [, , newest] = steps(folder);
      truncateSync(join(folder, newest!), 1000);
      // What a process leaves that is killed while it writes.
      copyFileSync(
        join(folder, newest!),
        join(folder, "step-00009999.safetensors.77.part"),
      );
      const next = new SmallProcess(engine, asked(folder));
      assert.deepEqual(await next.result(), results.get(false));
      assert.match(next.stderr, /complete checkpoint.*the one before it is used/);
      assert.equal(
        readdirSync(folder).filter((name) => name.endsWith(".part")).length,
        0,
      );
    });
  });
}

test("a limit of the size of files ends no run; earlier checkpoints remain", async (context) => {
  if (!existsSync("/usr/bin/prlimit")) {
    context.skip("needs prlimit");
    return;
  }
  const folder = join(root, "limited");
  const free = new SmallProcess("native", { epochs: 4 });
  const run: SmallRun = {
    epochs: 4,
    checkpoints: { folder, everySteps: 7 },
    fileLimit: 20_000,
  };
  const limited = new SmallProcess("native", run);
  assert.deepEqual(await limited.result(), await free.result());
  assert.match(limited.stderr, /could not be written; training goes on.*EFBIG/);
  assert.equal(limited.stderr.split("could not be written").length, 2);
  assert.deepEqual(readdirSync(folder), ["lock.json"]);
});

test("a full disk ends no run, and the checkpoint that fits is used", async (context) => {
  const folder = smallDisk(context, 100);
  if (folder === undefined) return;
  // One checkpoint of 40 kB has room, another beside it has none.
  writeFileSync(join(folder, "other"), Buffer.alloc(30_000));
  const free = new SmallProcess("native", { epochs });
  const run: SmallRun = { epochs, checkpoints: { folder, everySteps: 7 } };
  const child = new SmallProcess("native", run);
  await child.begun();
  while (!child.stderr.includes("could not be written") && child.isRunning) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await child.signal("SIGKILL");
  assert.match(child.stderr, /could not be written; training goes on.*ENOSPC/);
  assert.equal(steps(folder).length, 1);
  const next = new SmallProcess("native", run);
  assert.deepEqual(await next.result(), await free.result());
  assert.match(next.stdout, /Resumed after epoch/);
});

test("a folder that another process uses is refused", async () => {
  const folder = join(root, "shared");
  const run: SmallRun = { epochs: 100_000, checkpoints: { folder } };
  const first = new SmallProcess("native", run);
  await first.begun();
  const second = new SmallProcess("native", run);
  await assert.rejects(second.result());
  assert.match(second.stderr, /ERR_LOCKED/);
  assert.match(second.stderr, /no other process uses, received one that process/);
  assert.ok(first.isRunning);
  await first.signal("SIGKILL");
});

/** Mounts a disk of `kilobytes` until the end of the test; undefined if that is not possible. */
function smallDisk(
  context: TestContext,
  kilobytes: number,
): string | undefined {
  const folder = mkdtempSync(join(root, "disk-"));
  const options = ["-t", "tmpfs", "-o", `size=${kilobytes}k`];
  try {
    execFileSync("mount", [...options, "tmpfs", folder], { stdio: "ignore" });
  } catch {
    context.skip("making a small disk needs root on Linux");
    return undefined;
  }
  context.after(() => execFileSync("umount", ["-l", folder]));
  return folder;
}
