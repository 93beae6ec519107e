/**
 * Tests the catalog for consistency and against published files.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { catalog, entryOf, ownerOf } from "../../src/data/catalog/catalog";
import {
  cifar100,
  cifar100CoarseLabels,
} from "../../src/data/catalog/cifar-100";
import {
  type DataFile,
  PREFIX_BYTES,
} from "../../src/data/catalog/dataset-entry";
import { fashionMnist } from "../../src/data/catalog/fashion-mnist";
import { mnist } from "../../src/data/catalog/mnist";
import { errorWith } from "../error-with";

const sha256 = (...parts: Uint8Array[]): string => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};

for (const [name, entry] of Object.entries(catalog)) {
  describe(`${entry.title} in the catalog`, () => {
    test("can be looked up by its name", () => {
      assert.equal(entryOf(name), entry);
      assert.equal(entry.name, name);
    });

    test("has digests of 64 hexadecimal digits and complete URLs", () => {
      for (const { sha256: digest, mirrors, name: file } of entry.downloads) {
        assert.match(digest, /^[\da-f]{64}$/);
        assert.ok(mirrors.length > 0);
        for (const mirror of mirrors) {
          assert.equal(path.posix.basename(new URL(mirror).pathname), file);
        }
      }
      for (const { sha256: digest } of entry.files) {
        if (digest !== undefined) assert.match(digest, /^[\da-f]{64}$/);
      }
    });

    test("has file sizes that match its images and labels", () => {
      const { imageShape, layout, trainSamples, testSamples } = entry;
      const [height, width, channels] = imageShape;
      const imageBytes = height * width * channels;
      const samples = trainSamples + testSamples;
      const bytes = entry.files.reduce((sum, file) => sum + file.bytes, 0);
      // IDX's headers: 16 bytes for three axes, 8 for one, in each split.
      const expected =
        layout.kind === "idx"
          ? samples * (imageBytes + 1) + 2 * (16 + 8)
          : samples * (imageBytes + layout.labelClasses.length);
      assert.equal(bytes, expected);
    });

    test("has digests of the beginnings of its large files", () => {
      for (const { bytes, prefixes, sha256: whole } of entry.files) {
        if (entry.layout.kind === "records") {
          // No digest of these files was published.
          assert.deepEqual([prefixes, whole], [undefined, undefined]);
          continue;
        }
        assert.equal(ownerOf(whole!), entry);
        assert.deepEqual(
          prefixes!.map((prefix) => prefix.bytes),
          PREFIX_BYTES.filter((length) => length < bytes),
        );
        for (const { sha256: digest } of prefixes!) {
          assert.match(digest, /^[\da-f]{64}$/);
          assert.equal(ownerOf(digest), entry);
        }
      }
    });

    test("has a name for each class", () => {
      const { layout, classNames } = entry;
      const count = layout.kind === "idx" ? 10 : layout.labelClasses.at(-1);
      assert.equal(new Set(classNames).size, count);
    });
  });
}

test("rejects a list of names", () => {
  assert.throws(
    () => entryOf(["mnist"] as unknown as string),
    errorWith("ERR_UNKNOWN_NAME", "received mnist"),
  );
});

test("rejects unknown names", () => {
  for (const name of ["cifar", "", "toString"]) {
    assert.throws(
      () => entryOf(name),
      errorWith("ERR_UNKNOWN_NAME", `received ${name}`),
    );
  }
});

test("groups CIFAR-100's 100 classes into 20 superclasses of five", () => {
  assert.equal(cifar100.coarseClassNames?.length, 20);
  const sizes = new Map<number, number>();
  for (const coarse of cifar100CoarseLabels) {
    sizes.set(coarse, (sizes.get(coarse) ?? 0) + 1);
  }
  assert.deepEqual([...sizes.values()], new Array(20).fill(5));
});

test("assigns CIFAR-100's superclasses as the original files do", async (context) => {
  const folder = process.env.CONVNOTES_DATA;
  const file = path.join(folder ?? "", "cifar-100-binary", "test.bin");
  if (!folder || !existsSync(file)) {
    context.skip("needs CIFAR-100 in the folder that CONVNOTES_DATA names");
    return;
  }
  const records = await readFile(file);
  for (let at = 0; at < records.length; at += 2 + 3072) {
    assert.equal(cifar100CoarseLabels[records[at + 1]!], records[at]);
  }
});

describe("Fashion-MNIST of Debian's package", () => {
  const { folder } = fashionMnist.distribution!;
  const skip = existsSync(folder)
    ? false
    : "needs the package dataset-fashion-mnist of Debian";
  // Times at which the publisher compressed the files, found by trying every second of August 2017
  // until the digest matched the published one.
  const compressedAt: Readonly<Record<string, number>> = {
    "train-images-idx3-ubyte": 1504176606,
    "train-labels-idx1-ubyte": 1504176606,
    "t10k-images-idx3-ubyte": 1504176627,
    "t10k-labels-idx1-ubyte": 1504176627,
  };

  for (const { name, sha256: digest, prefixes } of fashionMnist.files) {
    test(
      `${name} is the publisher's file without the name and time in the gzip header`,
      { skip },
      async () => {
        const bytes = await readFile(path.join(folder, `${name}.gz`));
        // RFC 1952, section 2.3: magic number, deflate, flag "file name", time, no flags, Unix;
        // then the name.
        const header = Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]);
        header.writeUInt32LE(compressedAt[name]!, 4);
        const published = fashionMnist.downloads.find(
          (file) => file.name === `${name}.gz`,
        );
        const restored = [header, Buffer.from(`${name}\0`), bytes.subarray(10)];
        assert.equal(sha256(...restored), published?.sha256);
        const unpacked = gunzipSync(bytes);
        assert.equal(sha256(unpacked), digest);
        assertPrefixes(unpacked, prefixes);
      },
    );
  }
});

describe("MNIST in the folder that CONVNOTES_DATA names", () => {
  for (const { name, sha256: digest, prefixes } of mnist.files) {
    test(`${name} unpacks to what the catalog says`, async (context) => {
      const folder = path.join(process.env.CONVNOTES_DATA ?? "", "mnist");
      const { sha256: published } = mnist.downloads.find(
        (file) => file.name === `${name}.gz`,
      )!;
      const file = path.join(folder, `${name}.gz`);
      const bytes = existsSync(file) ? await readFile(file) : undefined;
      if (bytes === undefined || sha256(bytes) !== published) {
        context.skip(
          "needs the publisher's file in the folder that CONVNOTES_DATA names",
        );
        return;
      }
      const unpacked = gunzipSync(bytes);
      assert.equal(sha256(unpacked), digest);
      assertPrefixes(unpacked, prefixes);
    });
  }
});

function assertPrefixes(content: Uint8Array, prefixes: DataFile["prefixes"]) {
  for (const { bytes, sha256: digest } of prefixes!) {
    assert.equal(sha256(content.subarray(0, bytes)), digest, `${bytes} bytes`);
  }
}
