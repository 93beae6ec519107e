/**
 * Tests the reader of IDX files, partly against NumPy.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { fashionMnist } from "../../src/data/catalog/fashion-mnist";
import { mnist } from "../../src/data/catalog/mnist";
import { DatasetError } from "../../src/data/dataset-error";
import { readIdxSplit } from "../../src/data/idx";
import type { IdxOptions, IdxPaths } from "../../src/data/idx";
import { errorWith } from "../error-with";
import { runNumpy } from "../oracles/python";
import type { IdxBytes } from "./idx-file";
import { IMAGES, LABELS, idxBytes, randomIdx, writeIdx } from "./idx-file";
import { record } from "./record-file";
import { temporaryFolder } from "./temporary-folder";

const ROWS = 7;
const SIDES = [5, 4] as const;
const IMAGE_BYTES = SIDES[0] * SIDES[1];
const HEADER = 16;
const options: IdxOptions = {
  shape: [...SIDES, 1],
  classes: 10,
  records: ROWS,
};

async function written(
  context: TestContext,
  bytes: IdxBytes,
): Promise<IdxPaths> {
  return writeIdx(await temporaryFolder(context), bytes);
}

/** Reads an invalid split and returns the error. */
async function failure(
  context: TestContext,
  bytes: Partial<IdxBytes>,
  overrides: Partial<IdxOptions> = {},
): Promise<DatasetError> {
  const whole = randomIdx(ROWS, SIDES);
  const paths = await written(context, { ...whole, ...bytes });
  return failureOf(paths, overrides);
}

async function failureOf(
  paths: IdxPaths,
  overrides: Partial<IdxOptions> = {},
): Promise<DatasetError> {
  try {
    await readIdxSplit(paths, { ...options, ...overrides });
  } catch (error) {
    assert.ok(error instanceof DatasetError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "Expected an error" });
}

function images(rows = ROWS): Buffer {
  return randomIdx(rows, SIDES).images;
}

test("reads known values into the right positions", async (context) => {
  const values = Uint8Array.from(
    { length: 2 * IMAGE_BYTES },
    (_, index) => index,
  );
  const paths = await written(context, {
    images: idxBytes(IMAGES, [2, ...SIDES], values),
    labels: idxBytes(LABELS, [2], Uint8Array.of(9, 0)),
  });
  const split = await readIdxSplit(paths, { ...options, records: 2 });
  assert.deepEqual(split.images.shape, [2, 5, 4, 1]);
  assert.deepEqual(split.labels.shape, [2, 1]);
  assert.deepEqual(split.images.data, values);
  assert.deepEqual([...split.labels.data], [9, 0]);
});

test("accepts an image shape without a channel axis", async (context) => {
  const paths = await written(context, randomIdx(ROWS, SIDES));
  const split = await readIdxSplit(paths, { ...options, shape: SIDES });
  assert.deepEqual(split.images.shape, [ROWS, 5, 4]);
});

for (const packed of [[], ["images"], ["labels"], ["images", "labels"]]) {
  for (const samples of [undefined, ROWS, 3, 1]) {
    const what = packed.length === 0 ? "neither file" : packed.join(" and ");
    test(`reads ${samples ?? "all"} rows with ${what} gzipped as NumPy does`, async (context) => {
      const bytes = randomIdx(ROWS, SIDES);
      if (packed.includes("images")) bytes.images = gzipSync(bytes.images);
      if (packed.includes("labels")) bytes.labels = gzipSync(bytes.labels);
      const paths = await written(context, bytes);
      await compareWithNumpy(context, paths, { ...options, samples });
    });
  }
}

test("reads images that span several blocks as NumPy does", async (context) => {
  const records = 3000;
  const bytes = randomIdx(records, [28, 28]);
  bytes.images = gzipSync(bytes.images, { level: 1 });
  const paths = await written(context, bytes);
  for (const samples of [undefined, 1234]) {
    const shape = [28, 28, 1];
    await compareWithNumpy(context, paths, {
      shape,
      classes: 10,
      records,
      samples,
    });
  }
});

test("reads a gzip file with several members", async (context) => {
  const bytes = randomIdx(ROWS, SIDES);
  const parts = [0, 3, 16, 17, 90].map((begin, index, begins) =>
    gzipSync(bytes.images.subarray(begin, begins[index + 1])),
  );
  const paths = await written(context, {
    ...bytes,
    images: Buffer.concat(parts),
  });
  const split = await readIdxSplit(paths, options);
  assert.deepEqual(
    Buffer.from(split.images.data),
    bytes.images.subarray(HEADER),
  );
});

