/**
 * Tests `load` for each data set: shapes, labels, provenance and origin.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import {
  mkdir,
  open,
  readFile,
  rename,
  symlink,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { cifar10 } from "../../src/data/catalog/cifar-10";
import { fashionMnist } from "../../src/data/catalog/fashion-mnist";
import type { DatasetEntry } from "../../src/data/catalog/dataset-entry";
import { load } from "../../src/data/load";
import type { LoadOptions } from "../../src/data/load-options";
import { writeManifest } from "../../src/data/download/manifest";
import { errorWith } from "../error-with";
import { randomIdx, type IdxBytes } from "./idx-file";
import { countFiles } from "./counted-files";
import { privateCache, skipElsewhere, usePrivateCache } from "./private-cache";
import { record, writeSparse } from "./record-file";
import { temporaryFolder } from "./temporary-folder";

usePrivateCache();

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const partial = { partial: true } as const;

/** Writes MNIST's four files with a few random images. */
async function writeMnist(
  folder: string,
  pack: (bytes: Buffer) => Buffer = (bytes) => bytes,
): Promise<Record<"train" | "t10k", IdxBytes>> {
  await mkdir(folder, { recursive: true });
  const splits = {
    train: randomIdx(7, [28, 28], 10, 1),
    t10k: randomIdx(5, [28, 28], 10, 2),
  };
  const ending = pack(Buffer.of(1)).length > 1 ? ".gz" : "";
  for (const [name, { images, labels }] of Object.entries(splits)) {
    const write = (what: string, bytes: Buffer) =>
      writeFile(path.join(folder, `${name}-${what}${ending}`), pack(bytes));
    await write("images-idx3-ubyte", images);
    await write("labels-idx1-ubyte", labels);
  }
  return splits;
}

describe("MNIST", () => {
  for (const [kind, pack] of [
    ["plain", undefined],
    ["gzipped", gzipSync],
  ] as const) {
    test(`is read from ${kind} files`, async (context) => {
      const root = await temporaryFolder(context);
      process.env.CONVNOTES_DATA = root;
      const written = await writeMnist(path.join(root, "mnist"), pack);
      const { train, test, origin, provenance } = await load("mnist", partial);
      assert.equal(`${train.images}`, "(7, 28, 28) uint8");
      assert.equal(`${train.labels}`, "(7,) uint8");
      assert.equal(`${test.images}`, "(5, 28, 28) uint8");
      assert.deepEqual(
        Buffer.from(train.images.data),
        written.train.images.subarray(16),
      );
      assert.deepEqual(
        Buffer.from(test.labels.data),
        written.t10k.labels.subarray(8),
      );
      assert.equal(provenance, "unverified");
      assert.equal(
        origin,
        "MNIST in the publisher's layout from the folder in CONVNOTES_DATA, only 7 of the 60,000 training images and 5 of the 10,000 test images, not verified against the publisher's digests.",
      );
    });
  }

  for (const [damage, change, received] of [
    [
      "truncated",
      (bytes: Buffer) => bytes.subarray(0, -9),
      "received a truncated one",
    ],
    [
      "followed by more bytes",
      (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(5)]),
      "received 5 bytes more",
    ],
    [
      "damaged",
      (bytes: Buffer) => {
        const changed = Buffer.from(bytes);
        changed[bytes.length - 5]! ^= 1;
        return changed;
      },
      "received a damaged one",
    ],
  ] as const) {
    test(`is rejected if a file is ${damage}`, async (context) => {
      const root = await temporaryFolder(context);
      await writeMnist(root, gzipSync);
      const file = path.join(root, "t10k-images-idx3-ubyte.gz");
      await writeFile(file, change(await readFile(file)));
      await assert.rejects(
        load("mnist", { ...partial, folder: root }),
        errorWith("ERR_FILE_FORMAT", received),
      );
    });
  }

  test("returns all available images if `partial` is set and more are requested", async (context) => {
    const root = await temporaryFolder(context);
    await writeMnist(root);
    const requested = { trainSamples: 6, testSamples: 100 };
    const set = await load("mnist", { ...partial, ...requested, folder: root });
    assert.equal(`${set.train.images}`, "(6, 28, 28) uint8");
    assert.equal(`${set.test.images}`, "(5, 28, 28) uint8");
    assert.equal(`${set.test.labels}`, "(5,) uint8");
    assert.match(set.description, /only 5 of the 100 test images/);
    await assert.rejects(
      load("mnist", { ...requested, folder: root }),
      errorWith("ERR_FILE_DAMAGED", "partial"),
    );
  });

  test("is read from a gzipped file if the unpacked one is cut off", async (context) => {
    const root = await temporaryFolder(context);
    const written = await writeMnist(root, gzipSync);
    const name = "train-images-idx3-ubyte";
    await writeFile(
      path.join(root, name),
      written.train.images.subarray(0, 1_000),
    );
    const { train } = await load("mnist", { ...partial, folder: root });
    assert.equal(train.images.shape[0], 7);
  });

  test("names the files that are there if they have other names", async (context) => {
    const root = await temporaryFolder(context);
    const folder = path.join(root, "mnist");
    await writeMnist(folder);
    const name = "train-images-idx3-ubyte";
    await rename(path.join(folder, name), path.join(folder, "train.idx"));
    await assert.rejects(
      load("mnist", { folder: root }),
      errorWith(
        "ERR_FILE_MISSING",
        `received a folder without ${name}; it contains train.idx`,
      ),
    );
  });

  test("is not read from loose files that could be Fashion-MNIST's", async (context) => {
    const root = await temporaryFolder(context);
    process.env.CONVNOTES_DATA = root;
    await writeMnist(root);
    await assert.rejects(
      load("mnist", partial),
      errorWith("ERR_FILE_MISSING", 'from: "files"'),
    );
    const { train } = await load("mnist", { ...partial, folder: root });
    assert.equal(train.images.shape[0], 7);
  });

  test("has the same shapes as synthetic data", async () => {
    const { train, test, classNames } = await load("mnist", {
      from: "synthetic",
      trainSamples: 12,
      testSamples: 3,
    });
    assert.equal(`${train.images}`, "(12, 28, 28) uint8");
    assert.equal(`${test.labels}`, "(3,) uint8");
    assert.equal(classNames[7], "7");
  });
});

