/**
 * Tests that damaged or malicious archives are rejected, even if their digest is right.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import type { DatasetEntry } from "../../../src/data/catalog/dataset-entry";
import { obtain } from "../../../src/data/download/obtain";
import { errorWith } from "../../error-with";
import { temporaryFolder } from "../temporary-folder";
import {
  ARCHIVE,
  gzippedSet,
  noise,
  quickLimits,
  sha256,
  type SmallSet,
  smallSet,
} from "./small-set";
import { serve, TestServer } from "./test-server";
import type { tarOf } from "./tar-archive";

/** The code of an error and the values in its message. */
type Rule = Parameters<typeof errorWith>;

const timeLimit = { timeout: 60_000 };
const evil = Buffer.from("evil");

/** Additional entries of an archive, and the expected rule in the error. */
const maliciousEntries: Record<
  string,
  { entry: Parameters<typeof tarOf>[0][0]; rule: Rule }
> = {
  "climbs out of its folder": {
    entry: { name: "small-set/../../evil", bytes: evil },
    rule: ["ERR_FILE_FORMAT", "small-set/", 'received "small-set/../../evil"'],
  },
  "climbs out of the cache": {
    entry: { name: "../../evil", bytes: evil },
    rule: ["ERR_FILE_FORMAT", "small-set/"],
  },
  "climbs out with backslashes": {
    entry: { name: "small-set\\..\\..\\evil", bytes: evil },
    rule: ["ERR_FILE_FORMAT", "small-set/"],
  },
  "has an absolute name": {
    entry: { name: "/tmp/convnotes-evil", bytes: evil },
    rule: ["ERR_FILE_FORMAT", "small-set/", 'received "/tmp'],
  },
  "names a drive": {
    entry: { name: "C:\\evil", bytes: evil },
    rule: ["ERR_FILE_FORMAT", "small-set/"],
  },
  "has a folder above": {
    entry: { name: "../evil/", type: "5" },
    rule: ["ERR_FILE_FORMAT", "small-set/"],
  },
  "has a symbolic link": {
    entry: { name: "small-set/link", type: "2", linkName: "/etc/passwd" },
    rule: [
      "ERR_FILE_FORMAT",
      'received "small-set/link", of type SymbolicLink',
    ],
  },
  "has a hard link": {
    entry: { name: "small-set/link", type: "1", linkName: "/etc/passwd" },
    rule: ["ERR_FILE_FORMAT", "of type Link"],
  },
  "has a link instead of a file": {
    entry: { name: "small-set/train.bin", type: "2", linkName: "/etc/passwd" },
    rule: ["ERR_FILE_FORMAT", "of type SymbolicLink"],
  },
  "has a character device": {
    entry: { name: "small-set/null", type: "3" },
    rule: ["ERR_FILE_FORMAT", "of type CharacterDevice"],
  },
  "has a block device": {
    entry: { name: "small-set/disk", type: "4" },
    rule: ["ERR_FILE_FORMAT", "of type BlockDevice"],
  },
  "has a pipe": {
    entry: { name: "small-set/pipe", type: "6" },
    rule: ["ERR_FILE_FORMAT", "of type FIFO"],
  },
  "has an entry of an unknown type": {
    entry: { name: "small-set/odd", type: "Q" },
    rule: ["ERR_FILE_FORMAT"],
  },
  "has a file twice": {
    entry: { name: "./small-set//train.bin", bytes: noise(60_000, 1) },
    rule: ["ERR_FILE_FORMAT", "train.bin", "received it twice"],
  },
  "has a file that is too large": {
    entry: { name: "small-set/train.bin", bytes: noise(60_001, 1) },
    rule: [
      "ERR_FILE_DAMAGED",
      "train.bin",
      "60,000 bytes",
      "received 60,001 bytes",
    ],
  },
  "has a file that is too small": {
    entry: { name: "small-set/train.bin", bytes: noise(59_999, 1) },
    rule: [
      "ERR_FILE_DAMAGED",
      "train.bin",
      "60,000 bytes",
      "received 59,999 bytes",
    ],
  },
  "announces a huge file": {
    entry: { name: "small-set/train.bin", size: 8 ** 10, bytes: evil },
    rule: [
      "ERR_FILE_DAMAGED",
      "train.bin",
      "60,000 bytes",
      "received 1,073,741,824 bytes",
    ],
  },
  "renames an entry by an extended header": {
    entry: {
      name: "pax",
      type: "x",
      bytes: Buffer.from("23 path=../../evil.bin\n"),
    },
    rule: ["ERR_FILE_FORMAT", "small-set/", 'received "../../evil.bin"'],
  },
  "is a bomb": {
    entry: { name: "small-set/zeros", bytes: Buffer.alloc(30_000_000) },
    rule: [
      "ERR_FILE_DAMAGED",
      "1,168,576 bytes",
      "small-set.tar.gz",
      "received more",
    ],
  },
};

