/**
 * Tests downloads to full, read-only or missing disks.
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
import { errorWith } from "../../error-with";
import { temporaryFolder } from "../temporary-folder";
import { quickLimits as limits, smallSet } from "./small-set";
import { serve, TestServer } from "./test-server";

const timeLimit = { timeout: 60_000 };
const set = smallSet();
const isRoot = process.getuid?.() === 0;

/**
 * Mounts a disk of `kilobytes` until the end of the test.
 *
 * Returns undefined and skips the test if mounting is not possible.
 */
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
  "rejects a disk with too little space before downloading",
  timeLimit,
  async (context) => {
    const cache = await smallDisk(context, 200);
    if (cache === undefined) return;
    const server = await TestServer.start(context);
    const entry = set.entry(server.at("/a", serve(set.archive)));
    await assert.rejects(
      obtain(entry, { cache, limits }),
      errorWith("ERR_DISK", "240 kB", "Small set", "received"),
    );
    assert.equal(server.requests.length, 0);
  },
);

test(
  "reports a disk that fills during the download, and resumes later",
  timeLimit,
  async (context) => {
    const cache = await smallDisk(context, 400);
    if (cache === undefined) return;
    const server = await TestServer.start(context);
    const filler = path.join(cache, "filler");
    const fill = () => writeFile(filler, Buffer.alloc(330_000));
    const mirror = server.at("/a", serve(set.archive, { before: fill }));
    const entry = set.entry(mirror);
    await assert.rejects(
      obtain(entry, { cache, limits }),
      errorWith("ERR_DISK", "received a full disk (ENOSPC)"),
    );
    // A full disk is not the mirror's fault, so it is not retried.
    assert.equal(server.requests.length, 1);
    await writeFile(filler, "");
    server.at("/a", serve(set.archive));
    await obtain(entry, { cache, limits });
    assert.match(server.rangesAt("/a")[1]!, /^bytes=\d+-$/);
  },
);

test(
  "reports a disk that fills during unpacking",
  timeLimit,
  async (context) => {
    const cache = await smallDisk(context, 400);
    if (cache === undefined) return;
    const server = await TestServer.start(context);
    const entry = set.entry(server.at("/a", serve(set.archive)));
    let isFilled = false;
    const download = obtain(entry, {
      cache,
      limits,
      report: ({ stage }) => {
        if (stage !== "unpacking" || isFilled) return;
        isFilled = true;
        execFileSync("dd", [
          ...["if=/dev/zero", `of=${path.join(cache, "filler")}`],
          ...["bs=1000", "count=200", "status=none"],
        ]);
      },
    });
    await assert.rejects(
      download,
      errorWith("ERR_DISK", "received a full disk (ENOSPC)"),
    );
    assert.ok(!(await readdir(cache)).includes("small-set"));
    await writeFile(path.join(cache, "filler"), "");
    await obtain(entry, { cache, limits });
    assert.equal(server.requests.length, 1);
  },
);

test("reports a read-only cache", timeLimit, async (context) => {
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
  await assert.rejects(obtain(set.entry(), { cache, limits }), {
    name: "DatasetError",
    message: /received (a read-only disk \(EROFS\)|no permission to write)/,
  });
});

test("uses a data set in a read-only cache", timeLimit, async (context) => {
  const cache = await smallDisk(context, 800);
  if (cache === undefined) return;
  const server = await TestServer.start(context);
  const entry = set.entry(server.at("/a", serve(set.archive)));
  const folder = await obtain(entry, { cache, limits });
  const options = ["-o", "remount,ro", cache];
  execFileSync("mount", options, { stdio: "ignore" });
  assert.equal(await obtain(entry, { cache, limits }), folder);
});

test(
  "reports a cache path that is a file, below a file or missing",
  timeLimit,
  async (context) => {
    const around = await temporaryFolder(context);
    const file = path.join(around, "file");
    await writeFile(file, "");
    for (const cache of [file, path.join(file, "below")]) {
      await assert.rejects(obtain(set.entry(), { cache, limits }), {
        code: "ERR_DISK",
        message: /received a file \((ENOTDIR|EEXIST)\) \(/,
      });
    }
    if (process.platform === "linux") {
      const cache = "/proc/convnotes";
      await assert.rejects(
        obtain(set.entry(), { cache, limits }),
        errorWith("ERR_DISK"),
      );
    }
  },
);

test(
  "reports a file instead of the data set's folder",
  timeLimit,
  async (context) => {
    const cache = await temporaryFolder(context);
    await writeFile(path.join(cache, "small-set"), "");
    await assert.rejects(
      obtain(set.entry(), { cache, limits }),
      errorWith("ERR_DISK", "received a file (ENOTDIR)", "small-set"),
    );
  },
);

test(
  "skips the space check if the free space is unknown",
  timeLimit,
  async (context) => {
    const folder = await temporaryFolder(context);
    await checkSpace(path.join(folder, "missing"), "Small set", 1);
    await assert.rejects(
      checkSpace(folder, "Small set", 1e18),
      errorWith("ERR_DISK", "1000000000.00 GB", "Small set"),
    );
  },
);

test("leaves unrelated errors unchanged", () => {
  const error = new TypeError("unrelated");
  assert.equal(storageFailure(error, "cache"), error);
  assert.equal(storageFailure("text", "cache"), "text");
});

test(
  "does not count slow disk writes as a stalled server",
  timeLimit,
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
