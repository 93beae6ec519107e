/**
 * Tests that a file is read once, and that its digest is of the bytes that were read.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { errorWith } from "../error-with";
import { readRecords } from "../../src/data/binary-records";
import { type DigestRule, FileDigests } from "../../src/data/file-digests";
import { type IdxPaths, readIdxSplit } from "../../src/data/idx";
import { countFiles } from "./counted-files";
import { randomIdx, writeIdx } from "./idx-file";
import { IMAGE_SIZE, record } from "./record-file";
import { temporaryFolder } from "./temporary-folder";

const ROWS = 2_000;
const SIDES = [14, 14] as const;
const RECORDS = 400;
const RECORD_SIZE = 1 + IMAGE_SIZE;
const options = { shape: SIDES, classes: 10, records: ROWS };

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function rules(
  paths: IdxPaths,
  of: DigestRule["of"],
  max = Infinity,
): FileDigests {
  const all = Object.values(paths) as string[];
  return new FileDigests(new Map(all.map((path) => [path, { of, max }])));
}

/** Lets the digests be remembered of files that the test has just written. */
function advanceClock(context: TestContext): void {
  const later = Date.now() + 60_000;
  context.mock.method(Date, "now", () => later);
}

for (const of of ["stored", "unpacked"] as const) {
  for (const isPacked of [false, true]) {
    for (const samples of [undefined, 1]) {
      const what = `the ${of} bytes of a ${isPacked ? "gzipped" : "plain"} file`;
      test(`reads once ${what} for ${samples ?? "all"} images`, async (context) => {
        const plain = randomIdx(ROWS, SIDES);
        const pack = (bytes: Buffer) => (isPacked ? gzipSync(bytes) : bytes);
        const stored = {
          images: pack(plain.images),
          labels: pack(plain.labels),
        };
        const paths = await writeIdx(await temporaryFolder(context), stored);
        const digests = rules(paths, of);
        const counts = countFiles(context);
        const { images } = await readIdxSplit(
          paths,
          { ...options, samples },
          digests,
        );
        assert.equal(images.shape[0], samples ?? ROWS);
        for (const part of ["images", "labels"] as const) {
          const bytes = of === "stored" ? stored[part] : plain[part];
          assert.equal(await digests.of(paths[part]), sha256(bytes));
          assert.deepEqual(counts.get(path.basename(paths[part])), {
            opens: 1,
            bytes: stored[part].length,
          });
        }
      });
    }
  }
}

test("reads records once, and to the end for one image only if there is a digest", async (context) => {
  const file = path.join(await temporaryFolder(context), "data_batch_1.bin");
  const bytes = Buffer.concat(
    Array.from({ length: RECORDS }, (_, index) => record([index % 10])),
  );
  await writeFile(file, bytes);
  const files = [{ path: file, records: RECORDS }];
  const counts = countFiles(context);
  const expected = new FileDigests(
    new Map([[file, { of: "stored", max: Infinity }]]),
  );
  await readRecords(files, [10], 1, { digests: expected });
  assert.equal(await expected.of(file), sha256(bytes));
  assert.deepEqual(counts.get("data_batch_1.bin"), {
    opens: 1,
    bytes: bytes.length,
  });
  counts.clear();
  await readRecords(files, [10], 1, { digests: new FileDigests() });
  assert.deepEqual(counts.get("data_batch_1.bin"), {
    opens: 1,
    bytes: RECORD_SIZE,
  });
});

test("remembers a digest until the file changes, also with its former size and time", async (context) => {
  const plain = randomIdx(ROWS, SIDES);
  const paths = await writeIdx(await temporaryFolder(context), plain);
  const few = { ...options, samples: 1 };
  advanceClock(context);
  await readIdxSplit(paths, few, rules(paths, "unpacked"));

  const counts = countFiles(context);
  const again = rules(paths, "unpacked");
  await readIdxSplit(paths, few, again);
  assert.equal(await again.of(paths.images), sha256(plain.images));
  const { opens, bytes } = counts.get(path.basename(paths.images))!;
  assert.deepEqual([opens, bytes], [1, 16 + SIDES[0] * SIDES[1]]);

  const { atime, mtime } = await stat(paths.images);
  const changed = await readFile(paths.images);
  changed[changed.length - 1]! ^= 1;
  await writeFile(paths.images, changed);
  await utimes(paths.images, atime, mtime);
  const other = rules(paths, "unpacked");
  await readIdxSplit(paths, few, other);
  assert.equal(await other.of(paths.images), sha256(changed));
});

test("does not remember the digest of a file that has just changed", async (context) => {
  const paths = await writeIdx(
    await temporaryFolder(context),
    randomIdx(ROWS, SIDES),
  );
  const few = { ...options, samples: 1 };
  await readIdxSplit(paths, few, rules(paths, "stored"));
  const counts = countFiles(context);
  await readIdxSplit(paths, few, rules(paths, "stored"));
  const { size } = await stat(paths.images);
  assert.equal(counts.get(path.basename(paths.images))!.bytes, size);
});

test("has no digest of a file that unpacks to more than its maximum, is damaged or missing", async (context) => {
  const plain = randomIdx(ROWS, SIDES);
  const images = gzipSync(plain.images);
  const paths = await writeIdx(await temporaryFolder(context), {
    images: images.subarray(0, -100),
    labels: gzipSync(plain.labels),
  });
  const max = plain.labels.length - 1;
  const digests = rules(paths, "unpacked", max);
  // The first image is before the damage.
  await readIdxSplit(paths, { ...options, samples: 1 }, digests);
  assert.equal(await digests.of(paths.images), undefined);
  assert.equal(await digests.of(paths.labels), undefined);
  assert.equal(
    await rules(paths, "stored").of(`${paths.labels}.no`),
    undefined,
  );
});

test("computes no digest if the reader rejects the file", async (context) => {
  const plain = randomIdx(ROWS, SIDES);
  plain.labels[8 + 4] = 10;
  const paths = await writeIdx(await temporaryFolder(context), plain);
  const digests = rules(paths, "unpacked");
  await assert.rejects(
    readIdxSplit(paths, options, digests),
    errorWith("ERR_FILE_FORMAT", "0 to 9", "received 10 in row 4"),
  );
  // A separate pass over the file.
  assert.equal(await digests.of(paths.labels), sha256(plain.labels));
});
