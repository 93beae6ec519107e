/**
 * Tests that gzip bombs and files with false headers take little memory.
 *
 * A separate file, because other tests in the same process would raise its peak memory.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, deflateRawSync, gzipSync } from "node:zlib";
import { readIdxSplit } from "../../src/data/idx";
import type { IdxOptions } from "../../src/data/idx";
import { errorWith } from "../error-with";
import { IMAGES, LABELS, idxBytes, writeIdx } from "./idx-file";
import { temporaryFolder } from "./temporary-folder";

const MEBIBYTE = 2 ** 20;
/**
 * Allowance for the blocks in use and for uncollected garbage; far less than the decompressed
 * bombs.
 */
const MAX_GROWTH = 48 * MEBIBYTE;
/** Number of images in the valid headers. */
const ROWS = 10_000;

/** Returns 1 MB of gzip that decompresses to `head` followed by 1 GiB of zeros. */
function bomb(head: Buffer): Buffer {
  const { Z_FULL_FLUSH } = constants;
  const begin = deflateRawSync(head, { finishFlush: Z_FULL_FLUSH });
  // After a full flush there are no back references, so the same block can be repeated.
  const zeros = deflateRawSync(Buffer.alloc(MEBIBYTE), {
    finishFlush: Z_FULL_FLUSH,
    level: 9,
  });
  const header = gzipSync("").subarray(0, 10);
  return Buffer.concat([header, begin, ...Array<Buffer>(1024).fill(zeros)]);
}

function peakMemory(): number {
  return process.resourceUsage().maxRSS * 1024;
}

const bombs: readonly (readonly [
  string,
  Buffer,
  Partial<IdxOptions>,
  Parameters<typeof errorWith> | undefined,
])[] = [
  [
    "whose header announces four billion images",
    idxBytes(IMAGES, [0xffffffff, 28, 28], Buffer.alloc(0)),
    { partial: true },
    ["ERR_FILE_FORMAT", "4,294,967,295 images", "too few"],
  ],
  [
    "whose header announces a million images",
    idxBytes(IMAGES, [1_000_000, 28, 28], Buffer.alloc(0)),
    { partial: true },
    ["ERR_FILE_FORMAT", "1,000,000 images"],
  ],
  [
    "that continues after its images",
    idxBytes(IMAGES, [ROWS, 28, 28], Buffer.alloc(0)),
    {},
    ["ERR_FILE_FORMAT", "received more"],
  ],
  [
    "of which few images are requested",
    idxBytes(IMAGES, [ROWS, 28, 28], Buffer.alloc(0)),
    { samples: 5 },
    undefined,
  ],
  [
    "that contains only zeros",
    Buffer.alloc(0),
    {},
    ["ERR_FILE_FORMAT", "received the bytes 00 00 00 00"],
  ],
];

for (const [name, head, overrides, expected] of bombs) {
  test(`a gzip bomb ${name} takes little memory`, async (context) => {
    const paths = await writeIdx(await temporaryFolder(context), {
      images: bomb(head),
      labels: idxBytes(LABELS, [ROWS], Buffer.alloc(ROWS)),
    });
    const given = { shape: [28, 28], classes: 10, records: ROWS, ...overrides };
    const before = peakMemory();
    const reading = readIdxSplit(paths, given);
    if (expected !== undefined)
      await assert.rejects(reading, errorWith(...expected));
    else assert.deepEqual((await reading).images.shape, [5, 28, 28]);
    const growth = peakMemory() - before;
    assert.ok(growth < MAX_GROWTH, `${growth} bytes more`);
  });
}
