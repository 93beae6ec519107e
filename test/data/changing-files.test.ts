/**
 * Tests that `load` detects files that change while it reads them.
 */
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { describe, test, type TestContext } from "node:test";
import { verifyFiles } from "../../src/data/command/verify-files";
import { load } from "../../src/data/load";
import { errorWith } from "../error-with";
import { privateCache, usePrivateCache, skipElsewhere } from "./private-cache";
import { useSmallMnist } from "./small-mnist";
import { temporaryFolder } from "./temporary-folder";

usePrivateCache();

const IMAGES = "train-images-idx3-ubyte";
const LABELS = "t10k-labels-idx1-ubyte";

type Change = (file: string) => Promise<unknown>;

/** What other programs do to a file. The bytes of `overwritten` stay valid. */
const changes: Record<string, Change> = {
  truncated: (file) => fs.truncate(file, 12),
  emptied: (file) => fs.truncate(file, 0),
  extended: (file) => fs.appendFile(file, "x"),
  overwritten: async (file) => {
    const { atime, mtime } = await fs.stat(file);
    const bytes = await fs.readFile(file);
    bytes[bytes.length - 1] = 9 - bytes[bytes.length - 1]!;
    await fs.writeFile(file, bytes);
    // With its former time: only the time of the metadata's change differs.
    await fs.utimes(file, atime, mtime);
  },
  "overwritten by nonsense": (file) => fs.writeFile(file, "<html>".repeat(999)),
  replaced: async (file) => {
    await fs.copyFile(file, `${file}.new`);
    await fs.rename(`${file}.new`, file);
  },
  removed: (file) => fs.rm(file),
};

/** Runs `change` once, after the first read from a file of this name. */
function changeDuring(
  context: TestContext,
  name: string,
  change: Change,
): void {
  const open = fs.open;
  let isChanged = false;
  context.mock.method(fs, "open", async (...given: Parameters<typeof open>) => {
    const handle = await open(...given);
    const file = String(given[0]);
    if (path.basename(file) !== name || isChanged) return handle;
    const read = handle.read.bind(handle) as (
      ...given: unknown[]
    ) => Promise<unknown>;
    const readAndChange = async (...given: unknown[]) => {
      const result = await read(...given);
      if (!isChanged) {
        isChanged = true;
        await change(file);
      }
      return result;
    };
    return Object.assign(handle, { read: readAndChange });
  });
}

/** Waits until the file system's clock has advanced, so that a change has another time. */
async function settle(folder: string): Promise<void> {
  const probe = path.join(folder, "probe");
  await fs.writeFile(probe, "");
  const before = (await fs.stat(probe, { bigint: true })).ctimeNs;
  for (let now = before; now === before;) {
    await fs.writeFile(probe, "");
    now = (await fs.stat(probe, { bigint: true })).ctimeNs;
  }
  await fs.rm(probe);
}

for (const [how, change] of Object.entries(changes)) {
  for (const [name, when] of [
    [IMAGES, "the first file"],
    [LABELS, "the last file"],
  ] as const) {
    test(`rejects ${when} if it is ${how} while it is read`, async (context) => {
      const { files } = await useSmallMnist(context);
      const folder = await temporaryFolder(context);
      for (const [file, bytes] of files) {
        await fs.writeFile(path.join(folder, file), bytes);
      }
      await settle(folder);
      changeDuring(context, name, change);
      await assert.rejects(
        load("mnist", { folder }),
        errorWith(
          "ERR_FILE_DAMAGED",
          `${name} to stay unchanged while it is read`,
          "Try again when no other program writes to it",
        ),
      );
    });
  }
}

test("rejects a file that changes after it was read, while others are read", async (context) => {
  const { files } = await useSmallMnist(context);
  const folder = await temporaryFolder(context);
  for (const [file, bytes] of files) {
    await fs.writeFile(path.join(folder, file), bytes);
  }
  await settle(folder);
  changeDuring(context, LABELS, () =>
    changes.overwritten!(path.join(folder, IMAGES)),
  );
  await assert.rejects(
    load("mnist", { folder }),
    errorWith("ERR_FILE_DAMAGED", `${IMAGES} to stay unchanged`),
  );
});

describe("a file in the cache", { skip: skipElsewhere }, () => {
  test("that changes while it is read is downloaded again on request", async (context) => {
    context.mock.method(console, "log", () => undefined);
    const { server } = await useSmallMnist(context);
    const from = "files or download";
    await load("mnist", { from });
    const folder = path.join(privateCache(), "mnist");
    await settle(folder);
    changeDuring(context, IMAGES, changes.overwritten!);
    assert.equal((await load("mnist", { from })).provenance, "original");
    assert.equal(server.requests.length, 8);
  });

  test("has no digest of former bytes in verify and in a later load", async (context) => {
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    context.mock.method(console, "log", log);
    const { entry } = await useSmallMnist(context);
    await load("mnist", { from: "files or download" });
    const { signal } = new AbortController();
    assert.equal(await verifyFiles([entry], signal), 0);
    const file = path.join(privateCache(), "mnist", IMAGES);
    await changes.overwritten!(file);
    assert.equal(await verifyFiles([entry], signal), 1);
    await assert.rejects(load("mnist"), errorWith("ERR_FILE_DAMAGED", IMAGES));
  });
});
