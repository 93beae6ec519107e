/**
 * Tests that a file is read once, and that its digest is of the bytes that were read.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { errorWith } from "../error-with";
import { readRecords } from "../../src/data/binary-records";
import type { FilePrefix } from "../../src/data/catalog/dataset-entry";
import { FileDigests } from "../../src/data/file-digests";
import { type IdxPaths, readIdxSplit } from "../../src/data/idx";
import { countFiles } from "./counted-files";
import { type IdxBytes, randomIdx, writeIdx } from "./idx-file";
import { IMAGE_SIZE, record } from "./record-file";
import { temporaryFolder } from "./temporary-folder";

const ROWS = 2_000;
const SIDES = [14, 14] as const;
const RECORDS = 400;
const RECORD_SIZE = 1 + IMAGE_SIZE;
const NUL = Buffer.alloc(1);
const options = { shape: SIDES, classes: 10, records: ROWS };

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Returns digests of all bytes, and of the beginnings of some lengths. */
function expectation(
  bytes: Uint8Array,
  ...lengths: readonly number[]
): FilePrefix[] {
  return [...lengths, bytes.length].map((length) => ({
    bytes: length,
    sha256: sha256(bytes.subarray(0, length)),
  }));
}

function digestsOf(
  paths: IdxPaths,
  { images, labels }: IdxBytes,
  ...lengths: readonly number[]
): FileDigests {
  return new FileDigests(
    new Map([
      [paths.images, expectation(images, ...lengths)],
      [paths.labels, expectation(labels)],
    ]),
  );
}

function isRight(digests: FileDigests, file: string): boolean {
  const digest = digests.of(file);
  return digest?.received === digest?.expected.sha256;
}

for (const isPacked of [false, true]) {
  const what = isPacked ? "a gzipped" : "a plain";
  const pack = (bytes: Buffer) => (isPacked ? gzipSync(bytes) : bytes);

  test(`reads ${what} file once, with its digest`, async (context) => {
    const plain = randomIdx(ROWS, SIDES);
    const stored = { images: pack(plain.images), labels: pack(plain.labels) };
    const paths = await writeIdx(await temporaryFolder(context), stored);
    const digests = digestsOf(paths, plain, 1_000);
    const counts = countFiles(context);
    const { images } = await readIdxSplit(paths, options, digests);
    assert.equal(images.shape[0], ROWS);
    for (const part of ["images", "labels"] as const) {
      assert.equal(digests.of(paths[part])?.received, sha256(plain[part]));
      assert.deepEqual(counts.get(path.basename(paths[part])), {
        opens: 1,
        bytes: stored[part].length,
      });
    }
  });

  test(`reads ${what} file for one image only up to the next known digest`, async (context) => {
    const plain = randomIdx(ROWS, SIDES);
    const stored = { images: pack(plain.images), labels: pack(plain.labels) };
    const paths = await writeIdx(await temporaryFolder(context), stored);
    const digests = digestsOf(paths, plain, 100, 1_000, 100_000);
    const counts = countFiles(context);
    await readIdxSplit(paths, { ...options, samples: 1 }, digests);
    const beginning = plain.images.subarray(0, 1_000);
    assert.deepEqual(digests.of(paths.images), {
      expected: { bytes: 1_000, sha256: sha256(beginning) },
      received: sha256(beginning),
      bytes: 1_000,
    });
    assert.ok(isRight(digests, paths.labels));
    const { opens, bytes } = counts.get(path.basename(paths.images))!;
    assert.equal(opens, 1);
    if (isPacked) assert.ok(bytes < stored.images.length / 4, `${bytes} bytes`);
    else assert.equal(bytes, 1_000);
  });
}

