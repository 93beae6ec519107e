/**
 * Tests the reader of CIFAR's binary files, partly against NumPy.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { readRecords } from "../../src/data/binary-records";
import { cifar10 } from "../../src/data/catalog/cifar-10";
import { cifar100 } from "../../src/data/catalog/cifar-100";
import { DatasetError } from "../../src/data/dataset-error";
import type { NdArray } from "../../src/data/nd-array";
import { Random } from "../../src/data/synthetic/random";
import { errorWith } from "../error-with";
import { runNumpy } from "../oracles/python";
import { IMAGE_SIZE, record } from "./record-file";
import { temporaryFolder } from "./temporary-folder";

const RECORD_SIZE = 1 + IMAGE_SIZE;

/** Returns records with random pixels and random labels below `classes`. */
function randomRecords(
  records: number,
  classes: readonly number[],
  seed: number,
): Uint8Array {
  const random = new Random(seed);
  const size = classes.length + IMAGE_SIZE;
  const bytes = Uint8Array.from({ length: records * size }, () =>
    random.integer(256),
  );
  for (let start = 0; start < bytes.length; start += size) {
    classes.forEach((count, index) => {
      bytes[start + index] = random.integer(count);
    });
  }
  return bytes;
}

async function written(
  context: TestContext,
  bytes: Uint8Array,
  name = "data_batch_3.bin",
): Promise<string> {
  const file = path.join(await temporaryFolder(context), name);
  await writeFile(file, bytes);
  return file;
}

/** Reads an invalid file and returns the error. */
async function failure(
  file: string,
  records: number,
  samples = records,
): Promise<DatasetError> {
  try {
    await readRecords([{ path: file, records }], [10], samples);
  } catch (error) {
    assert.ok(error instanceof DatasetError, String(error));
    assert.equal(error.name, "DatasetError");
    assert.equal(error.file, file);
    for (const part of [error.expected, error.received, file]) {
      assert.ok(error.message.includes(part), error.message);
    }
    return error;
  }
  throw new assert.AssertionError({ message: "Expected an error" });
}

function pixel(
  images: NdArray,
  index: number,
  row: number,
  column: number,
): number[] {
  const start = ((index * 32 + row) * 32 + column) * 3;
  return [...images.data.subarray(start, start + 3)];
}

test("reads known pixels into the right positions", async (context) => {
  const file = await written(
    context,
    Buffer.concat([
      record([3], (channel, row, column) => 80 * channel + row + column),
      record([9], (channel, row, column) =>
        channel === 1 && row === 5 && column === 17 ? 255 : 7,
      ),
    ]),
  );
  const { images, labels } = await readRecords(
    [{ path: file, records: 2 }],
    [10],
    2,
  );
  assert.deepEqual(images.shape, [2, 32, 32, 3]);
  assert.deepEqual(labels.shape, [2, 1]);
  assert.deepEqual([...labels.data], [3, 9]);
  for (let row = 0; row < 32; row++) {
    for (let column = 0; column < 32; column++) {
      const sum = row + column;
      const expected = [sum, 80 + sum, 160 + sum];
      assert.deepEqual(pixel(images, 0, row, column), expected);
      const second = row === 5 && column === 17 ? [7, 255, 7] : [7, 7, 7];
      assert.deepEqual(pixel(images, 1, row, column), second);
    }
  }
});

// 341 records are one more than fit into a single read; 1,000 take several full reads and a partial
// one.
for (const [sizes, samples] of [
  [[5, 7, 3], 15],
  [[5, 7, 3], 9],
  [[5, 7, 3], 5],
  [[341], 341],
  [[1000, 400], 1301],
] as const) {
  test(`reads the first ${samples} records of files of ${sizes.join(", ")} as NumPy does`, async (context) => {
    const folder = await temporaryFolder(context);
    const files = sizes.map((records, index) => ({
      path: path.join(folder, `${index}.bin`),
      records,
    }));
    for (const [index, file] of files.entries()) {
      await writeFile(file.path, randomRecords(file.records, [10], index));
    }
    const numpy = await runNumpy<{ images: string; labels: number[] }>(
      context,
      `
import hashlib
records = np.concatenate([np.fromfile(f["path"], np.uint8).reshape(-1, 3073) for f in given["files"]])[: given["samples"]]
images = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1).copy()
result = {"images": hashlib.sha256(images.tobytes()).hexdigest(), "labels": records[:, 0].tolist()}`,
      { files, samples },
    );
    if (numpy === undefined) return;
    const { images, labels } = await readRecords(files, [10], samples);
    assert.deepEqual(images.shape, [samples, 32, 32, 3]);
    assert.deepEqual([...labels.data], numpy.labels);
    assert.equal(
      createHash("sha256").update(images.data).digest("hex"),
      numpy.images,
    );
  });
}