describe("Fashion-MNIST of Debian's package", () => {
  const { folder } = fashionMnist.distribution!;
  const skip =
    skipElsewhere ||
    (existsSync(folder)
      ? false
      : "needs the package dataset-fashion-mnist of Debian");

  test("is found without options and is original", { skip }, async () => {
    const { provenance, origin, train, test } = await load("fashion-mnist");
    assert.equal(provenance, "original");
    assert.match(origin, /dataset-fashion-mnist, verified by SHA-256/);
    assert.equal(`${train.images}`, "(60000, 28, 28) uint8");
    assert.equal(`${test.images}`, "(10000, 28, 28) uint8");
    // The publisher states 6,000 and 1,000 images per class.
    for (const [split, each] of [
      [train, 6_000],
      [test, 1_000],
    ] as const) {
      const counts = new Array<number>(10).fill(0);
      for (const label of split.labels.data) counts[label]! += 1;
      assert.deepEqual(counts, new Array(10).fill(each));
    }
  });

  const few = { trainSamples: 1, testSamples: 1 };

  /** Names of the publisher's files, and whether these are unpacked. */
  const namings: Record<string, readonly [(name: string) => string, boolean]> =
    {
      "gzipped files": [(name) => `${name}.gz`, false],
      "gzipped files without the ending": [(name) => name, false],
      "unpacked files": [(name) => name, true],
      "unpacked files with the ending of gzipped ones": [
        (name) => `${name}.gz`,
        true,
      ],
      "files with a dot": [(name) => name.replace("-idx", ".idx"), false],
      "files in capitals": [(name) => `${name}.gz`.toUpperCase(), false],
    };

  for (const [what, [naming, isUnpacked]] of Object.entries(namings)) {
    test(
      `is original in ${what}, and distinguished from MNIST in a folder of that name`,
      { skip },
      async (context) => {
        const root = await temporaryFolder(context);
        const own = path.join(root, "fashion-mnist");
        await mkdir(own);
        for (const { name } of fashionMnist.files) {
          const packed = path.join(folder, `${name}.gz`);
          const file = path.join(own, naming(name));
          if (isUnpacked)
            await writeFile(file, gunzipSync(await readFile(packed)));
          else await symlink(packed, file);
        }
        const requests = isUnpacked ? [few] : [few, {}];
        for (const request of requests) {
          const options = { ...request, folder: root };
          const { provenance } = await load("fashion-mnist", options);
          assert.equal(provenance, "original");
        }
        await rename(own, path.join(root, "mnist"));
        for (const request of [...requests, { ...few, partial: true }]) {
          await assert.rejects(
            load("mnist", { ...request, folder: root }),
            errorWith(
              "ERR_FILE_DAMAGED",
              "MNIST",
              "received a file of Fashion-MNIST",
            ),
          );
        }
      },
    );
  }

  test(
    "is read as far as necessary for one image",
    { skip },
    async (context) => {
      const counts = countFiles(context);
      const { provenance } = await load("fashion-mnist", few);
      assert.equal(provenance, "original");
      for (const name of [
        "train-images-idx3-ubyte",
        "t10k-images-idx3-ubyte",
      ]) {
        const { opens, bytes } = counts.get(`${name}.gz`)!;
        assert.equal(opens, 1);
        assert.ok(bytes < 200_000, `${bytes} bytes of ${name}`);
      }
    },
  );
});

