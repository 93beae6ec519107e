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
import { after, before, describe, test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import seedrandom from "seedrandom";
import type { SmallRun, SmallRunResult } from "./small-run";
import { runWithKills, SmallProcess, type Engine } from "./small-process";

const root = mkdtempSync(join(tmpdir(), "convnotes-processes-"));
after(() => rmSync(root, { recursive: true, force: true }));

/** Long enough that a kill hits it in the middle. */
const epochs = 60;

function steps(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".safetensors"))
    .sort();
}

/** Results of runs that nothing disturbs. */
const undisturbed: Record<string, SmallRunResult> = {};

before(async () => {
  const ends = (["native", "graph"] as const).flatMap((engine) =>
    [false, true].map(async (isPlain) => {
      const run = new SmallProcess(engine, { epochs, isPlain });
      undisturbed[nameOf(engine, isPlain)] = await run.result();
    }),
  );
  await Promise.all(ends);
});

function nameOf(engine: Engine, isPlain: boolean): string {
  return `${isPlain ? "model.fit" : "fit"}, ${engine} steps`;
}

/** Returns a run that saves often. */
function asked(folder: string, more: Partial<SmallRun> = {}): SmallRun {
  return { epochs, ...more, checkpoints: { folder, everySteps: 7 } };
}

/** Waits until a folder has three checkpoints, or the process has ended. */
async function untilSaved(folder: string, child: SmallProcess): Promise<void> {
  await child.begun();
  while (child.isRunning && steps(folder).length < 3) await sleep(5);
}

describe("a run that is killed at random ends with the same bits", () => {
  for (const [engine, isPlain, kills] of [
    ["native", false, 2],
    ["native", true, 1],
    ["graph", false, 1],
    ["graph", true, 1],
  ] as const) {
    const name = nameOf(engine, isPlain);
    test(name, async () => {
      const folder = join(root, name);
      const run = asked(folder, { isPlain });
      const { result } = await runWithKills(
        engine,
        run,
        kills,
        seedrandom(name),
      );
      assert.deepEqual(result, undisturbed[name]);
    });
  }
});

describe("a process that ends early", () => {
  const expected = () => undisturbed[nameOf("native", false)];

  test("SIGTERM saves and exits with 143", async () => {
    const folder = join(root, "terminated");
    const checkpoints = { folder, everyEpochs: 1000 };
    const child = new SmallProcess("native", { epochs, checkpoints });
    await child.begun();
    await child.signal("SIGTERM");
    assert.equal(child.exitCode, 143);
    assert.equal(steps(folder).length, 1);
    const next = new SmallProcess("native", { epochs, checkpoints });
    assert.deepEqual(await next.result(), expected());
    assert.match(next.stdout, /Resumed after epoch/);
    const last = new SmallProcess("native", { epochs, checkpoints });
    assert.deepEqual(await last.result(), expected());
    assert.match(last.stdout, /Finished before, after epoch 60 of 60/);
  });

  test("process.exit within an epoch saves", async () => {
    const folder = join(root, "exited");
    const checkpoints = { folder, everyEpochs: 1000 };
    const run: SmallRun = { epochs, checkpoints, exitAt: 4 };
    const child = new SmallProcess("native", run);
    await child.begun();
    await child.ended;
    assert.deepEqual(steps(folder), ["step-00000026.safetensors"]);
    const next = new SmallProcess("native", { epochs, checkpoints });
    assert.deepEqual(await next.result(), expected());
    assert.match(next.stdout, /after epoch 1 of 60, step 5 of epoch 2/);
  });

  test("a truncated newest file: the one before is used", async () => {
    const folder = join(root, "truncated");
    const child = new SmallProcess("native", asked(folder));
    await untilSaved(folder, child);
    await child.signal("SIGKILL");
    const newest = join(folder, steps(folder).at(-1)!);
    truncateSync(newest, 1000);
    // What a process leaves that is killed while it writes.
    copyFileSync(newest, `${newest}.77.part`);
    const next = new SmallProcess("native", asked(folder));
    assert.deepEqual(await next.result(), expected());
    assert.match(next.stderr, /complete checkpoint.*the one before it is used/);
    const left = readdirSync(folder).filter((name) => name.endsWith(".part"));
    assert.deepEqual(left, []);
  });

  test("a limit of the size of files ends no run", async (context) => {
    if (!existsSync("/usr/bin/prlimit")) {
      context.skip("needs prlimit");
      return;
    }
    const folder = join(root, "limited");
    const run = asked(folder, { fileLimit: 20_000 });
    const child = new SmallProcess("native", run);
    assert.deepEqual(await child.result(), expected());
    assert.match(child.stderr, /could not be written; training goes on.*EFBIG/);
    assert.equal(child.stderr.split("could not be written").length, 2);
    assert.deepEqual(readdirSync(folder), ["lock.json"]);
  });

  test("a full disk ends no run, and the checkpoint that fits is used", async (context) => {
    const folder = smallDisk(context, 100);
    if (folder === undefined) return;
    // One checkpoint of 40 kB has room, another beside it has none.
    writeFileSync(join(folder, "other"), Buffer.alloc(30_000));
    const child = new SmallProcess("native", asked(folder));
    await child.begun();
    while (child.isRunning && !child.stderr.includes("could not be written")) {
      await sleep(5);
    }
    await child.signal("SIGKILL");
    assert.match(child.stderr, /training goes on.*ENOSPC/);
    assert.equal(steps(folder).length, 1);
    const next = new SmallProcess("native", asked(folder));
    assert.deepEqual(await next.result(), expected());
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
    assert.match(second.stderr, /that no other process uses/);
    assert.ok(first.isRunning);
    await first.signal("SIGKILL");
  });
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
