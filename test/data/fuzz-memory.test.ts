/**
 * Files that claim to be, or become, far larger than they are. In a file of its own: it looks at the most memory that its process ever
 * had, which other tests would raise.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, deflateRawSync, gzipSync } from "node:zlib";
import { readIdxSplit } from "../../src/data/idx";
import type { IdxOptions } from "../../src/data/idx";
import { IMAGES, LABELS, idxBytes, writeIdx } from "./idx-file";
import { temporaryFolder } from "./temporary-folder";

const MEBIBYTE = 2 ** 20;
/** The blocks that are packed and unpacked at a time, and what the garbage collector has not yet seen; not a hundredth of the bombs. */
const MOST_GROWTH = 48 * MEBIBYTE;
/** Enough for a thousand mebibytes to be unpacked, were they. */
const ROWS = 10_000;

/** A megabyte of gzip that begins with `head` and goes on with a gibibyte of zeros. */
function bomb(head: Buffer): Buffer {
  const { Z_FULL_FLUSH } = constants;
  const begin = deflateRawSync(head, { finishFlush: Z_FULL_FLUSH });
  // Behind a full flush nothing refers back: the same block may follow any number of times.
  const zeros = deflateRawSync(Buffer.alloc(MEBIBYTE), {
    finishFlush: Z_FULL_FLUSH,
    level: 9,
  });
  const header = gzipSync("").subarray(0, 10);
  return Buffer.concat([header, begin, ...Array<Buffer>(1024).fill(zeros)]);
}

function mostMemory(): number {
  return process.resourceUsage().maxRSS * 1024;
}

const bombs: readonly (readonly [
  string,
  Buffer,
  Partial<IdxOptions>,
  RegExp | undefined,
])[] = [
  [
    "whose header says four billion pictures",
    idxBytes(IMAGES, [0xffffffff, 28, 28], Buffer.alloc(0)),
    { partial: true },
    /from which gzip cannot unpack so many/,
  ],
  [
    "whose header says a million pictures",
    idxBytes(IMAGES, [1_000_000, 28, 28], Buffer.alloc(0)),
    { partial: true },
    /a label for each of the 1,000,000 pictures/,
  ],
  [
    "that goes on behind its pictures",
    idxBytes(IMAGES, [ROWS, 28, 28], Buffer.alloc(0)),
    {},
    /received more/,
  ],
  [
    "of which little is wanted",
    idxBytes(IMAGES, [ROWS, 28, 28], Buffer.alloc(0)),
    { samples: 5 },
    undefined,
  ],
  ["that is nothing but zeros", Buffer.alloc(0), {}, /the bytes 00 00 00 00/],
];

for (const [name, head, changed, expected] of bombs) {
  test(`a gzip bomb ${name} takes little memory`, async (context) => {
    const paths = await writeIdx(await temporaryFolder(context), {
      images: bomb(head),
      labels: idxBytes(LABELS, [ROWS], Buffer.alloc(ROWS)),
    });
    const given = { shape: [28, 28], classes: 10, records: ROWS, ...changed };
    const before = mostMemory();
    const reading = readIdxSplit(paths, given);
    if (expected !== undefined) await assert.rejects(reading, expected);
    else assert.deepEqual((await reading).images.shape, [5, 28, 28]);
    const growth = mostMemory() - before;
    assert.ok(growth < MOST_GROWTH, `${growth} bytes more`);
  });
}
