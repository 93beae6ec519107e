/**
 * Tests how `load` finds files, checks options and reports errors, for CIFAR-10.
 */
import assert from "node:assert/strict";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { cifar10 } from "../../src/data/catalog/cifar-10";
import { DatasetError } from "../../src/data/dataset-error";
import { load } from "../../src/data/load";
import type { LoadOptions } from "../../src/data/load-options";
import { errorWith } from "../error-with";
import { privateCache, skipElsewhere, usePrivateCache } from "./private-cache";
import { IMAGE_SIZE, record, writeSparse } from "./record-file";
import { temporaryFolder } from "./temporary-folder";

const FOLDER = "cifar-10-batches-bin";
const RECORD_SIZE = 1 + IMAGE_SIZE;
const FILE_SIZE = 10_000 * RECORD_SIZE;
const FILES = [
  "data_batch_1.bin",
  "data_batch_2.bin",
  "data_batch_3.bin",
  "data_batch_4.bin",
  "data_batch_5.bin",
  "test_batch.bin",
];
const few = { trainSamples: 3, testSamples: 2 };

const cacheTest = { skip: skipElsewhere };

usePrivateCache();

/**
 * Writes a set of the publisher's size. The first image of each file has the file's index as label.
 */
async function makeSet(folder: string, value: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [index, name] of FILES.entries()) {
    await writeSparse(path.join(folder, name), FILE_SIZE, {
      0: record([index], () => value),
    });
  }
  return folder;
}

/** Asserts that `load` throws a DatasetError and returns it. */
async function failure(options: LoadOptions): Promise<DatasetError> {
  const error: unknown = await load("cifar-10", { ...few, ...options }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DatasetError, String(error));
  return error;
}

test("reads a complete set in the publisher's layout", async (context) => {
  const folder = await makeSet(await temporaryFolder(context), 50);
  const last = record([9], (channel) => 10 + channel);
  await writeSparse(path.join(folder, "data_batch_5.bin"), FILE_SIZE, {
    [FILE_SIZE - RECORD_SIZE]: last,
  });
  const { train, test, ...words } = await load("cifar-10", { folder });
  assert.deepEqual(words, {
    name: "cifar-10",
    title: "CIFAR-10",
    classNames: cifar10.classNames,
    provenance: "unverified",
    description:
      "CIFAR-10 in the publisher's layout from the folder given as `folder`, not verified against the publisher's digests.",
  });
  assert.equal(train.name, "train");
  assert.equal(test.name, "test");
  assert.equal(`${train.images}`, "(50000, 32, 32, 3) uint8");
  assert.equal(`${train.labels}`, "(50000, 1) uint8");
  assert.equal(`${test.images}`, "(10000, 32, 32, 3) uint8");
  assert.equal(`${test.labels}`, "(10000, 1) uint8");
  // The files are read in numerical order.
  const firsts = [0, 1, 2, 3, 4].map(
    (file) => train.labels.data[file * 10_000],
  );
  assert.deepEqual(firsts, [0, 1, 2, 3, 0]);
  assert.equal(test.labels.data[0], 5);
  assert.equal(train.labels.data[49_999], 9);
  assert.deepEqual([...train.images.data.slice(-3)], [10, 11, 12]);
  assert.equal(test.images.data[0], 50);
});

test("has CIFAR-10's class names in the right order", () => {
  assert.equal(
    cifar10.classNames.join(" "),
    "airplane automobile bird cat deer dog frog horse ship truck",
  );
});

test("reads the first samples, also across files", async (context) => {
  const folder = await makeSet(await temporaryFolder(context), 1);
  const { train, test } = await load("cifar-10", {
    folder,
    trainSamples: 10_001,
    testSamples: 1,
  });
  assert.deepEqual(train.images.shape, [10_001, 32, 32, 3]);
  assert.deepEqual(test.images.shape, [1, 32, 32, 3]);
  assert.equal(train.labels.data[10_000], 1);
});