test("reads records once, for one image only up to the next known digest", async (context) => {
  const file = path.join(await temporaryFolder(context), "data_batch_1.bin");
  const bytes = Buffer.concat(
    Array.from({ length: RECORDS }, (_, index) => record([index % 10])),
  );
  await writeFile(file, bytes);
  const files = [{ path: file, records: RECORDS }];
  const counts = countFiles(context);
  const known = expectation(bytes, 100, 10_000, 100_000);
  const digests = new FileDigests(new Map([[file, known]]));
  await readRecords(files, [10], 1, { digests });
  assert.equal(digests.of(file)?.received, sha256(bytes.subarray(0, 10_000)));
  assert.deepEqual(counts.get("data_batch_1.bin"), {
    opens: 1,
    bytes: 10_000,
  });
  counts.clear();
  await readRecords(files, [10], 1, { digests: new FileDigests() });
  assert.deepEqual(counts.get("data_batch_1.bin"), {
    opens: 1,
    bytes: RECORD_SIZE,
  });
});

test("never has a digest of other bytes, also with the file's former size and time", async (context) => {
  const plain = randomIdx(ROWS, SIDES);
  const paths = await writeIdx(await temporaryFolder(context), plain);
  // Whole seconds, so that the time can be restored exactly.
  await utimes(paths.images, 1, 1);
  await readIdxSplit(paths, options, digestsOf(paths, plain));

  const changed = await readFile(paths.images);
  changed[changed.length - 1]! ^= 1;
  await writeFile(paths.images, changed);
  await utimes(paths.images, 1, 1);
  const digests = digestsOf(paths, plain);
  await readIdxSplit(paths, options, digests);
  assert.equal(digests.of(paths.images)?.received, sha256(changed));
});

test("detects that a file is replaced after it was read", async (context) => {
  const plain = randomIdx(ROWS, SIDES);
  const paths = await writeIdx(await temporaryFolder(context), plain);
  const digests = digestsOf(paths, plain);
  await readIdxSplit(paths, options, digests);
  await digests.checkUnchanged();
  await writeFile(`${paths.labels}.new`, plain.labels);
  await rename(`${paths.labels}.new`, paths.labels);
  const expected = "t10k-labels-idx1-ubyte to stay unchanged while it is read";
  await assert.rejects(
    digests.checkUnchanged(),
    errorWith("ERR_FILE_DAMAGED", expected, "received changed content"),
  );
  await rm(paths.labels);
  await assert.rejects(
    digests.checkUnchanged(),
    errorWith(
      "ERR_FILE_DAMAGED",
      expected,
      "received a file that no longer exists",
    ),
  );
});

test("has no digest of a file that is longer or shorter than expected, or damaged", async (context) => {
  const plain = randomIdx(ROWS, SIDES);
  const images = gzipSync(plain.images);
  const paths = await writeIdx(await temporaryFolder(context), {
    images: images.subarray(0, -100),
    labels: gzipSync(plain.labels),
  });
  const few = { ...options, samples: 1 };
  const longer = { ...plain, labels: Buffer.concat([plain.labels, NUL]) };
  const shorter = { ...plain, labels: plain.labels.subarray(0, -1) };
  for (const other of [longer, shorter]) {
    const digests = digestsOf(paths, other);
    // The first image is before the damage.
    await readIdxSplit(paths, few, digests);
    assert.equal(digests.of(paths.labels)?.received, undefined);
    const { received, error } = digests.of(paths.images)!;
    assert.equal(received, undefined);
    assert.match(error!.message, /received a truncated one/);
  }
});

test("has no digest if the reader rejects the file", async (context) => {
  const plain = randomIdx(ROWS, SIDES);
  plain.labels[8 + 4] = 10;
  const paths = await writeIdx(await temporaryFolder(context), plain);
  const digests = digestsOf(paths, plain);
  await assert.rejects(
    readIdxSplit(paths, options, digests),
    errorWith("ERR_FILE_FORMAT", "0 to 9", "received 10 in row 4"),
  );
  assert.equal(digests.of(paths.labels), undefined);
});
