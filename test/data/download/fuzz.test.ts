/**
 * Fuzzes the unpacking of archives: each is unpacked correctly or rejected.
 */
import assert from "node:assert/strict";
import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { unpack } from "../../../src/data/download/archive";
import { DatasetError } from "../../../src/data/dataset-error";
import { temporaryFolder } from "../temporary-folder";
import { noise, sha256, smallSet } from "./small-set";
import { type TarEntry, tarOf } from "./tar-archive";

const LENGTH = 700;
const set = smallSet({ length: LENGTH });
const entry = set.entry();
const remote = entry.downloads[0]!;
const validEntries: TarEntry[] = Object.entries(set.files).map(
  ([name, bytes]) => ({
    name: `small-set/${name}`,
    bytes,
  }),
);
const tar = tarOf(validEntries);
const options = { seed: 6, numRuns: 80, endOnFailure: true };

/** Replacement of a range of bytes by others, possibly fewer or more. */
const change = fc.record({
  at: fc.nat(tar.length - 1),
  removed: fc.nat(600),
  added: fc.uint8Array({ maxLength: 600 }),
});

const changed = (bytes: Buffer) =>
  fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) =>
      changes.reduce(
        (current, { at, removed, added }) =>
          Buffer.concat([
            current.subarray(0, at),
            added,
            current.subarray(at + removed),
          ]),
        bytes,
      ),
    );

const name = fc.oneof(
  fc.string({ maxLength: 100 }),
  fc.constantFrom(...validEntries.map((item) => item.name)),
  fc
    .array(fc.constantFrom("..", ".", "", "small-set", "train.bin", "C:", "\\"))
    .map((parts) => parts.join("/")),
);

const entries = fc.array(
  fc.oneof(
    fc.constantFrom(...validEntries),
    fc.record({
      name,
      type: fc.constantFrom(..."0012356xgLKSVX7\0"),
      bytes: fc.uint8Array({ maxLength: LENGTH + 100 }),
      linkName: fc.constantFrom("", "", "/etc/passwd"),
    }),
  ),
  { maxLength: 6 },
);

const archives: Record<string, fc.Arbitrary<Buffer>> = {
  "any bytes": fc.uint8Array({ maxLength: 3_000 }).map(Buffer.from),
  "any bytes, gzipped": fc
    .uint8Array({ maxLength: 3_000 })
    .map((bytes) => gzipSync(bytes)),
  "an archive with changes inside": changed(tar).map((bytes) =>
    gzipSync(bytes),
  ),
  "an archive with changes outside": changed(gzipSync(tar)),
  "an archive of any entries": entries.map((items) => gzipSync(tarOf(items))),
};

for (const [what, arbitrary] of Object.entries(archives)) {
  test(
    `${what}: unpacked correctly or rejected`,
    { timeout: 120_000 },
    async (context) => {
      const parent = await temporaryFolder(context);
      const folder = path.join(parent, "run");
      let run = 0;
      await fc.assert(
        fc.asyncProperty(arbitrary, async (bytes) => {
          const inside = path.join(folder, String(run++));
          await mkdir(inside, { recursive: true });
          const archive = path.join(parent, remote.name);
          await writeFile(archive, bytes);
          try {
            const files = await unpack({
              entry,
              remote,
              archive,
              folder: inside,
            });
            assert.deepEqual(files.map((file) => file.name).sort(), [
              "test.bin",
              "train.bin",
            ]);
          } catch (error) {
            if (!(error instanceof DatasetError)) throw error;
          }
          for (const found of await readdir(inside)) {
            assert.ok(found in set.files, found);
            assert.ok((await stat(path.join(inside, found))).size <= LENGTH);
          }
        }),
        options,
      );
      assert.deepEqual((await readdir(parent)).sort(), ["run", remote.name]);
    },
  );
}

test("unpacks the unmodified archive", async (context) => {
  const folder = await temporaryFolder(context);
  const archive = path.join(folder, remote.name);
  await writeFile(archive, gzipSync(tar));
  const files = await unpack({ entry, remote, archive, folder });
  assert.deepEqual(
    files.map(({ sha256: digest }) => digest),
    [sha256(noise(LENGTH, 1)), sha256(noise(LENGTH, 2))],
  );
});