test("the folder may be the set's own or the one around it", async (context) => {
  const around = await temporaryFolder(context);
  const own = await makeSet(path.join(around, FOLDER), 60);
  for (const folder of [around, own]) {
    const { provenance, train } = await load("cifar-10", { ...few, folder });
    assert.equal(provenance, "unverified");
    assert.equal(train.images.data[0], 60);
  }
});

test(
  "searches `folder`, CONVNOTES_DATA and the cache in this order, then uses synthetic images",
  cacheTest,
  async (context) => {
    const find = () => load("cifar-10", { ...few, from: "files or synthetic" });

    assert.equal((await find()).provenance, "synthetic");

    await makeSet(path.join(privateCache(), FOLDER), 10);
    const cached = await find();
    assert.equal(cached.train.images.data[0], 10);
    assert.equal(cached.provenance, "unverified");
    assert.match(cached.description, /from convnotes' cache folder/);

    process.env.CONVNOTES_DATA = await makeSet(
      await temporaryFolder(context),
      20,
    );
    const named = await find();
    assert.equal(named.train.images.data[0], 20);
    assert.equal(named.provenance, "unverified");
    assert.match(named.description, /from the folder in CONVNOTES_DATA/);

    const folder = await makeSet(await temporaryFolder(context), 30);
    const given = await load("cifar-10", { ...few, folder });
    assert.equal(given.train.images.data[0], 30);
  },
);

test("does not reveal a path in the origin", async (context) => {
  const folder = await makeSet(await temporaryFolder(context), 1);
  const { origin } = await load("cifar-10", { ...few, folder });
  assert.ok(!origin.includes(folder) && !origin.includes("/"), origin);
});

test("ignores an empty CONVNOTES_DATA", async () => {
  process.env.CONVNOTES_DATA = "";
  const { provenance } = await load("cifar-10", {
    ...few,
    from: "files or synthetic",
  });
  assert.equal(provenance, "synthetic");
});

test(
  "rejects a given folder without the data set instead of trying other sources",
  cacheTest,
  async (context) => {
    const folder = await temporaryFolder(context);
    await makeSet(path.join(privateCache(), FOLDER), 10);
    const given = { folder, from: "files or synthetic" } as const;

    errorWith(
      "ERR_FILE_MISSING",
      "`folder`",
      "CIFAR-10 in cifar-10-batches-bin/",
      `received an empty folder (${folder})`,
    )(await failure(given));
    await writeFile(path.join(folder, "cifar-10-binary.tar.gz"), "");
    const other = await failure(given);
    assert.equal(other.received, "a folder with cifar-10-binary.tar.gz");
    for (const name of ["a", "b", "c", "d", "e", "f"]) {
      await mkdir(path.join(folder, name));
    }
    assert.equal(
      (await failure(given)).received,
      "a folder with a, b, c, cifar-10-binary.tar.gz, d, e, ...",
    );
    const missing = await failure({ folder: path.join(folder, "elsewhere") });
    assert.equal(missing.received, "no such folder");
    assert.equal(missing.file, path.join(folder, "elsewhere"));
  },
);

test(
  "accepts a CONVNOTES_DATA without the data set, but not a missing folder",
  cacheTest,
  async (context) => {
    const folder = await temporaryFolder(context);
    process.env.CONVNOTES_DATA = folder;
    await makeSet(path.join(privateCache(), FOLDER), 10);
    const { origin } = await load("cifar-10", few);
    assert.match(origin, /cache folder/);

    process.env.CONVNOTES_DATA = path.join(folder, "elsewhere");
    const missing = await failure({});
    errorWith(
      "ERR_FILE_MISSING",
      "CONVNOTES_DATA",
      `received no such folder (${path.join(folder, "elsewhere")})`,
    )(missing);
  },
);

test("rejects a file or an endless link instead of a folder", async (context) => {
  const folder = await temporaryFolder(context);
  const file = path.join(folder, "data");
  await writeFile(file, "");
  assert.equal((await failure({ folder: file })).received, "a file");
  const loop = path.join(folder, "loop");
  await symlink(loop, loop);
  assert.equal((await failure({ folder: loop })).received, "ELOOP");
});

for (const [place, prepare] of [
  ["a named folder", (folder: string) => ({ folder })],
  [
    "the cache",
    (folder: string) => {
      process.env.XDG_CACHE_HOME = path.dirname(folder);
      return {};
    },
  ],
] as const) {
  test(
    `names the missing file if ${place} has five of six`,
    cacheTest,
    async (context) => {
      const base = await temporaryFolder(context);
      const around = path.join(base, "convnotes");
      const own = await makeSet(path.join(around, FOLDER), 1);
      await rm(path.join(own, "data_batch_4.bin"));
      const error = await failure(prepare(around));
      errorWith("ERR_FILE_MISSING", "all 6 files of CIFAR-10")(error);
      assert.equal(error.received, "a folder without data_batch_4.bin");
      assert.equal(error.file, own);
    },
  );
}

test("names the missing files if the folder contains only one", async (context) => {
  const folder = await temporaryFolder(context);
  await writeSparse(path.join(folder, "test_batch.bin"), FILE_SIZE);
  assert.equal(
    (await failure({ folder })).received,
    "a folder without data_batch_1.bin, data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin",
  );
});

test(
  "rejects an empty folder with the data set's name in the cache",
  cacheTest,
  async () => {
    await mkdir(path.join(privateCache(), FOLDER), { recursive: true });
    assert.match(
      (await failure({})).received,
      /^a folder without data_batch_1/,
    );
  },
);

for (const [damage, size, received] of [
  ["empty", 0, "an empty file"],
  [
    "truncated",
    FILE_SIZE - 1025,
    "30,728,975 bytes: 9,999 whole records and 2,048 bytes at the end",
  ],
  [
    "too long",
    FILE_SIZE + RECORD_SIZE,
    "30,733,073 bytes: 10,001 whole records",
  ],
  ["too short", 5000 * RECORD_SIZE, "15,365,000 bytes: 5,000 whole records"],
] as const) {
  for (const name of ["data_batch_3.bin", "test_batch.bin"]) {
    test(`rejects ${name} if it is ${damage}, even if it need not be read`, async (context) => {
      const folder = await makeSet(await temporaryFolder(context), 1);
      await writeSparse(path.join(folder, name), size);
      const error = await failure({ folder });
      errorWith(
        "ERR_FILE_DAMAGED",
        name,
        "10,000 records",
        "3,073 bytes",
        "30,730,000 bytes",
        `received ${received} (${path.join(folder, name)})`,
        ...(damage === "too short" ? ["`partial: true`"] : []),
      )(error);
    });
  }
}

test("rejects a directory instead of a file", async (context) => {
  const folder = await makeSet(await temporaryFolder(context), 1);
  await rm(path.join(folder, "data_batch_2.bin"));
  await mkdir(path.join(folder, "data_batch_2.bin"));
  assert.equal((await failure({ folder })).received, "a directory");
});

test("names the file of a label above 9", async (context) => {
  const folder = await makeSet(await temporaryFolder(context), 1);
  const file = path.join(folder, "test_batch.bin");
  await writeSparse(file, FILE_SIZE, { [RECORD_SIZE]: record([10]) });
  const error = await failure({ folder });
  assert.equal(error.file, file);
  errorWith(
    "ERR_FILE_FORMAT",
    "0 to 9",
    "received 10 in row 1 of the split",
  )(error);
});

test('does not search for files with from: "synthetic"', async (context) => {
  process.env.CONVNOTES_DATA = path.join(await temporaryFolder(context), "no");
  const set = await load("cifar-10", { ...few, from: "synthetic" });
  assert.equal(set.provenance, "synthetic");
  assert.match(set.description, /drawn by convnotes from seed 1, NOT CIFAR-10/);
  assert.equal(`${set.train.images}`, "(3, 32, 32, 3) uint8");
  assert.equal(`${set.train.labels}`, "(3, 1) uint8");
  assert.equal(`${set.test.images}`, "(2, 32, 32, 3) uint8");
  assert.equal(set.classNames, cifar10.classNames);
});

test("explains what to do if there are no files", async () => {
  assert.equal(
    (await failure({})).message,
    'Expected CIFAR-10 in cifar-10-batches-bin/, in the folder named by CONVNOTES_DATA or in the cache, received no such folder, with from: "files". ' +
      "`npx convnotes data get cifar-10` downloads it; " +
      'from: "files or download" downloads it now, and from: "synthetic" uses synthetic images instead',
  );
});

test("draws different images for different seeds", async () => {
  const draw = async (seed?: number) => {
    const options = { ...few, from: "synthetic" as const };
    const set = await load("cifar-10", seed ? { ...options, seed } : options);
    return set.train.images.data;
  };
  assert.deepEqual(await draw(), await draw(1));
  assert.notDeepEqual(await draw(2), await draw(1));
});

test("rejects options out of range and names the range", async () => {
  for (const [options, ...values] of [
    [
      { trainSamples: 50_001 },
      "`trainSamples`",
      "1 to 50000",
      "received 50001",
    ],
    [{ testSamples: 10_001 }, "`testSamples`", "1 to 10000", "received 10001"],
    [{ trainSamples: 0 }, "`trainSamples`", "1 to 50000", "received 0"],
    [{ testSamples: 2.5 }, "`testSamples`", "1 to 10000", "received 2.5"],
    [{ seed: -1 }, "`seed`", "0 to 4294967295", "received -1"],
    [
      { from: "network" as "files" },
      "`from`",
      '"files", "files or download", "files or synthetic", "synthetic"',
      'received "network"',
    ],
    [
      { labels: "rough" as "fine" },
      "`labels`",
      '"fine", "coarse"',
      'received "rough"',
    ],
    [
      { labels: "coarse" },
      "`labels`",
      '"fine" for CIFAR-10',
      'received "coarse"',
    ],
    [{ seed: NaN }, "`seed`", "0 to 4294967295", "received NaN"],
  ] as const) {
    errorWith("ERR_INVALID_VALUE", ...values)(await failure(options));
  }
});

test("rejects options of another type", async () => {
  const options = {
    trainSamples: null,
    testSamples: "5",
    folder: 5,
    labels: null,
    seed: "1",
  };
  for (const [name, value] of Object.entries(options)) {
    await assert.rejects(
      load("cifar-10", { [name]: value, from: "synthetic" }),
      errorWith(
        name === "folder" ? "ERR_INVALID_TYPE" : "ERR_INVALID_VALUE",
        `\`${name}\` to be`,
      ),
      name,
    );
  }
  await assert.rejects(
    load("cifar-10", { folder: null as unknown as string }),
    errorWith("ERR_INVALID_TYPE", "`folder` to be a path", "received null"),
  );
});

test("accepts the former names of sources, with a warning", async (context) => {
  const warn = context.mock.method(process, "emitWarning", () => undefined);
  for (const [former, present] of [
    ["stand-in", "synthetic"],
    ["files or stand-in", "files or synthetic"],
  ] as const) {
    const set = await load("cifar-10", { ...few, from: former });
    assert.equal(set.provenance, "synthetic");
    assert.deepEqual(warn.mock.calls.at(-1)!.arguments, [
      `\`from: "${former}"\` is now \`from: "${present}"\``,
      "DeprecationWarning",
    ]);
  }
});

test("rejects an unknown name and lists the known ones", async () => {
  await assert.rejects(
    load("cifar-1000" as "cifar-10"),
    errorWith(
      "ERR_UNKNOWN_NAME",
      "cifar-10, cifar-100, mnist, fashion-mnist",
      "received cifar-1000",
    ),
  );
});
