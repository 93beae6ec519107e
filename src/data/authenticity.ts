/**
 * Verifies the files of a data set against the publisher's SHA-256 digests.
 */
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { catalog } from "./catalog/catalog";
import type { DataFile, DatasetEntry } from "./catalog/dataset-entry";
import { DatasetError } from "./dataset-error";
import { isComplete, readManifest } from "./download/manifest";
import type { FoundFiles } from "./find-files";
import { GunzipReader } from "./gunzip-reader";
import type { Provenance } from "./provenance";
import { count } from "../notebook/quantity";
import { type ByteReader, SourceFile } from "./source-file";

const BLOCK = 2 ** 20;

// Computed digests by path, size, modification time and whether the file was read as stored.
const digests = new Map<string, string>();

/** Result of comparing a file with its expected digest. */
export interface Verdict {
  readonly file: DataFile;
  readonly path: string;
  /** Expected SHA-256; undefined if none was published. */
  readonly expected?: string | undefined;
  /** SHA-256 of the file; undefined if it cannot be read or `expected` is undefined. */
  readonly received?: string | undefined;
  /** Whether convnotes unpacked the file from an archive with the publisher's SHA-256. */
  readonly isManaged: boolean;
}

/**
 * Compares the SHA-256 of every file with its expected digest.
 *
 * The expected digest is the one in the manifest for files that convnotes unpacked into its cache,
 * otherwise the one in the catalog.
 */
export async function verify(
  entry: DatasetEntry,
  found: FoundFiles,
): Promise<Verdict[]> {
  const isManaged =
    found.place === "cache" && (await isComplete(entry, found.folder));
  const manifest = isManaged ? await readManifest(found.folder) : undefined;
  const verdicts: Verdict[] = [];
  for (const file of entry.files) {
    const path = found.paths.get(file.name)!;
    const record = manifest?.files.find(({ name }) => name === file.name);
    const unpacked = record?.sha256 ?? file.sha256;
    const packed = entry.downloads.find(
      ({ name }) => name === basename(path),
    )?.sha256;
    const expected = unpacked ?? packed;
    // Without an expected digest there is no need to read the file.
    const received =
      expected === undefined
        ? undefined
        : await digestOf(path, file, unpacked === undefined);
    verdicts.push({ file, path, expected, received, isManaged });
  }
  return verdicts;
}

/**
 * Returns the provenance of the files found.
 *
 * The result is `original` if every file matches its digest. It is `unverified` if a file has no
 * published digest, or if a file in a folder of the user's differs from it.
 *
 * Throws a {@link DatasetError} if a file that convnotes unpacked has changed since, or if the
 * files belong to another data set.
 */
export async function provenanceOf(
  entry: DatasetEntry,
  found: FoundFiles,
): Promise<Exclude<Provenance, "synthetic">> {
  let isOriginal = true;
  for (const verdict of await verify(entry, found)) {
    const { expected, received, isManaged } = verdict;
    if (expected !== undefined && expected === received) continue;
    isOriginal = false;
    rejectOtherDataset(entry, verdict);
    if (isManaged) throw changed(entry, verdict);
  }
  return isOriginal ? "original" : "unverified";
}

/**
 * Returns the SHA-256 of a file, or of its unpacked content if it is gzipped and not `isRaw`.
 *
 * Returns undefined if the file cannot be read: the format's reader reports that error in more
 * detail.
 */
async function digestOf(
  path: string,
  file: DataFile,
  isRaw: boolean,
): Promise<string | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    const key = [path, size, mtimeMs, isRaw].join("\0");
    const digest = digests.get(key) ?? (await compute(path, file, isRaw));
    digests.set(key, digest);
    return digest;
  } catch {
    return undefined;
  }
}

/**
 * Computes the digest that {@link digestOf} caches.
 *
 * Throws a {@link DatasetError} if the file cannot be read, is damaged, or unpacks to more than the
 * publisher's file.
 */
async function compute(
  path: string,
  file: DataFile,
  isRaw: boolean,
): Promise<string> {
  const source = await SourceFile.find(path);
  return source.use(async (packed) => {
    if (isRaw || !path.endsWith(".gz")) return hashOf(packed, source.size);
    const unpacked = new GunzipReader(source, packed);
    try {
      return await hashOf(unpacked, file.bytes);
    } finally {
      await unpacked.close();
    }
  });
}

async function hashOf(bytes: ByteReader, max: number): Promise<string> {
  const hash = createHash("sha256");
  const block = new Uint8Array(BLOCK);
  let total = 0;
  for (;;) {
    const length = await bytes.read(block);
    if (length === 0) return hash.digest("hex");
    total += length;
    // A malicious file may unpack to a thousand times its size.
    if (total > max) {
      throw new DatasetError({
        expected: `at most ${count(max)} bytes`,
        received: "more",
      });
    }
    hash.update(block.subarray(0, length));
  }
}

/**
 * Throws a {@link DatasetError} if a file belongs to another data set of the catalog.
 *
 * MNIST's and Fashion-MNIST's files have the same names and sizes.
 */
function rejectOtherDataset(
  entry: DatasetEntry,
  { file, path, received }: Verdict,
): void {
  if (received === undefined) return;
  for (const other of Object.values(catalog)) {
    if (other === entry) continue;
    if (other.files.every(({ sha256 }) => sha256 !== received)) continue;
    throw new DatasetError({
      expected: `${file.name} to be a file of ${entry.title}`,
      received: `a file of ${other.title}`,
      file: path,
    });
  }
}

function changed(
  { name, title }: DatasetEntry,
  { file, path, expected, received }: Verdict,
): DatasetError {
  return new DatasetError({
    expected: `${file.name} to be unchanged since it was unpacked from ${title}'s archive, with SHA-256 ${expected}`,
    received: received ?? "an unreadable file",
    file: path,
    advice: `To download it again: npx convnotes data clear ${name}, then npx convnotes data get ${name}`,
  });
}
