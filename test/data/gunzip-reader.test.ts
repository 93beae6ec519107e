/**
 * Tests the block-by-block reader of gzipped files.
 */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { GunzipReader } from "../../src/data/gunzip-reader";
import { SourceFile } from "../../src/data/source-file";
import { temporaryFolder } from "./temporary-folder";

async function packed(
  context: TestContext,
  content: Uint8Array,
): Promise<SourceFile> {
  const file = path.join(await temporaryFolder(context), "content.gz");
  await writeFile(file, gzipSync(content));
  return SourceFile.find(file);
}

test("returns bytes in order for reads of any size", async (context) => {
  const content = Buffer.from(
    Array.from({ length: 200_000 }, (_, index) => (index * index) >> 3),
  );
  const file = await packed(context, content);
  await file.use(async (bytes) => {
    const reader = new GunzipReader(file, bytes);
    const parts: Buffer[] = [];
    for (const length of [1, 70_000, 3, 0, 120_000, 20_000]) {
      const target = Buffer.alloc(length);
      parts.push(target.subarray(0, await reader.read(target)));
    }
    assert.deepEqual(Buffer.concat(parts), content);
    assert.equal(await reader.read(Buffer.alloc(1)), 0);
    await reader.close();
  });
});

test("passes on errors of the underlying file", async (context) => {
  const file = await packed(context, Buffer.from("content"));
  const error = file.changed("an early end of file");
  const reader = new GunzipReader(file, { read: () => Promise.reject(error) });
  await assert.rejects(reader.read(Buffer.alloc(1)), error);
  await reader.close();
});

test("stops reading the file after close", async (context) => {
  const file = await packed(context, Buffer.from("content"));
  let reads = 0;
  const endless = {
    read: (target: Uint8Array) => {
      // A gzip header followed by endless empty stored blocks.
      const block = Buffer.alloc(target.length - (target.length % 5));
      for (let offset = 0; offset < block.length; offset += 5) {
        block.set([0, 0, 0, 0xff, 0xff], offset);
      }
      const header = gzipSync("").subarray(0, 10);
      target.set(reads === 0 ? header : block);
      reads += 1;
      return Promise.resolve(reads === 1 ? header.length : block.length);
    },
  };
  const reader = new GunzipReader(file, endless);
  const reading = reader.read(Buffer.alloc(1));
  while (reads < 3) await new Promise(setImmediate);
  await reader.close();
  await assert.rejects(reading, { name: "DatasetError" });
  const before = reads;
  // Reads that must not follow would follow within this time.
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(reads, before);
});