describe("CIFAR-100", () => {
  async function write(root: string): Promise<void> {
    const folder = path.join(root, "cifar-100-binary");
    await mkdir(folder);
    // Coarse label, then fine.
    const train = [record([4, 0]), record([19, 99]), record([0, 4])];
    await writeFile(path.join(folder, "train.bin"), Buffer.concat(train));
    await writeFile(path.join(folder, "test.bin"), record([1, 1]));
  }

  test("has fine labels by default and coarse ones on request", async (context) => {
    const root = await temporaryFolder(context);
    await write(root);
    const fine = await load("cifar-100", { ...partial, folder: root });
    assert.deepEqual([...fine.train.labels.data], [0, 99, 4]);
    assert.equal(`${fine.train.labels}`, "(3, 1) uint8");
    assert.equal(fine.classNames[99], "worm");
    const coarse = await load("cifar-100", {
      ...partial,
      folder: root,
      labels: "coarse",
    });
    assert.deepEqual([...coarse.train.labels.data], [4, 19, 0]);
    assert.equal(coarse.classNames.length, 20);
    assert.equal(coarse.classNames[19], "vehicles_2");
  });

  test("returns all available images if `partial` is set and more are requested", async (context) => {
    const root = await temporaryFolder(context);
    await write(root);
    const requested = { trainSamples: 2, testSamples: 100 };
    const set = await load("cifar-100", {
      ...partial,
      ...requested,
      folder: root,
    });
    assert.equal(`${set.train.images}`, "(2, 32, 32, 3) uint8");
    assert.equal(`${set.test.images}`, "(1, 32, 32, 3) uint8");
    assert.equal(`${set.test.labels}`, "(1, 1) uint8");
    assert.match(set.description, /only 1 of the 100 test images/);
  });

  test("has fine and coarse labels as synthetic data", async () => {
    const options: LoadOptions = {
      from: "synthetic",
      trainSamples: 30,
      testSamples: 1,
    };
    const fine = await load("cifar-100", options);
    const coarse = await load("cifar-100", { ...options, labels: "coarse" });
    assert.deepEqual(coarse.train.images.data, fine.train.images.data);
    assert.ok(Math.max(...fine.train.labels.data) > 19);
    assert.ok(Math.max(...coarse.train.labels.data) <= 19);
  });
});

