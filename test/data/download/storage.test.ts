/**
 * Bringing data sets in: to disks that are full, read-only or no disks at all.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Connection } from "../../../src/data/download/connection";
import {
  checkSpace,
  storageFailure,
} from "../../../src/data/download/storage-failure";
import { obtain } from "../../../src/data/download/obtain";
import { temporaryFolder } from "../temporary-folder";
import { quickPatience as patience, smallSet } from "./small-set";
import { serve, TestServer } from "./test-server";

const limit = { timeout: 60_000 };
const set = smallSet();
const isRoot = process.getuid?.() === 0;

/** A disk of `kilobytes` that is gone after the test; undefined, and the test skipped, where none can be made. */
async function smallDisk(
  context: TestContext,
  kilobytes: number,
): Promise<string | undefined> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "convnotes-disk-"));
  let isMounted = false;
  context.after(async () => {
    const options = ["-l", folder];
    if (isMounted) execFileSync("umount", options, { stdio: "ignore" });
    await rm(folder, { recursive: true, force: true });
  });
  try {
    const options = ["-t", "tmpfs", "-o", `size=${kilobytes}k`];
    execFileSync("mount", [...options, "tmpfs", folder], { stdio: "ignore" });
    isMounted = true;
  } catch {
    context.skip("making a small disk needs root on Linux");
    return undefined;
  }
  return folder;
}

test(
  "a disk with too little room is refused before a byte is asked for",
  limit,
  async (context) => {
    const cache = await smallDisk(context, 200);
    if (cache === undefined) return;
    const server = await TestServer.start(context);
    const entry = set.entry(server.at("/a", serve(set.archive)));
    await assert.rejects(obtain(entry, { cache, patience }), {
      name: "DatasetError",
      message: /Expected 240 kB of free disk for Small set, received \d+ kB/,
    });
    assert.equal(server.asked.length, 0);
  },
);

test(
  "a disk that fills while the file comes is told, and gone on with when there is room",
  limit,
  async (context) => {
    const cache = await smallDisk(context, 400);
    if (cache === undefined) return;
    const server = await TestServer.start(context);
    const filler = path.join(cache, "filler");
    const fill = () => writeFile(filler, Buffer.alloc(330_000));
    const mirror = server.at("/a", serve(set.archive, { before: fill }));
    const entry = set.entry(mirror);
    await assert.rejects(obtain(entry, { cache, patience }), {
      name: "DatasetError",
      message: /with room, to write to, received a full disk \(ENOSPC\)/,
    });
    // A full disk is no fault of the mirror.
    assert.equal(server.asked.length, 1);
    await writeFile(filler, "");
    server.at("/a", serve(set.archive));
    await obtain(entry, { cache, patience });
    assert.match(server.rangesAt("/a")[1]!, /^bytes=\d+-$/);
  },
);

test(
  "a disk that fills while the archive is unpacked is told",
  limit,
  async (context) => {
    const cache = await smallDisk(context, 400);
    if (cache === undefined) return;
    const server = await TestServer.start(context);
    const entry = set.entry(server.at("/a", serve(set.archive)));
    let isFilled = false;
    const download = obtain(entry, {
      cache,
      patience,
      report: ({ stage }) => {
        if (stage !== "unpacking" || isFilled) return;
        isFilled = true;
        execFileSync("dd", [
          ...["if=/dev/zero", `of=${path.join(cache, "filler")}`],
          ...["bs=1000", "count=200", "status=none"],
        ]);
      },
    });
    await assert.rejects(download, /received a full disk \(ENOSPC\)/);
    assert.ok(!(await readdir(cache)).includes("small-set"));
    await writeFile(path.join(cache, "filler"), "");
    await obtain(entry, { cache, patience });
    assert.equal(server.asked.length, 1);
  },
);

test("a read-only cache is told", limit, async (context) => {
  const cache = isRoot
    ? await smallDisk(context, 400)
    : await temporaryFolder(context);
  if (cache === undefined) return;
  if (isRoot) {
    const options = ["-o", "remount,ro", cache];
    execFileSync("mount", options, { stdio: "ignore" });
  } else {
    await chmod(cache, 0o555);
    context.after(() => chmod(cache, 0o755));
  }
  await assert.rejects(obtain(set.entry(), { cache, patience }), {
    name: "DatasetError",
    message: /received (a read-only disk \(EROFS\)|no permission to write)/,
  });
});

test(
  "a set in a read-only cache is used all the same",
  limit,
  async (context) => {
    const cache = await smallDisk(context, 800);
    if (cache === undefined) return;
    const server = await TestServer.start(context);
    const entry = set.entry(server.at("/a", serve(set.archive)));
    const folder = await obtain(entry, { cache, patience });
    const options = ["-o", "remount,ro", cache];
    execFileSync("mount", options, { stdio: "ignore" });
    assert.equal(await obtain(entry, { cache, patience }), folder);
  },
);

test(
  "a cache that is a file, below one, or nowhere is told",
  limit,
  async (context) => {
    const around = await temporaryFolder(context);
    const file = path.join(around, "file");
    await writeFile(file, "");
    for (const cache of [file, path.join(file, "below")]) {
      await assert.rejects(obtain(set.entry(), { cache, patience }), {
        name: "DatasetError",
        message: /received a file \((ENOTDIR|EEXIST)\) \(/,
      });
    }
    if (process.platform === "linux") {
      const cache = "/proc/convnotes";
      await assert.rejects(obtain(set.entry(), { cache, patience }), {
        name: "DatasetError",
        message: /Expected the cache to be a folder on a disk with room/,
      });
    }
  },
);

test(
  "a file where the data set's folder should be is told",
  limit,
  async (context) => {
    const cache = await temporaryFolder(context);
    await writeFile(path.join(cache, "small-set"), "");
    await assert.rejects(obtain(set.entry(), { cache, patience }), {
      name: "DatasetError",
      message: /received a file \(ENOTDIR\) \(.*small-set\)/,
    });
  },
);

test(
  "room that cannot be asked for is not insisted on",
  limit,
  async (context) => {
    const folder = await temporaryFolder(context);
    await checkSpace(path.join(folder, "missing"), "Small set", 1);
    await assert.rejects(checkSpace(folder, "Small set", 1e18), {
      message: /Expected 1000000000.00 GB of free disk for Small set, received/,
    });
  },
);

test("errors that have nothing to do with the disk stay as they are", () => {
  const error = new TypeError("mine");
  assert.equal(storageFailure(error, "cache"), error);
  assert.equal(storageFailure("text", "cache"), "text");
});

test(
  "a disk that takes longer than a server may be silent breaks nothing off",
  limit,
  async (context) => {
    const server = await TestServer.start(context);
    const { archive } = smallSet();
    const connection = await Connection.open(server.at("/a", serve(archive)), {
      headers: {},
      stallSeconds: 2,
    });
    context.after(() => connection.close());
    let received = 0;
    for await (const chunk of connection.chunks()) {
      if (received === 0) await sleep(2_500);
      received += chunk.length;
    }
    assert.equal(received, archive.length);
  },
);
