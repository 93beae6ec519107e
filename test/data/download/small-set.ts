/**
 * Creates small data sets with valid digests for tests.
 */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { DatasetEntry } from "../../../src/data/catalog/dataset-entry";
import { type TarEntry, tarOf } from "./tar-archive";

/** Name of the archive of {@link smallSet}. */
export const ARCHIVE = "small-set.tar.gz";

/**
 * Limits with short pauses for tests.
 *
 * The limits for slow and stalled servers stay generous, because a busy machine is slow itself.
 * Tests of such servers set their own.
 */
export const quickLimits = {
  stallSeconds: 30,
  crawlBytesPerSecond: 200_000,
  crawlSeconds: 60,
  rounds: 2,
  pauseSeconds: 0.05,
  lockSeconds: 2,
} as const;

/** A set of two files in one archive, like CIFAR's sets. */
export interface SmallSet {
  readonly archive: Buffer;
  readonly files: Readonly<Record<string, Buffer>>;
  /** Returns a catalog entry with the given mirrors. */
  entry(...mirrors: string[]): DatasetEntry;
}

/** Returns the SHA-256 in hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Returns pseudo-random, incompressible bytes. */
export function noise(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed * 2_654_435_761 + 1;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

/** Returns bytes that start like an archive. */
export function impostor(length: number): Buffer {
  const bytes = noise(length, 5);
  bytes.set([0x1f, 0x8b]);
  return bytes;
}

/**
 * Creates a set of two files of `length` bytes.
 *
 * @param wrap Changes the entries of the archive.
 * @param pack Compresses the archive. Default: gzip.
 */
export function smallSet({
  length = 60_000,
  wrap = (entries) => entries,
  pack = gzipSync,
}: {
  length?: number;
  wrap?: (entries: readonly TarEntry[]) => readonly TarEntry[];
  pack?: (tar: Buffer) => Buffer;
} = {}): SmallSet {
  const files = { "train.bin": noise(length, 1), "test.bin": noise(length, 2) };
  const entries: TarEntry[] = [
    { name: "small-set/", type: "5" },
    { name: "small-set/readme.html", bytes: Buffer.from("<p>Hello</p>") },
    ...Object.entries(files).map(([name, bytes]) => ({
      name: `small-set/${name}`,
      bytes,
    })),
  ];
  const archive = pack(tarOf(wrap(entries)));
  return {
    archive,
    files,
    entry: (...mirrors) => ({
      ...about,
      downloads: [
        {
          name: ARCHIVE,
          bytes: archive.length,
          sha256: sha256(archive),
          mirrors,
        },
      ],
      files: Object.keys(files).map((name) => ({ name, bytes: length })),
    }),
  };
}

/** Creates a set of two gzipped files, like MNIST. */
export function gzippedSet(mirror: string): DatasetEntry & {
  readonly packed: Readonly<Record<string, Buffer>>;
} {
  const files = { "a-images": noise(30_000, 3), "a-labels": noise(1_000, 4) };
  const packed = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [
      `${name}.gz`,
      gzipSync(bytes),
    ]),
  );
  return {
    ...about,
    packed,
    downloads: Object.entries(packed).map(([name, bytes]) => ({
      name,
      bytes: bytes.length,
      sha256: sha256(bytes),
      mirrors: [`${mirror}/${name}`],
    })),
    files: Object.entries(files).map(([name, bytes]) => ({
      name,
      bytes: bytes.length,
      sha256: sha256(bytes),
    })),
  };
}

const about = {
  name: "cifar-10",
  title: "Small set",
  description: "Two files for tests",
  homepage: "http://localhost/",
  license: "none stated",
  citation: "none",
  imageShape: [32, 32, 3],
  trainSamples: 1,
  testSamples: 1,
  classNames: ["one"],
  folder: "small-set",
  layout: { kind: "records", labelClasses: [1], train: [], test: [] },
} as const;