describe(
  "a data set unpacked into the cache by convnotes",
  { skip: skipElsewhere },
  () => {
    /** Writes files of the publisher's sizes, and the manifest of the publisher's archive. */
    async function unpack(entry: DatasetEntry): Promise<string> {
      const folder = path.join(privateCache(), entry.folder);
      await mkdir(folder, { recursive: true });
      const files = [];
      for (const [index, { name, bytes }] of entry.files.entries()) {
        const file = path.join(folder, name);
        await writeSparse(file, bytes, { 0: record([index]) });
        const content = await readFile(file);
        const prefixes = [65_536, 1_048_576].map((length) => ({
          bytes: length,
          sha256: sha256(content.subarray(0, length)),
        }));
        files.push({ name, bytes, sha256: sha256(content), prefixes });
      }
      await writeManifest(folder, {
        dataset: entry.name,
        archives: entry.downloads,
        files,
      });
      return folder;
    }

    /** Removes the digests of prefixes from a manifest. */
    async function removePrefixes(folder: string): Promise<void> {
      const file = path.join(folder, "convnotes.json");
      const text = await readFile(file, "utf8");
      const without = JSON.parse(text, (key, value: unknown) =>
        key === "prefixes" ? undefined : value,
      ) as unknown;
      await writeFile(file, JSON.stringify(without));
    }

    /** Changes a pixel of the first image. */
    async function damageStart(folder: string): Promise<void> {
      const handle = await open(path.join(folder, "data_batch_1.bin"), "r+");
      await handle.write(Buffer.of(1), 0, 1, 3_000);
      await handle.close();
    }

    test("is read once", async (context) => {
      await unpack(cifar10);
      const counts = countFiles(context);
      const { provenance } = await load("cifar-10");
      assert.equal(provenance, "original");
      for (const { name, bytes } of cifar10.files) {
        assert.deepEqual(counts.get(name), { opens: 1, bytes }, name);
      }
    });

    test("is read as far as necessary for one image", async (context) => {
      const folder = await unpack(cifar10);
      const few = { trainSamples: 1, testSamples: 1 };
      const read = { opens: 1, bytes: 65_536 };
      for (const [prefixes, expected] of [
        [true, read],
        // Former versions wrote manifests without digests of prefixes.
        [false, { opens: 1, bytes: 30_730_000 }],
      ] as const) {
        if (!prefixes) await removePrefixes(folder);
        const counts = countFiles(context);
        const { provenance } = await load("cifar-10", few);
        assert.equal(provenance, "original");
        const names = ["data_batch_1.bin", "test_batch.bin"];
        for (const name of names) assert.deepEqual(counts.get(name), expected);
        const { files } = cifar10;
        const others = files.filter(({ name }) => !names.includes(name));
        for (const { name } of others) assert.ok(!counts.has(name), name);
        context.mock.restoreAll();
      }
    });

    test("is original until one of its bytes changes", async () => {
      const folder = await unpack(cifar10);
      const few = { trainSamples: 2, testSamples: 1 };
      const { provenance, origin } = await load("cifar-10", few);
      assert.equal(provenance, "original");
      assert.equal(
        origin,
        "CIFAR-10, the publisher's files from convnotes' cache folder, verified by SHA-256.",
      );

      const handle = await open(path.join(folder, "data_batch_4.bin"), "r+");
      await handle.write(Buffer.of(1), 0, 1, 30_000_000);
      await handle.close();
      const changed = errorWith(
        "ERR_FILE_DAMAGED",
        "data_batch_4.bin",
        "CIFAR-10's archive",
        "`npx convnotes data get cifar-10` downloads it again",
      );
      await assert.rejects(load("cifar-10"), changed);
      await assert.rejects(load("cifar-10", { trainSamples: 40_000 }), changed);
      // These bytes are the publisher's.
      assert.equal((await load("cifar-10", few)).provenance, "original");
      await damageStart(folder);
      await assert.rejects(
        load("cifar-10", few),
        errorWith("ERR_FILE_DAMAGED", "of its first 65,536 bytes"),
      );
    });

    test("is unverified if the manifest names another archive", async () => {
      const folder = await unpack(cifar10);
      const file = path.join(folder, "convnotes.json");
      const text = await readFile(file, "utf8");
      await writeFile(file, text.replace("c4a38c50", "c4a38c51"));
      const few = { trainSamples: 2, testSamples: 1 };
      assert.equal((await load("cifar-10", few)).provenance, "unverified");
    });
  },
);
