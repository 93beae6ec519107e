/**
 * Verifies the files of a data set against the publisher's SHA-256 digests.
 */
import { basename } from "node:path";
import { catalog } from "./catalog/catalog";
import type { DataFile, DatasetEntry } from "./catalog/dataset-entry";
import { DatasetError } from "./dataset-error";
import { isComplete, readManifest } from "./download/manifest";
import { type DigestRule, FileDigests } from "./file-digests";
import type { FoundFiles } from "./find-files";
import type { Provenance } from "./provenance";

/** A file and the digest that it should have. */
interface Expectation {
  readonly file: DataFile;
  readonly path: string;
  /** Expected SHA-256; undefined if none was published. */
  readonly expected: string | undefined;
  /** Whether convnotes unpacked the file from an archive with the publisher's SHA-256. */
  readonly isManaged: boolean;
}

/** Result of comparing a file with its expected digest. */
export interface Verdict extends Expectation {
  /** SHA-256 of the file; undefined if it cannot be read or `expected` is undefined. */
  readonly received: string | undefined;
}

/** The files of a data set, with the digests that they should have and those that they have. */
export class Authenticity {
  readonly #entry: DatasetEntry;
  readonly #expectations: readonly Expectation[];
  /** Opens the files for their reader, and computes the digests meanwhile. */
  readonly digests: FileDigests;

  private constructor(
    entry: DatasetEntry,
    expectations: readonly Expectation[],
    rules: ReadonlyMap<string, DigestRule>,
  ) {
    this.#entry = entry;
    this.#expectations = expectations;
    this.digests = new FileDigests(rules);
  }

  /**
   * Determines the expected digests: those in the manifest for files that convnotes unpacked into
   * its cache, otherwise those in the catalog.
   */
  static async of(
    entry: DatasetEntry,
    found: FoundFiles,
  ): Promise<Authenticity> {
    const isManaged =
      found.place === "cache" && (await isComplete(entry, found.folder));
    const manifest = isManaged ? await readManifest(found.folder) : undefined;
    const rules = new Map<string, DigestRule>();
    const expectations = entry.files.map((file): Expectation => {
      const path = found.paths.get(file.name)!;
      const record = manifest?.files.find(({ name }) => name === file.name);
      const unpacked = record?.sha256 ?? file.sha256;
      const packed = entry.downloads.find(
        ({ name }) => name === basename(path),
      )?.sha256;
      const expected = unpacked ?? packed;
      if (expected !== undefined)
        rules.set(path, ruleOf(entry, file, unpacked));
      return { file, path, expected, isManaged };
    });
    return new Authenticity(entry, expectations, rules);
  }

  /** Compares every file with its expected digest. Reads the files that were not read yet. */
  async verify(): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    for (const expectation of this.#expectations) {
      const { path, expected } = expectation;
      // Without an expected digest there is no need to read the file.
      const received =
        expected === undefined ? undefined : await this.digests.of(path);
      verdicts.push({ ...expectation, received });
    }
    return verdicts;
  }

  /**
   * Returns the provenance of the files.
   *
   * The result is `original` if every file matches its digest. It is `unverified` if a file has no
   * published digest, or if a file in a folder of the user's differs from it.
   *
   * Throws a {@link DatasetError} if a file that convnotes unpacked has changed since, or if the
   * files belong to another data set.
   */
  async provenance(): Promise<Exclude<Provenance, "synthetic">> {
    let isOriginal = true;
    for (const verdict of await this.verify()) {
      const { expected, received, isManaged } = verdict;
      if (expected !== undefined && expected === received) continue;
      isOriginal = false;
      rejectOtherDataset(this.#entry, verdict);
      if (isManaged) throw changed(this.#entry, verdict);
    }
    return isOriginal ? "original" : "unverified";
  }
}

/** Returns which bytes of a file have the digest. CIFAR's files are never gzipped. */
function ruleOf(
  { layout }: DatasetEntry,
  { bytes }: DataFile,
  unpacked: string | undefined,
): DigestRule {
  return layout.kind === "records" || unpacked === undefined
    ? { of: "stored", max: Infinity }
    : { of: "unpacked", max: bytes };
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
      code: "ERR_FILE_DAMAGED",
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
    code: "ERR_FILE_DAMAGED",
    expected: `${file.name} to be unchanged since it was unpacked from ${title}'s archive, with SHA-256 ${expected}`,
    received: received ?? "an unreadable file",
    file: path,
    advice: `To download it again: npx convnotes data clear ${name}, then npx convnotes data get ${name}`,
  });
}
