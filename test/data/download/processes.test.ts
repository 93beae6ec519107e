/**
 * Tests downloads by several processes, and by processes that are killed.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, utimes } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { DownloadEvent } from "../../../src/data/download/download-event";
import { withLock } from "../../../src/data/download/dataset-lock";
import { obtain } from "../../../src/data/download/obtain";
import { errorWith } from "../../error-with";
import { verdictsOf } from "./verdicts";
import { temporaryFolder } from "../temporary-folder";
import { FetchingProcess } from "./child-process";
import {
  ARCHIVE,
  gzippedSet,
  quickLimits as limits,
  smallSet,
} from "./small-set";
import { serve, TestServer } from "./test-server";

const timeLimit = { timeout: 120_000 };
const set = smallSet();
const half = Math.floor(set.archive.length / 2);
/** Sends little more than half of the archive. */
const halfOnly = { breakAfter: half + 8_000, breakBy: "silence" } as const;

const isHalfThere = ({ receivedBytes }: DownloadEvent) => receivedBytes > half;

test(
  "one of two processes waits and finds the download complete",
  timeLimit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const oneWaits = () =>
      processes.some(({ stages }) => stages.includes("waiting"));
    const before = async () => {
      while (!oneWaits()) await sleep(10);
    };
    const entry = set.entry(server.at("/a", serve(set.archive, { before })));
    const processes = [1, 2].map(
      () => new FetchingProcess(context, entry, cache),
    );
    const codes = await Promise.all(processes.map((one) => one.ended()));
    assert.deepEqual(codes, [0, 0]);
    assert.equal(server.requests.length, 1);
    const waited = processes.filter(({ stages }) => stages.includes("waiting"));
    assert.equal(waited.length, 1);
    assert.deepEqual(waited[0]!.stages, ["waiting", "done"]);
  },
);

test(
  "concurrent calls in one process download once",
  timeLimit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const entry = set.entry(server.at("/a", serve(set.archive)));
    const folders = await Promise.all(
      [1, 2, 3].map(() => obtain(entry, { cache, limits })),
    );
    assert.equal(new Set(folders).size, 1);
    assert.equal(server.requests.length, 1);
  },
);

test(
  "resumes the download of a killed process and takes over its lock",
  timeLimit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const entry = set.entry(server.at("/a", serve(set.archive, halfOnly)));
    const killed = new FetchingProcess(context, entry, cache);
    await killed.until(isHalfThere);
    await killed.kill("SIGKILL");
    const partial = path.join(cache, ".partial");
    assert.ok(existsSync(path.join(partial, "small-set.lock")));
    const kept = (
      await stat(path.join(partial, "small-set", `${ARCHIVE}.part`))
    ).size;
    assert.ok(kept > half && kept < set.archive.length);

    server.at("/a", serve(set.archive));
    const events: DownloadEvent[] = [];
    const folder = await obtain(entry, {
      cache,
      // The killed process's lock counts this long, which must exceed the time to get here.
      limits: { ...limits, lockSeconds: 6 },
      report: (event) => events.push(event),
    });
    assert.equal(events[0]!.stage, "waiting");
    assert.deepEqual(server.rangesAt("/a"), [undefined, `bytes=${kept}-`]);
    for (const [name, bytes] of Object.entries(set.files)) {
      assert.deepEqual(await readFile(path.join(folder, name)), bytes);
    }
  },
);

test(
  "a process ended by Ctrl-C leaves no lock and keeps the partial file",
  timeLimit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const entry = set.entry(server.at("/a", serve(set.archive, halfOnly)));
    const stopped = new FetchingProcess(context, entry, cache);
    await stopped.until(isHalfThere);
    await stopped.kill("SIGINT");
    const partial = path.join(cache, ".partial");
    assert.ok(!existsSync(path.join(partial, "small-set.lock")));
    server.at("/a", serve(set.archive));
    const events: DownloadEvent[] = [];
    await obtain(entry, {
      cache,
      limits,
      report: (event) => events.push(event),
    });
    assert.equal(events[0]!.stage, "resuming");
    assert.ok(events[0]!.receivedBytes > half);
  },
);

test(
  "a process killed while unpacking leaves nothing that is trusted",
  timeLimit,
  async (context) => {
    const server = await TestServer.start(context);
    const cache = await temporaryFolder(context);
    const entry = gzippedSet(server.address(""));
    for (const [name, bytes] of Object.entries(entry.packed)) {
      server.at(`/${name}`, serve(bytes));
    }
    const killed = new FetchingProcess(context, entry, cache, {
      stage: "unpacking",
      fileNumber: 2,
    });
    await killed.until(
      ({ stage, fileNumber }) => stage === "unpacking" && fileNumber === 2,
    );
    await killed.kill("SIGKILL");
    assert.ok(!existsSync(path.join(cache, "small-set")));
    const partialFolder = path.join(cache, ".partial", "small-set");
    const isHalf = (name: string) => name.startsWith("unpacked-");
    assert.equal((await readdir(partialFolder)).filter(isHalf).length, 1);
    const folder = await obtain(entry, { cache, limits });
    const verdicts = await verdictsOf(entry, folder);
    assert.deepEqual(
      verdicts.map(({ state }) => state),
      ["right", "right"],
    );
    assert.ok(!existsSync(partialFolder));
    // The archives were complete and are not downloaded again.
    assert.equal(server.requests.length, 2);
  },
);

test(
  "a lock has one holder at a time and is released after an error",
  timeLimit,
  async (context) => {
    const lock = path.join(await temporaryFolder(context), "a.lock");
    const options = { lockSeconds: 2 };
    let inside = 0;
    let most = 0;
    const enter = () =>
      withLock(lock, options, async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 50));
        inside--;
      });
    await Promise.all([enter(), enter(), enter()]);
    assert.equal(most, 1);
    await assert.rejects(
      withLock(lock, options, () => Promise.reject(new Error("failure"))),
      /failure/,
    );
    assert.ok(!existsSync(lock));
  },
);

test("a lost lock aborts the action", timeLimit, async (context) => {
  const lock = path.join(await temporaryFolder(context), "a.lock");
  const work = withLock(lock, { lockSeconds: 2 }, async (signal) => {
    // What another process does when it takes over.
    await utimes(lock, new Date(0), new Date(0));
    // The lock's own timer does not keep the process alive.
    const alive = setInterval(() => undefined, 1_000);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    clearInterval(alive);
    signal.throwIfAborted();
  });
  await assert.rejects(work, errorWith("ERR_LOCKED"));
});

test(
  "waiting for a lock ends when the signal is aborted",
  timeLimit,
  async (context) => {
    const lock = path.join(await temporaryFolder(context), "a.lock");
    await mkdir(lock);
    const signal = AbortSignal.timeout(100);
    await assert.rejects(
      withLock(lock, { lockSeconds: 60, signal }, async () => undefined),
      { name: "TimeoutError" },
    );
  },
);