const folder = process.env.CONVNOTES_DATA;
const fashion = fashionMnist.distribution!.folder;
for (const [title, location, reason] of [
  [
    mnist.title,
    folder && path.join(folder, mnist.folder),
    "needs MNIST in the folder that CONVNOTES_DATA names",
  ],
  [
    fashionMnist.title,
    fashion,
    "needs the package dataset-fashion-mnist of Debian",
  ],
] as const) {
  for (const part of ["train", "t10k"]) {
    const paths = {
      images: path.join(location ?? "", `${part}-images-idx3-ubyte.gz`),
      labels: path.join(location ?? "", `${part}-labels-idx1-ubyte.gz`),
    };
    const isThere = Object.values(paths).every((file) => existsSync(file));
    test(
      `reads ${title}, ${part}, as NumPy does`,
      { skip: isThere ? false : reason },
      async (context) => {
        await compareWithNumpy(context, paths, {
          shape: [28, 28, 1],
          classes: 10,
          records: part === "train" ? 60_000 : 10_000,
          partial: true,
        });
      },
    );
  }
}

/** Compares the reader with an independent one in NumPy. */
async function compareWithNumpy(
  context: TestContext,
  paths: IdxPaths,
  given: IdxOptions,
): Promise<void> {
  const numpy = await runNumpy<{
    images: string;
    shape: number[];
    labels: string;
  }>(
    context,
    `
import gzip, hashlib
def read(path, axes):
    raw = open(path, "rb").read()
    if raw[:2] == b"\\x1f\\x8b":
        raw = gzip.decompress(raw)
    shape = np.frombuffer(raw, ">u4", axes, 4)
    array = np.frombuffer(raw, np.uint8, offset=4 + 4 * axes).reshape(shape)
    return np.ascontiguousarray(array[: given["samples"]])
def digest(array):
    return hashlib.sha256(array.tobytes()).hexdigest()
images, labels = read(given["images"], 3), read(given["labels"], 1)
result = {"images": digest(images), "shape": images.shape, "labels": digest(labels)}`,
    { ...paths, samples: given.samples ?? null },
  );
  if (numpy === undefined) return;
  const split = await readIdxSplit(paths, given);
  assert.deepEqual(split.images.shape, [...numpy.shape, 1]);
  assert.deepEqual(split.labels.shape, [numpy.shape[0], 1]);
  assert.equal(digestOf(split.images.data), numpy.images);
  assert.equal(digestOf(split.labels.data), numpy.labels);
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

test("decompresses no more than requested", async (context) => {
  const bytes = randomIdx(ROWS, SIDES);
  const random = randomIdx(2000, [28, 28]).images.subarray(HEADER);
  // Random values are incompressible, so a cut in the middle of the file is in the middle of the
  // images.
  const all = gzipSync(idxBytes(IMAGES, [2000, 28, 28], random));
  const paths = await written(context, {
    images: all.subarray(0, all.length >> 1),
    labels: idxBytes(LABELS, [2000], new Uint8Array(2000)),
  });
  const given = { shape: [28, 28], classes: 10, records: 2000 };
  const { images } = await readIdxSplit(paths, { ...given, samples: 900 });
  assert.deepEqual(images.data, new Uint8Array(random.subarray(0, 900 * 784)));
  await assert.rejects(
    readIdxSplit(paths, given),
    errorWith("ERR_FILE_FORMAT", "received a truncated one"),
  );
  // An invalid label after the requested ones.
  bytes.labels[8 + 4] = 10;
  const others = await written(context, bytes);
  await readIdxSplit(others, { ...options, samples: 4 });
  await assert.rejects(
    readIdxSplit(others, options),
    errorWith("ERR_FILE_FORMAT", "received 10 in row 4"),
  );
});

test("accepts a part of the set only with `partial: true`", async (context) => {
  const error = await failure(context, {}, { records: 60_000 });
  errorWith(
    "ERR_FILE_DAMAGED",
    "t10k-images-idx3-ubyte",
    "60,000 images",
    "received 7 images",
    "`partial: true`",
  )(error);
  const paths = await written(context, randomIdx(ROWS, SIDES));
  const given = { ...options, records: 60_000, partial: true };
  const split = await readIdxSplit(paths, given);
  assert.deepEqual(split.images.shape, [ROWS, 5, 4, 1]);
  const most = await readIdxSplit(paths, { ...given, samples: 8 });
  assert.deepEqual(most, split);
});

test("rejects extra images and empty files with `partial: true`", async (context) => {
  const more = await failure(context, {}, { records: 6, partial: true });
  errorWith(
    "ERR_FILE_DAMAGED",
    "t10k-images-idx3-ubyte",
    "1 to 6 images",
    "received 7 images",
  )(more);

  const none = await failure(context, randomIdx(0, SIDES), { partial: true });
  assert.equal(none.received, "0 images");
  assert.doesNotMatch(none.message, /partial/);
});

test("rejects invalid sample counts before opening a file", async () => {
  for (const samples of [0, -1, 1.5, NaN, 8]) {
    const paths = { images: "/none", labels: "/none" };
    const error = await failureOf(paths, { samples });
    errorWith("ERR_INVALID_VALUE", "1 to 7", `received ${samples}`)(error);
  }
});

/** Contents with a wrong magic number, and their description in the error. */
const others: readonly (readonly [string, Buffer, string])[] = [
  [
    "labels",
    randomIdx(ROWS, SIDES).labels,
    "2049, the magic number for labels",
  ],
  ["nothing", Buffer.alloc(0), "an empty file"],
  ["two bytes", Buffer.of(0, 0), "the bytes 00 00"],
  [
    "little-endian numbers",
    images().subarray(0).swap32(),
    "that number in little-endian byte order",
  ],
  [
    "doubles",
    idxBytes(0x0e03, [ROWS, ...SIDES], Buffer.alloc(8 * 140)),
    "an IDX file of 64-bit floating-point numbers on 3 axes",
  ],
  [
    "one axis too many",
    idxBytes(0x0804, [ROWS, ...SIDES, 3], Buffer.alloc(3 * 140)),
    "an IDX file of unsigned bytes on 4 axes",
  ],
  [
    "a page",
    Buffer.from("\n<!DOCTYPE html><title>403 Forbidden</title>"),
    "an HTML or XML page",
  ],
  [
    "Amazon's page",
    Buffer.from("<?xml version='1.0'?><Error/>"),
    "an HTML or XML page",
  ],
  [
    "Git LFS",
    Buffer.from("version https://git-lfs.github.com/spec/v1\n"),
    "a Git LFS pointer",
  ],
  ["a zip", Buffer.from("PK\x03\x04rest"), "a zip file"],
  [
    "a tar",
    Buffer.from("images".padEnd(257, "\0") + "ustar\x0000"),
    "a tar archive",
  ],
  ["a pickle", Buffer.from("\x80\x03}q\x00", "latin1"), "a Python pickle"],
  [
    "CIFAR-10",
    Buffer.concat([record([3], () => 40), record([9])]),
    "a file whose size fits CIFAR-10 records",
  ],
  [
    "CIFAR-100",
    Buffer.from(record([3, 99])),
    "a file whose size fits CIFAR-100 records",
  ],
  ["anything", Buffer.from("Zeppelin"), "the bytes 5a 65 70 70"],
  [
    "gzip inside gzip",
    gzipSync(gzipSync(images())),
    "a gzip file inside a gzip file",
  ],
  [
    "a page inside gzip",
    gzipSync("<html></html>"),
    "an HTML or XML page inside a gzip file",
  ],
  ["nothing inside gzip", gzipSync(""), "an empty file inside a gzip file"],
];

for (const [name, bytes, kind] of others) {
  test(`rejects ${name} instead of images`, async (context) => {
    const error = await failure(context, { images: bytes });
    assert.equal(path.basename(error.file!), "t10k-images-idx3-ubyte");
    errorWith(
      "ERR_FILE_FORMAT",
      "t10k-images-idx3-ubyte",
      "2051",
      `received ${kind} (${error.file})`,
    )(error);
  });
}

test("rejects images instead of labels", async (context) => {
  const error = await failure(context, { labels: images() });
  assert.equal(path.basename(error.file!), "t10k-labels-idx1-ubyte");
  errorWith("ERR_FILE_FORMAT", "t10k-labels-idx1-ubyte", "2049")(error);
  assert.equal(error.received, "2051, the magic number for images");
});

test("rejects a truncated header", async (context) => {
  for (const pack of [(bytes: Buffer) => bytes, gzipSync]) {
    const bytes = pack(images().subarray(0, 11));
    const error = await failure(context, { images: bytes });
    errorWith("ERR_FILE_FORMAT", "16 bytes")(error);
    assert.equal(error.received, "11 bytes");
  }
});

test("rejects images of another size", async (context) => {
  const { images } = randomIdx(ROWS, [4, 5]);
  const error = await failure(context, { images });
  errorWith("ERR_FILE_FORMAT", "t10k-images-idx3-ubyte", "5 x 4")(error);
  assert.equal(error.received, "images of 4 x 5 pixels");
});

test("rejects a plain file whose size differs from its header", async (context) => {
  const whole = images();
  for (const [bytes, size] of [
    [whole.subarray(0, -1), "155 bytes"],
    [Buffer.concat([whole, Buffer.of(0)]), "157 bytes"],
    [whole.subarray(0, 16), "16 bytes"],
  ] as const) {
    const error = await failure(context, { images: bytes });
    errorWith(
      "ERR_FILE_FORMAT",
      "t10k-images-idx3-ubyte",
      "156 bytes",
      "7 images",
    )(error);
    assert.equal(error.received, size);
  }
});

test("rejects a header that announces more images than possible", async (context) => {
  const huge = idxBytes(IMAGES, [0xffffffff, ...SIDES], Buffer.alloc(200));
  for (const [bytes, received] of [
    [huge, "216 bytes"],
    [gzipSync(huge), /^\d+ bytes, too few to unpack to that size$/],
  ] as const) {
    const error = await failure(context, { images: bytes });
    errorWith("ERR_FILE_FORMAT", "4,294,967,295 images")(error);
    assert.match(error.received, new RegExp(received));
  }
});

test("rejects different numbers of labels and images", async (context) => {
  const { labels } = randomIdx(6, SIDES);
  const error = await failure(context, { labels }, { partial: true });
  errorWith(
    "ERR_FILE_FORMAT",
    "t10k-labels-idx1-ubyte",
    "7 images in t10k-images-idx3-ubyte",
  )(error);
  assert.equal(error.received, "6 labels");
});

test("rejects a label outside the classes", async (context) => {
  const { labels } = randomIdx(ROWS, SIDES);
  labels[8 + 5] = 10;
  for (const bytes of [labels, gzipSync(labels)]) {
    const error = await failure(context, { labels: bytes });
    errorWith("ERR_FILE_FORMAT", "t10k-labels-idx1-ubyte", "0 to 9")(error);
    assert.equal(error.received, "10 in row 5");
  }
});

test("rejects a gzip file truncated at any position", async (context) => {
  const packed = gzipSync(images());
  for (let length = 2; length < packed.length; length++) {
    const error = await failure(context, {
      images: packed.subarray(0, length),
    });
    errorWith(
      "ERR_FILE_FORMAT",
      `received a truncated one (${error.file})`,
    )(error);
  }
});

test("rejects a gzip file with a wrong checksum or length", async (context) => {
  for (const [offset, text] of [
    [-8, "incorrect data check"],
    [-4, "incorrect length check"],
  ] as const) {
    const packed = gzipSync(images());
    packed[packed.length + offset]! ^= 1;
    const error = await failure(context, { images: packed });
    assert.equal(error.received, `a damaged one (${text})`);
    assert.equal((error.cause as NodeJS.ErrnoException).code, "Z_DATA_ERROR");
  }
});

test("rejects bytes after the end of a gzip file", async (context) => {
  const packed = gzipSync(images());
  for (const length of [1, 20, 2 ** 16, 300_000]) {
    const zeros = Buffer.concat([packed, Buffer.alloc(length)]);
    const error = await failure(context, { images: zeros });
    errorWith("ERR_FILE_FORMAT")(error);
    const bytes =
      length === 1 ? "1 byte" : `${length.toLocaleString("en")} bytes`;
    assert.equal(error.received, `${bytes} more`);
    const others = Buffer.concat([packed, Buffer.alloc(length, "x")]);
    const { name } = await failure(context, { images: others });
    assert.equal(name, "DatasetError");
  }
});

test("rejects gzip files that decompress to more or less than their header says", async (context) => {
  const whole = images();
  const more = gzipSync(Buffer.concat([whole, Buffer.of(0)]));
  const error = await failure(context, { images: more });
  assert.equal(
    error.expected,
    "t10k-images-idx3-ubyte to unpack to the 140 bytes of 7 images",
  );
  assert.equal(error.received, "more");
  const less = gzipSync(whole.subarray(0, -20));
  assert.equal(
    (await failure(context, { images: less })).received,
    "120 bytes",
  );
});

test("rejects missing files and directories", async (context) => {
  const paths = await written(context, randomIdx(ROWS, SIDES));
  for (const part of ["labels", "images"] as const) {
    await rm(paths[part]);
    const missing = await failureOf(paths);
    assert.equal(missing.received, "no such file");
    assert.equal(missing.file, paths[part]);
    await mkdir(paths[part]);
    assert.equal((await failureOf(paths)).received, "a directory");
  }
});

test("detects gzip by content, not by file name", async (context) => {
  const bytes = randomIdx(ROWS, SIDES);
  const folder = await temporaryFolder(context);
  const paths = {
    images: path.join(folder, "images.gz"),
    labels: path.join(folder, "labels"),
  };
  await writeFile(paths.images, bytes.images);
  await writeFile(paths.labels, gzipSync(bytes.labels));
  const split = await readIdxSplit(paths, options);
  assert.deepEqual(
    Buffer.from(split.images.data),
    bytes.images.subarray(HEADER),
  );
});
