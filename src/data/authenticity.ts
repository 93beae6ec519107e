/**
 * Whether files that were found are the publisher's.
 */
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { catalogue } from "./catalogue/catalogue";
import type { DataFile, DatasetEntry } from "./catalogue/dataset-entry";
import { DatasetError } from "./dataset-error";
import { isWhole, readManifest } from "./download/manifest";
import type { FoundFiles } from "./find-files";
import { GunzipReader } from "./gunzip-reader";
import type { Provenance } from "./provenance";
import { count } from "./quantity";
import { type ByteReader, SourceFile } from "./source-file";

const BLOCK = 2 ** 20;

// Digests that were computed already, by path, size and time of change.
const known = new Map<string, string>();

/** What came of holding a file against its digest. */
export interface Verdict {
  readonly file: DataFile;
  readonly path: string;
  /** The SHA-256 that it should have; none if nobody has published it. */
  readonly expected?: string | undefined;
  /** The SHA-256 that it has; none if it cannot be read. */
  readonly received?: string | undefined;
  /** Whether convnotes unpacked it itself from an archive whose SHA-256 was the publisher's. */
  readonly isOurs: boolean;
}

/**
 * Holds the SHA-256 of every file against what is known of it: the catalogue's digest, or for files that convnotes unpacked into its
 * cache the one written down then.
 */
export async function verify(
  entry: DatasetEntry,
  found: FoundFiles,
): Promise<Verdict[]> {
  const isOurs =
    found.place === "cache" && (await isWhole(entry, found.folder));
  const noted = isOurs ? await readManifest(found.folder) : undefined;
  const verdicts: Verdict[] = [];
  for (const file of entry.files) {
    const path = found.paths.get(file.name)!;
    const note = noted?.files.find(({ name }) => name === file.name);
    const unpacked = note?.sha256 ?? file.sha256;
    const packed = entry.downloads.find(
      ({ name }) => name === basename(path),
    )?.sha256;
    const expected = unpacked ?? packed;
    // Without anything to hold it against, it need not be read.
    const received =
      expected === undefined
        ? undefined
        : await digestOf(path, file, unpacked === undefined);
    verdicts.push({ file, path, expected, received, isOurs });
  }
  return verdicts;
}

/**
 * Where files are from: `original` if all agree with their digests, `unverified` if there is nothing to hold a file against, or if a
 * file of the user's differs.
 *
 * Throws a {@link DatasetError} if a file that convnotes unpacked has changed since, or if the files are those of another set.
 */
export async function provenanceOf(
  entry: DatasetEntry,
  found: FoundFiles,
): Promise<Exclude<Provenance, "synthetic">> {
  let isOriginal = true;
  for (const verdict of await verify(entry, found)) {
    const { expected, received, isOurs } = verdict;
    if (expected !== undefined && expected === received) continue;
    isOriginal = false;
    refuseOther(entry, verdict);
    if (isOurs) throw changed(entry, verdict);
  }
  return isOriginal ? "original" : "unverified";
}

/** The SHA-256 of a file, of what it unpacks to if it is gzipped and not wanted as it is; none if it cannot be read, of which its reader can say more. */
async function digestOf(
  path: string,
  file: DataFile,
  asItIs: boolean,
): Promise<string | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    const key = [path, size, mtimeMs, asItIs].join("\0");
    const digest = known.get(key) ?? (await compute(path, file, asItIs));
    known.set(key, digest);
    return digest;
  } catch {
    return undefined;
  }
}

/** Throws a {@link DatasetError} if it cannot be read, is damaged, or unpacks to more than the publisher's file. */
async function compute(
  path: string,
  file: DataFile,
  asItIs: boolean,
): Promise<string> {
  const source = await SourceFile.find(path);
  return source.use(async (packed) => {
    if (asItIs || !path.endsWith(".gz")) return hashOf(packed, source.size);
    const unpacked = new GunzipReader(source, packed);
    try {
      return await hashOf(unpacked, file.bytes);
    } finally {
      await unpacked.close();
    }
  });
}

async function hashOf(bytes: ByteReader, most: number): Promise<string> {
  const hash = createHash("sha256");
  const block = new Uint8Array(BLOCK);
  let total = 0;
  for (;;) {
    const length = await bytes.read(block);
    if (length === 0) return hash.digest("hex");
    total += length;
    // A small file may unpack to a thousand times its size.
    if (total > most) {
      throw new DatasetError({
        expected: `at most ${count(most)} bytes`,
        received: "more",
      });
    }
    hash.update(block.subarray(0, length));
  }
}

/** MNIST's and Fashion-MNIST's files have the same names and sizes. */
function refuseOther(
  entry: DatasetEntry,
  { file, path, received }: Verdict,
): void {
  if (received === undefined) return;
  for (const other of Object.values(catalogue)) {
    if (other === entry) continue;
    if (other.files.every(({ sha256 }) => sha256 !== received)) continue;
    throw new DatasetError({
      expected: `${file.name} to be ${entry.title}'s`,
      received: `${other.title}'s`,
      file: path,
    });
  }
}

function changed(
  { name, title }: DatasetEntry,
  { file, path, expected, received }: Verdict,
): DatasetError {
  return new DatasetError({
    expected: `${file.name} to be as it was unpacked from ${title}'s archive, with SHA-256 ${expected}`,
    received: received ?? "a file that cannot be read",
    file: path,
    advice: `To fetch it anew: npx convnotes data clear ${name}, then npx convnotes data get ${name}`,
  });
}