test("reads two label bytes, as in CIFAR-100, into two columns", async (context) => {
  const file = await written(
    context,
    Buffer.concat([record([4, 99], () => 1), record([19, 0], () => 2)]),
  );
  const { images, labels } = await readRecords(
    [{ path: file, records: 2 }],
    [20, 100],
    2,
  );
  assert.deepEqual(labels.shape, [2, 2]);
  assert.deepEqual([...labels.data], [4, 99, 19, 0]);
  assert.deepEqual(pixel(images, 0, 0, 0), [1, 1, 1]);
  assert.deepEqual(pixel(images, 1, 31, 31), [2, 2, 2]);
});

test("checks each label byte against its own number of classes", async (context) => {
  const file = await written(context, record([20, 5]));
  await assert.rejects(
    readRecords([{ path: file, records: 1 }], [20, 100], 1),
    errorWith("ERR_FILE_FORMAT", "data_batch_3.bin", "0 to 19", "received 20"),
  );
});

test("reads no more records than requested", async (context) => {
  const bytes = randomRecords(8, [10], 1);
  // The first record after the requested ones is invalid.
  bytes[5 * RECORD_SIZE] = 200;
  const file = { path: await written(context, bytes), records: 8 };
  const { images } = await readRecords([file], [10], 5);
  assert.deepEqual(images.shape, [5, 32, 32, 3]);
  await assert.rejects(
    readRecords([file], [10], 6),
    errorWith("ERR_FILE_FORMAT", "received 200 in row 5"),
  );
});

test("does not open files that are not needed, but checks their size", async (context) => {
  const folder = await temporaryFolder(context);
  const first = { path: path.join(folder, "data_batch_1.bin"), records: 2 };
  const second = { path: path.join(folder, "data_batch_2.bin"), records: 2 };
  await writeFile(first.path, randomRecords(2, [10], 1));
  await writeFile(second.path, new Uint8Array(2 * RECORD_SIZE).fill(255));
  await readRecords([first, second], [10], 2);
  await writeFile(second.path, new Uint8Array(100));
  await assert.rejects(readRecords([first, second], [10], 2), {
    name: "DatasetError",
    file: second.path,
  });
});

test("rejects a missing file", async (context) => {
  const file = path.join(await temporaryFolder(context), "test_batch.bin");
  const error = await failure(file, 4);
  errorWith(
    "ERR_FILE_MISSING",
    "test_batch.bin",
    `received no such file (${file})`,
  )(error);
});

test("rejects an empty file", async (context) => {
  const file = await written(context, new Uint8Array(0));
  const error = await failure(file, 4);
  errorWith(
    "ERR_FILE_DAMAGED",
    "data_batch_3.bin",
    "4 records",
    "3,073 bytes",
    "12,292 bytes",
    `received an empty file (${file})`,
  )(error);
});

test("rejects a file truncated inside a record", async (context) => {
  const file = await written(context, new Uint8Array(2 * RECORD_SIZE + 2048));
  const error = await failure(file, 4);
  assert.equal(
    error.received,
    "8,194 bytes: 2 whole records and 2,048 bytes at the end",
  );
});

test("rejects a file truncated between two records", async (context) => {
  const file = await written(context, new Uint8Array(3 * RECORD_SIZE));
  const error = await failure(file, 4, 2);
  assert.equal(error.received, "9,219 bytes: 3 whole records");
});

test("rejects a file with an extra byte", async (context) => {
  const file = await written(context, new Uint8Array(4 * RECORD_SIZE + 1));
  const error = await failure(file, 4);
  assert.equal(
    error.received,
    "12,293 bytes: 4 whole records and 1 byte at the end",
  );
});

test("rejects a file with an extra record", async (context) => {
  const file = await written(context, new Uint8Array(5 * RECORD_SIZE));
  const error = await failure(file, 4);
  assert.equal(error.received, "15,365 bytes: 5 whole records");
});

test("rejects a label outside the classes", async (context) => {
  const bytes = randomRecords(4, [10], 1);
  bytes[2 * RECORD_SIZE] = 10;
  const file = await written(context, bytes);
  const error = await failure(file, 4);
  errorWith(
    "ERR_FILE_FORMAT",
    "data_batch_3.bin",
    "0 to 9",
    `received 10 in row 2 of the split (${file})`,
  )(error);
});

test("rejects a directory instead of a file", async (context) => {
  const file = path.join(await temporaryFolder(context), "data_batch_3.bin");
  await mkdir(file);
  const error = await failure(file, 4);
  errorWith("ERR_FILE_MISSING", "data_batch_3.bin")(error);
  assert.equal(error.received, "a directory");
});

test("rejects a device instead of a file without waiting", async () => {
  const error = await failure("/dev/zero", 4);
  assert.equal(error.received, "neither a file nor a directory");
});

test("rejects a file that the system cannot open", async (context) => {
  const file = path.join(await temporaryFolder(context), "data_batch_3.bin");
  // A link to itself: missing permissions would not stop every user who may run this test.
  await symlink(file, file);
  const error = await failure(file, 4);
  assert.equal(error.received, "ELOOP");
  assert.equal((error.cause as NodeJS.ErrnoException).code, "ELOOP");
});