for (const [what, { entry, rule }] of Object.entries(maliciousEntries)) {
  test(`rejects an archive that ${what}`, timeLimit, async (context) => {
    const set = smallSet({ wrap: (entries) => [entry, ...entries] });
    await assertRejectedSet(context, set, rule);
  });
}

const damages: Record<string, { set: () => SmallSet; rule: Rule }> = {
  "lacks a file": {
    set: () => smallSet({ wrap: (entries) => entries.slice(0, -1) }),
    rule: ["ERR_FILE_FORMAT", "Small set", "received one without test.bin"],
  },
  "has its files in another folder": {
    set: () =>
      smallSet({
        wrap: (entries) =>
          entries.map(({ name, ...rest }) => ({
            name: `other/${name}`,
            ...rest,
          })),
      }),
    rule: ["ERR_FILE_FORMAT", "received one without train.bin, test.bin"],
  },
  "is empty": {
    set: () => smallSet({ wrap: () => [] }),
    rule: ["ERR_FILE_FORMAT"],
  },
  "is truncated inside the gzip stream": {
    set: () => smallSet({ pack: (tar) => gzipSync(tar).subarray(0, -5_000) }),
    rule: ["ERR_FILE_FORMAT", "received unexpected end of file"],
  },
  "is truncated inside a file": {
    set: () => smallSet({ pack: (tar) => gzipSync(tar.subarray(0, 90_000)) }),
    rule: ["ERR_FILE_FORMAT", "received TAR_BAD_ARCHIVE: Truncated input"],
  },
  "has a flipped bit": {
    set: () =>
      smallSet({
        pack(tar) {
          const bytes = gzipSync(tar);
          bytes[bytes.length - 6]! ^= 1;
          return bytes;
        },
      }),
    rule: ["ERR_FILE_FORMAT", "received incorrect data check"],
  },
  "has a damaged header": {
    set: () =>
      smallSet({
        pack(tar) {
          tar[512] = 0x58;
          return gzipSync(tar);
        },
      }),
    rule: ["ERR_FILE_FORMAT", "received TAR_ENTRY_INVALID: checksum failure"],
  },
  "is compressed twice": {
    set: () => smallSet({ pack: (tar) => gzipSync(gzipSync(tar)) }),
    rule: ["ERR_FILE_FORMAT", "received another compressed stream"],
  },
  "is not a tar archive": {
    set: () => smallSet({ pack: () => gzipSync(noise(3_000, 8)) }),
    rule: ["ERR_FILE_FORMAT"],
  },
  "contains no bytes": {
    set: () => smallSet({ pack: () => gzipSync("") }),
    rule: ["ERR_FILE_FORMAT"],
  },
};

for (const [what, { set, rule }] of Object.entries(damages)) {
  test(`rejects an archive that ${what}`, timeLimit, async (context) => {
    await assertRejectedSet(context, set(), rule);
  });
}

test("unpacks only files listed in the catalog", timeLimit, async (context) => {
  const folder = await install(
    context,
    smallSet({
      wrap: (entries) => [
        ...entries,
        { name: "small-set/more/train.bin", bytes: evil },
        { name: "other/train.bin", bytes: evil },
        { name: "convnotes.json", bytes: evil },
        { name: "small-set/convnotes.json", bytes: evil },
      ],
    }),
  );
  const names = (await readdir(folder)).sort();
  assert.deepEqual(names, ["convnotes.json", "test.bin", "train.bin"]);
  assert.notEqual(
    await readFile(path.join(folder, "convnotes.json"), "utf8"),
    "evil",
  );
});

