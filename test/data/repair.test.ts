/**
 * Tests that damaged and incomplete files in the cache are downloaded again, replaced by synthetic
 * images, or reported with the command that downloads them.
 */
import assert from "node:assert/strict";
import {
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  truncate,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { describe, test, type TestContext } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import type { DatasetEntry } from "../../src/data/catalog/dataset-entry";
import { get } from "../../src/data/command/get";
import { verifyFiles } from "../../src/data/command/verify-files";
import { load } from "../../src/data/load";
import { errorWith } from "../error-with";
import { privateCache, skipElsewhere, usePrivateCache } from "./private-cache";
import { type SmallMnist, useSmallMnist } from "./small-mnist";
import { temporaryFolder } from "./temporary-folder";

usePrivateCache();

const COMMAND = "`npx convnotes data get mnist` downloads it again";
const IMAGES = "train-images-idx3-ubyte";

/** Damages of a set that convnotes has unpacked into the cache, and what is said about them. */
const damages: Record<
  string,
  readonly [(folder: string) => Promise<unknown>, said: string]
> = {
  "a missing file": [
    (folder) => rm(path.join(folder, "train-labels-idx1-ubyte")),
    "received a folder without train-labels-idx1-ubyte",
  ],
  "a missing file and no manifest": [
    async (folder) => {
      await rm(path.join(folder, "train-labels-idx1-ubyte"));
      await rm(path.join(folder, "convnotes.json"));
    },
    "received a folder without train-labels-idx1-ubyte",
  ],
  "only the manifest": [
    async (folder) => {
      for (const name of await readdir(folder)) {
        if (name !== "convnotes.json") await rm(path.join(folder, name));
      }
    },
    "received a folder without train-images-idx3-ubyte",
  ],
  "an empty folder": [
    async (folder) => {
      await rm(folder, { recursive: true });
      await mkdir(folder);
    },
    "received a folder without train-images-idx3-ubyte",
  ],
  "a truncated file": [
    (folder) => truncate(path.join(folder, IMAGES), 1_000),
    "received 1,000 bytes",
  ],
  "an empty file": [
    (folder) => truncate(path.join(folder, IMAGES), 0),
    "received 0 bytes",
  ],
  "a changed byte": [
    async (folder) => {
      const handle = await open(path.join(folder, IMAGES), "r+");
      await handle.write(Buffer.of(1, 2, 3), 0, 3, 2_000);
      await handle.close();
    },
    IMAGES,
  ],
  "a directory in place of a file": [
    async (folder) => {
      await rm(path.join(folder, IMAGES));
      await mkdir(path.join(folder, IMAGES));
    },
    "received no file",
  ],
};

/** Records what is printed. */
function record(
  context: TestContext,
  ...methods: readonly ("log" | "warn" | "error")[]
): string[] {
  const lines: string[] = [];
  for (const method of methods) {
    context.mock.method(console, method, (line: string) => lines.push(line));
  }
  return lines;
}

/** Changes a pixel of a gzipped file. */
async function damagePackage(file: string): Promise<void> {
  const bytes = gunzipSync(await readFile(file));
  bytes[bytes.length - 1]! ^= 1;
  await writeFile(file, gzipSync(bytes));
}

const { signal } = new AbortController();
const run = (command: typeof get, { entry }: { entry: DatasetEntry }) =>
  command([entry], signal);

/** Downloads the small set into the cache. Returns it and its folder. */
async function downloaded(
  context: TestContext,
): Promise<SmallMnist & { readonly folder: string }> {
  const set = await useSmallMnist(context);
  await load("mnist", { from: "files or download" });
  set.server.requests.length = 0;
  return { ...set, folder: path.join(privateCache(), "mnist") };
}

describe("a data set in the cache", { skip: skipElsewhere }, () => {
  for (const [what, [damage, said]] of Object.entries(damages)) {
    describe(`with ${what}`, () => {
      test("is reported with the command that replaces it", async (context) => {
        record(context, "log");
        const { folder } = await downloaded(context);
        await damage(folder);
        await assert.rejects(load("mnist"), (error: Error) => {
          assert.ok(error.message.includes(said), error.message);
          assert.ok(error.message.includes(COMMAND), error.message);
          return true;
        });
      });

      test("is downloaded again by load", async (context) => {
        const lines = record(context, "log");
        const { folder, files, server } = await downloaded(context);
        await damage(folder);
        const set = await load("mnist", { from: "files or download" });
        assert.equal(set.provenance, "original");
        assert.deepEqual(
          Buffer.from(set.train.images.data),
          files.get(IMAGES)!.subarray(16),
        );
        assert.equal(server.requests.length, 4);
        assert.ok(lines.some((line) => line.includes("cannot be used")));
        assert.deepEqual(
          await readdir(path.join(privateCache(), ".partial")),
          [],
        );
        await load("mnist");
      });

      test("is replaced by synthetic images with a warning", async (context) => {
        const lines = record(context, "log", "warn");
        const { folder, server } = await downloaded(context);
        await damage(folder);
        lines.length = 0;
        const set = await load("mnist", { from: "files or synthetic" });
        assert.equal(set.provenance, "synthetic");
        assert.equal(lines.length, 1);
        assert.ok(lines[0]!.includes(said), lines[0]);
        assert.ok(lines[0]!.includes(COMMAND), lines[0]);
        assert.equal(server.requests.length, 0);
      });

      test("is found by verify and downloaded again by get", async (context) => {
        const lines = record(context, "log", "error");
        const set = await downloaded(context);
        assert.equal(await run(verifyFiles, set), 0);
        await damage(set.folder);
        lines.length = 0;
        assert.equal(await run(verifyFiles, set), 1);
        assert.ok(lines.join("\n").includes(COMMAND), lines.join("\n"));
        assert.equal(await run(get, set), 0);
        assert.equal(set.server.requests.length, 4);
        assert.equal(await run(verifyFiles, set), 0);
        assert.equal(await run(get, set), 0);
        assert.match(lines.at(-1)!, /already on this machine/);
        assert.equal(set.server.requests.length, 4);
      });
    });
  }

  test("stays as it is if the download fails", async (context) => {
    record(context, "log", "error");
    const { folder } = await downloaded(context);
    await damages["a truncated file"]![0](folder);
    const before = (await readdir(folder)).sort();
    const set = await useSmallMnist(context, "failing");
    assert.equal(await run(get, set), 1);
    await assert.rejects(
      load("mnist", { from: "files or download" }),
      errorWith("ERR_DOWNLOAD"),
    );
    assert.deepEqual((await readdir(folder)).sort(), before);
  });

  test("is left unchanged if convnotes did not create it", async (context) => {
    const lines = record(context, "log", "error");
    const set = await useSmallMnist(context);
    const folder = path.join(privateCache(), "mnist");
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, IMAGES), "mine");
    await writeFile(path.join(folder, "notes.txt"), "mine, too");
    await assert.rejects(
      load("mnist"),
      errorWith(
        "ERR_FILE_MISSING",
        "move it elsewhere, then `npx convnotes data get mnist` downloads the data set",
      ),
    );
    await assert.rejects(
      load("mnist", { from: "files or download" }),
      errorWith("ERR_INVALID_STATE", "move it elsewhere and try again"),
    );
    assert.equal(await run(get, set), 1);
    assert.match(lines.at(-1)!, /move it elsewhere and try again/);
    const names = await readdir(folder);
    assert.deepEqual(names.sort(), ["notes.txt", IMAGES]);
    assert.equal(set.server.requests.length, 0);

    // One changed file among the publisher's could be the user's.
    await rm(path.join(folder, "notes.txt"));
    await assert.rejects(
      load("mnist", { from: "files or download" }),
      errorWith("ERR_INVALID_STATE", "move it elsewhere and try again"),
    );
    assert.deepEqual(await readdir(folder), [IMAGES]);
  });

  test("does not hide a complete package of the distribution", async (context) => {
    record(context, "log");
    const set = await useSmallMnist(context);
    const folder = await temporaryFolder(context);
    Object.assign(set.entry, {
      distribution: { package: "dataset-mnist", folder },
    });
    await mkdir(path.join(privateCache(), "mnist"), { recursive: true });
    await set.writePacked(folder);
    const { description, provenance } = await load("mnist");
    assert.match(description, /package dataset-mnist/);
    assert.equal(provenance, "original");
    assert.equal(await run(verifyFiles, set), 1);
    assert.equal(await run(get, set), 0);
    assert.equal(set.server.requests.length, 0);

    // A damaged package is replaced by a download.
    await damagePackage(path.join(folder, `${IMAGES}.gz`));
    await assert.rejects(load("mnist"), errorWith("ERR_FILE_DAMAGED", COMMAND));
    const from = "files or download";
    const again = await load("mnist", { from });
    assert.match(again.description, /convnotes' cache folder/);
    assert.equal(set.server.requests.length, 4);
  });

  test("is downloaded again by get if its manifest cannot verify it", async (context) => {
    const lines = record(context, "log", "error");
    const set = await useSmallMnist(context);
    // As for CIFAR, whose files have no published digests.
    const files = set.entry.files.map(({ name, bytes }) => ({ name, bytes }));
    Object.assign(set.entry, { files });
    const from = "files or download";
    assert.equal((await load("mnist", { from })).provenance, "original");
    const manifest = path.join(privateCache(), "mnist", "convnotes.json");
    await writeFile(manifest, "{");
    assert.equal((await load("mnist")).provenance, "unverified");
    assert.equal(await run(get, set), 0);
    assert.ok(lines.some((line) => line.includes("convnotes.json to have")));
    assert.equal((await load("mnist")).provenance, "original");
    assert.equal(set.server.requests.length, 8);
  });

  test("is verified by the catalog if the manifest is of another version", async (context) => {
    record(context, "log");
    const { folder, server } = await downloaded(context);
    const manifest = path.join(folder, "convnotes.json");
    const text = await readFile(manifest, "utf8");
    await writeFile(manifest, text.replaceAll(/"sha256": "./g, '"sha256": "-'));
    assert.equal((await load("mnist")).provenance, "original");
    assert.equal(server.requests.length, 0);
  });
});