test("rejects sample counts that are too large, not positive or not integers", async (context) => {
  const file = await written(context, randomRecords(4, [10], 1));
  for (const [samples, text] of [
    [5, "5"],
    [0, "0"],
    [-1, "-1"],
    [1.5, "1.5"],
    [NaN, "NaN"],
  ] as const) {
    await assert.rejects(
      readRecords([{ path: file, records: 4 }], [10], samples),
      errorWith("ERR_INVALID_VALUE", "1 to 4", `received ${text}`),
    );
  }
});

test("reads all records by default", async (context) => {
  const file = {
    path: await written(context, randomRecords(4, [10], 1)),
    records: 4,
  };
  const { images } = await readRecords([file], [10]);
  assert.deepEqual(images.shape, [4, 32, 32, 3]);
});

test("accepts a part of the set only with `partial: true`", async (context) => {
  const folder = await temporaryFolder(context);
  const files = [3, 5].map((records, index) => ({
    path: path.join(folder, `${index}.bin`),
    records: 5,
    bytes: randomRecords(records, [20, 100], index),
  }));
  for (const file of files) await writeFile(file.path, file.bytes);
  await assert.rejects(
    readRecords(files, [20, 100]),
    errorWith(
      "ERR_FILE_DAMAGED",
      "0.bin",
      "5 records",
      "3,074 bytes",
      "15,370 bytes",
      "received 9,222 bytes: 3 whole records",
      "`partial: true`",
    ),
  );
  const partial = true;
  const all = await readRecords(files, [20, 100], undefined, { partial });
  assert.deepEqual(all.labels.shape, [8, 2]);
  const labels = files.flatMap(({ bytes }) =>
    Array.from({ length: bytes.length / 3074 }, (_, row) => [
      ...bytes.subarray(row * 3074, row * 3074 + 2),
    ]),
  );
  assert.deepEqual([...all.labels.data], labels.flat());
  const some = await readRecords(files, [20, 100], 4, { partial });
  assert.deepEqual(
    some.images.data,
    all.images.data.subarray(0, 4 * IMAGE_SIZE),
  );
  const most = await readRecords(files, [20, 100], 9, { partial });
  assert.deepEqual(most, all);
});

test("rejects extra records, incomplete records and empty files with `partial: true`", async (context) => {
  for (const [size, received] of [
    [5 * RECORD_SIZE, "15,365 bytes: 5 whole records"],
    [RECORD_SIZE + 1, "3,074 bytes: 1 whole record and 1 byte at the end"],
    [0, "an empty file"],
  ] as const) {
    const file = await written(context, new Uint8Array(size));
    await assert.rejects(
      readRecords([{ path: file, records: 4 }], [10], undefined, {
        partial: true,
      }),
      errorWith(
        "ERR_FILE_DAMAGED",
        "data_batch_3.bin",
        "at most 4 records",
        "3,073 bytes",
        "at most 12,292 bytes",
        `received ${received}`,
        `(${file})`,
      ),
    );
  }
});

test("names the type of a wrong file", async (context) => {
  for (const [bytes, received] of [
    [Buffer.from("<html>"), "an HTML or XML page of 6 bytes"],
    [gzipSync("1"), "a gzip file of 21 bytes"],
    [Buffer.from([0x80, 2, 0x7d]), "a Python pickle of 3 bytes"],
  ] as const) {
    const error = await failure(await written(context, bytes), 4);
    assert.equal(error.received, received);
  }
});

const folder = process.env.CONVNOTES_DATA;
for (const { title, folder: name, layout } of [cifar10, cifar100]) {
  assert.equal(layout.kind, "records");
  const { train, test: tests, labelClasses } = layout;
  const files = [...train.slice(-1), ...tests].map((file) => ({
    path: path.join(folder ?? "", name, file),
    records: 50_000,
  }));
  const isThere = folder && files.every(({ path }) => existsSync(path));
  test(
    `reads ${title}'s files as NumPy does`,
    {
      skip: isThere
        ? false
        : `needs ${title} in the folder that CONVNOTES_DATA names`,
    },
    async (context) => {
      const numpy = await runNumpy<{ images: string; labels: number[][] }>(
        context,
        `
import hashlib
columns = given["columns"]
records = np.concatenate([np.fromfile(f["path"], np.uint8).reshape(-1, columns + 3072) for f in given["files"]])
images = records[:, columns:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1).copy()
result = {"images": hashlib.sha256(images.tobytes()).hexdigest(), "labels": records[:, :columns].tolist()}`,
        { files, columns: labelClasses.length },
      );
      if (numpy === undefined) return;
      const { images, labels } = await readRecords(
        files,
        labelClasses,
        undefined,
        { partial: true },
      );
      assert.deepEqual([...labels.data], numpy.labels.flat());
      assert.equal(
        createHash("sha256").update(images.data).digest("hex"),
        numpy.images,
      );
    },
  );
}