test("reads names in long and extended headers", timeLimit, async (context) => {
  const set = smallSet({
    wrap: ([, , train, test]) => [
      {
        name: "pax",
        type: "x",
        bytes: Buffer.from("28 path=small-set/train.bin\n"),
      },
      { ...train!, name: "short" },
      {
        name: "././@LongLink",
        type: "L",
        bytes: Buffer.from("small-set/test.bin\0"),
      },
      { ...test!, name: "short" },
    ],
  });
  const folder = await install(context, set);
  assert.deepEqual(
    await readFile(path.join(folder, "train.bin")),
    set.files["train.bin"],
  );
});

test(
  "rejects a gzipped file that unpacks to a wrong size or content",
  timeLimit,
  async (context) => {
    const cases: [Buffer, Rule][] = [
      [
        gzipSync(Buffer.alloc(50_000_000)),
        ["ERR_FILE_DAMAGED", "a-images", "30,000 bytes", "received more"],
      ],
      [
        gzipSync(noise(29_999, 3)),
        [
          "ERR_FILE_DAMAGED",
          "a-images",
          "30,000 bytes",
          "received 29,999 bytes",
        ],
      ],
      [gzipSync(noise(30_000, 6)), ["ERR_FILE_DAMAGED", "a-images", "SHA-256"]],
      [
        gzipSync(noise(30_000, 3)).subarray(0, -9),
        ["ERR_FILE_FORMAT", "received unexpected end"],
      ],
    ];
    for (const [bytes, rule] of cases) {
      const server = await TestServer.start(context);
      const entry = gzippedSet(server.address(""));
      for (const { name } of entry.downloads) {
        server.at(
          `/${name}`,
          serve(name === "a-images.gz" ? bytes : entry.packed[name]!),
        );
      }
      const downloads = entry.downloads.map((file) =>
        file.name === "a-images.gz"
          ? { ...file, bytes: bytes.length, sha256: sha256(bytes) }
          : file,
      );
      await assertRejected(context, { ...entry, downloads }, rule);
    }
  },
);

test(
  "does not follow a link among the partial files",
  timeLimit,
  async (context) => {
    const server = await TestServer.start(context);
    const set = smallSet();
    const cache = await temporaryFolder(context);
    const elsewhere = await temporaryFolder(context);
    const kept = path.join(elsewhere, "kept");
    await writeFile(kept, "user data");
    const entry = set.entry(server.at("/a", serve(set.archive)));
    const partialFolder = path.join(cache, ".partial", "small-set");
    await mkdir(partialFolder, { recursive: true });
    await symlink(elsewhere, path.join(partialFolder, "unpacked-link"));
    await obtain(entry, { cache, limits: quickLimits });
    assert.equal(await readFile(kept, "utf8"), "user data");
  },
);

async function install(context: TestContext, set: SmallSet): Promise<string> {
  const server = await TestServer.start(context);
  const cache = await temporaryFolder(context);
  const entry = set.entry(server.at("/a", serve(set.archive)));
  return obtain(entry, { cache, limits: quickLimits });
}

async function assertRejectedSet(
  context: TestContext,
  set: SmallSet,
  rule: Rule,
): Promise<void> {
  const server = await TestServer.start(context);
  const mirror = server.at("/a", serve(set.archive));
  await assertRejected(context, set.entry(mirror), rule);
}

/**
 * Asserts that the error names the rule and that no unpacked file remains in the cache or around
 * it.
 */
async function assertRejected(
  context: TestContext,
  entry: DatasetEntry,
  rule: Rule,
): Promise<void> {
  const parent = await temporaryFolder(context);
  const cache = path.join(parent, "cache");
  await assert.rejects(
    obtain(entry, { cache, limits: quickLimits }),
    errorWith(...rule),
  );
  assert.deepEqual(await readdir(parent), ["cache"]);
  assert.deepEqual(await readdir(cache), [".partial"]);
  assert.deepEqual(await readdir(path.join(cache, ".partial")), ["small-set"]);
  const left = await readdir(path.join(cache, ".partial", "small-set"));
  const known = entry.downloads.flatMap(({ name }) => [
    `${name}.part`,
    `${name}.part.json`,
  ]);
  assert.deepEqual(
    left.filter((name) => !known.includes(name)),
    [],
  );
  assert.ok(!existsSync("/tmp/convnotes-evil"));
  assert.ok(entry.downloads[0]!.name === ARCHIVE || left.length > 0);
}
