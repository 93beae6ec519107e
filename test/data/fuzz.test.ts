/**
 * Fuzzes the file readers: for any bytes they return a split of the right size or throw a
 * DatasetError.
 *
 * The seed of a failure is printed; `fc.assert(..., { seed, path })` repeats it.
 */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { readRecords } from "../../src/data/binary-records";
import { DatasetError } from "../../src/data/dataset-error";
import { readIdxSplit } from "../../src/data/idx";
import type { NdArray } from "../../src/data/nd-array";
import type { IdxBytes } from "./idx-file";
import { randomIdx, writeIdx } from "./idx-file";
import { record } from "./record-file";

/** Fixed, so that results change only with the code. */
const SEED = 20261122;
/** Generous: a read of these few bytes takes one or two milliseconds. */
const MAX_READ_MILLISECONDS = 60_000;
const SIDES = [3, 4] as const;
const MAX_ROWS = 6;

interface Split {
  readonly images: NdArray;
  readonly labels: NdArray;
}

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "convnotes-fuzz-"));
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Returns the split, or undefined after a DatasetError. Throws any other error. */
async function outcome(reading: Promise<Split>): Promise<Split | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_, reject) => {
    const error = new Error("The reader hangs");
    timer = setTimeout(() => reject(error), MAX_READ_MILLISECONDS);
  });
  try {
    return await Promise.race([reading, hang]);
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    assert.match(error.message, /^Expected .+, received .+/s);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Damage to a file. Positions are fractions of its length, so that they stay inside files of any
 * size.
 */
type Damage =
  | { readonly kind: "flip"; readonly at: number; readonly bit: number }
  | { readonly kind: "cut"; readonly at: number }
  | { readonly kind: "append"; readonly bytes: Uint8Array }
  | {
      readonly kind: "insert";
      readonly at: number;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: "number"; readonly field: number; readonly value: number }
  | { readonly kind: "gzip"; readonly level: number };

const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const someBytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({
    kind: fc.constant("flip" as const),
    at: position,
    bit: fc.nat({ max: 7 }),
  }),
  fc.record({ kind: fc.constant("cut" as const), at: position }),
  fc.record({ kind: fc.constant("append" as const), bytes: someBytes }),
  fc.record({
    kind: fc.constant("insert" as const),
    at: position,
    bytes: someBytes,
  }),
  fc.record({
    kind: fc.constant("number" as const),
    field: fc.nat({ max: 3 }),
    value: fc.oneof(
      fc.nat({ max: 9 }),
      fc.constantFrom(2049, 2051, 0x7fffffff, 0x80000000, 0xffffffff),
      fc.nat({ max: 0xffffffff }),
    ),
  }),
  fc.record({
    kind: fc.constant("gzip" as const),
    level: fc.nat({ max: 9 }),
  }),
);

function damaged(bytes: Uint8Array, damages: readonly Damage[]): Buffer {
  return damages.reduce<Buffer>(damageOnce, Buffer.from(bytes));
}

function damageOnce(bytes: Buffer, damage: Damage): Buffer {
  if (damage.kind === "gzip") return gzipSync(bytes, { level: damage.level });
  if (damage.kind === "append") return Buffer.concat([bytes, damage.bytes]);
  if (damage.kind === "number") {
    const position = 4 * damage.field;
    const copy = Buffer.from(bytes);
    if (position + 4 <= copy.length) copy.writeUInt32BE(damage.value, position);
    return copy;
  }
  const at = Math.floor(damage.at * bytes.length);
  if (damage.kind === "cut") return bytes.subarray(0, at);
  if (damage.kind === "insert") {
    const parts = [bytes.subarray(0, at), damage.bytes, bytes.subarray(at)];
    return Buffer.concat(parts);
  }
  const copy = Buffer.from(bytes);
  if (at < copy.length) copy[at]! ^= 1 << damage.bit;
  return copy;
}

/** Requests that a caller may make. */
const anyRequest = fc.record({
  records: fc.integer({ min: 1, max: MAX_ROWS }),
  samples: fc.option(fc.integer({ min: 1, max: MAX_ROWS }), {
    nil: undefined,
  }),
  partial: fc.boolean(),
});
type ReadRequest =
  typeof anyRequest extends fc.Arbitrary<infer Value> ? Value : never;

/** Asserts that the split has a requested size. */
function checkSize(
  split: Split,
  request: ReadRequest,
  shape: readonly number[],
): void {
  const [rows, ...rest] = split.images.shape;
  assert.deepEqual(rest, shape);
  assert.equal(split.labels.shape[0], rows);
  // With `partial`, the requested number is an upper limit.
  const wanted = request.samples ?? request.records;
  if (request.partial) assert.ok(rows! <= wanted, `${rows} of ${wanted} rows`);
  else assert.equal(rows, wanted);
  assert.ok(rows! >= 1 && rows! <= request.records, `${rows} rows`);
}

async function readIdx(
  bytes: IdxBytes,
  request: ReadRequest,
): Promise<Split | undefined> {
  const paths = await writeIdx(folder, bytes);
  const shape = [...SIDES, 1];
  const given = { ...request, shape, classes: 10 };
  const split = await outcome(readIdxSplit(paths, given));
  if (split === undefined) return undefined;
  checkSize(split, request, shape);
  assert.ok(split.labels.data.every((label) => label < 10));
  return split;
}

test("IDX: any bytes", async () => {
  const bytes = fc
    .tuple(
      fc.constantFrom([], [0, 0, 8, 3], [0, 0, 8, 1], [0x1f, 0x8b, 8]),
      fc.uint8Array({ maxLength: 200 }),
    )
    .map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part))));
  await fc.assert(
    fc.asyncProperty(
      bytes,
      bytes,
      anyRequest,
      async (images, labels, request) => {
        await readIdx({ images, labels }, request);
      },
    ),
    { seed: SEED, numRuns: 200 },
  );
});

test("IDX: damaged files of a split", async () => {
  let read = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: MAX_ROWS }),
      fc.array(damage, { maxLength: 3 }),
      fc.array(damage, { maxLength: 2 }),
      anyRequest,
      async (rows, imageDamages, labelDamages, request) => {
        const whole = randomIdx(rows, SIDES);
        const split = await readIdx(
          {
            images: damaged(whole.images, imageDamages),
            labels: damaged(whole.labels, labelDamages),
          },
          request,
        );
        if (split === undefined) return;
        read += 1;
        if (imageDamages.some(({ kind }) => kind !== "gzip")) return;
        const pixels = Buffer.from(split.images.data);
        const first = whole.images.subarray(16, 16 + pixels.length);
        assert.deepEqual(pixels, first);
      },
    ),
    { seed: SEED, numRuns: 500 },
  );
  // If all files were rejected, the test would prove nothing.
  assert.ok(read >= 10, `only ${read} were read`);
});

test("IDX: a gzip file with a flipped bit gives the same images or an error", async () => {
  const whole = randomIdx(1, SIDES);
  const packed = gzipSync(whole.images);
  const request = { records: 1, samples: undefined, partial: false };
  let rejected = 0;
  for (let bit = 0; bit < 8 * packed.length; bit++) {
    const images = Buffer.from(packed);
    images[bit >> 3]! ^= 1 << (bit & 7);
    const split = await readIdx({ ...whole, images }, request);
    if (split === undefined) rejected += 1;
    else {
      const pixels = Buffer.from(split.images.data);
      assert.deepEqual(pixels, whole.images.subarray(16), `bit ${bit}`);
    }
  }
  // Not checked by gzip: the modification time, system and compression level in the header.
  assert.ok(
    rejected >= 8 * (packed.length - 7),
    `only ${rejected} were rejected`,
  );
});

test("records: any bytes and damaged files of a split", async () => {
  const labelClasses = fc.constantFrom([10], [20, 100]);
  let read = 0;
  await fc.assert(
    fc.asyncProperty(
      labelClasses,
      fc.array(
        fc.tuple(
          fc.integer({ min: 0, max: 3 }),
          fc.array(damage, { maxLength: 1 }),
        ),
        { minLength: 1, maxLength: 3 },
      ),
      anyRequest,
      async (classes, contents, { records, samples, partial }) => {
        const files = contents.map((_, index) => ({
          path: path.join(folder, `${index}.bin`),
          records,
        }));
        for (const [index, [rows, damages]] of contents.entries()) {
          const bytes = Array.from({ length: rows }, (_, row) =>
            record(
              classes.map((count) => row % count),
              (channel) => 50 * channel + row,
            ),
          );
          const content = damaged(Buffer.concat(bytes), damages);
          await writeFile(files[index]!.path, content);
        }
        const split = await outcome(
          readRecords(files, classes, samples, { partial }),
        );
        if (split === undefined) return;
        read += 1;
        const all = records * files.length;
        checkSize(split, { records: all, samples, partial }, [32, 32, 3]);
        split.labels.data.forEach((label, index) => {
          assert.ok(label < classes[index % classes.length]!);
        });
      },
    ),
    { seed: SEED, numRuns: 300 },
  );
  assert.ok(read >= 10, `only ${read} were read`);
});
