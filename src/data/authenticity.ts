/**
 * Verifies the files of a data set against the publisher's SHA-256 digests.
 */
import { ownerOf } from "./catalog/catalog";
import type {
  DataFile,
  DatasetEntry,
  FilePrefix,
} from "./catalog/dataset-entry";
import { DatasetError } from "./dataset-error";
import { isComplete, readManifest } from "./download/manifest";
import { type FileDigest, FileDigests } from "./file-digests";
import type { FoundFiles } from "./find-files";
import { quantity } from "../notebook/quantity";
import type { Provenance } from "./provenance";
import { repairAdvice } from "./repair-advice";
import { SourceFile } from "./source-file";

/** A file and the digests that it should have. */
interface Expectation {
  readonly file: DataFile;
  readonly path: string;
  /** Digests of the file's prefixes, then that of the whole file; empty if none was published. */
  readonly known: readonly FilePrefix[];
  /**
   * Whether convnotes unpacked the file from an archive with the publisher's SHA-256, or a
   * distribution's package installed it.
   */
  readonly isManaged: boolean;
}

/** Result of comparing a file with its expected digest. */
export interface Verdict extends Expectation {
  /** The expected digest; undefined if none was published. */
  readonly expected: FilePrefix | undefined;
  /** SHA-256 of the file; undefined if it cannot be read or `expected` is undefined. */
  readonly received: string | undefined;
  /** What was received, for messages. */
  readonly description: string;
  /** Why the file cannot be read. */
  readonly error: DatasetError | undefined;
}

/** What is known of a file's digest: nothing if it has not been read. */
type Reading = Partial<Omit<FileDigest, "expected">>;

/** Returns whether a file differs from its published digest. */
export function isWrong({ expected, received }: Verdict): boolean {
  return expected !== undefined && expected.sha256 !== received;
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
  ) {
    this.#entry = entry;
    this.#expectations = expectations;
    this.digests = digestsOf(expectations, ({ known }) => known);
  }

  /**
   * Determines the expected digests: those in the manifest for files that convnotes unpacked into
   * its cache, otherwise those in the catalog.
   */
  static async of(
    entry: DatasetEntry,
    found: FoundFiles,
  ): Promise<Authenticity> {
    const { folder, place } = found;
    const isUnpacked = place === "cache" && (await isComplete(entry, folder));
    const manifest = isUnpacked ? await readManifest(folder) : undefined;
    const isManaged = isUnpacked || place === "distribution";
    const expectations = entry.files.map((file): Expectation => {
      const { name, bytes } = file;
      const path = found.paths.get(name)!;
      const record = manifest?.files.find((other) => other.name === name);
      const { sha256, prefixes = [] } = file.sha256 ? file : (record ?? file);
      const known = sha256 ? [...prefixes, { bytes, sha256 }] : [];
      return { file, path, known, isManaged };
    });
    return new Authenticity(entry, expectations);
  }

  /** Reads every file with a published digest to its end, and compares the digests. */
  async verify(): Promise<Verdict[]> {
    const digests = digestsOf(this.#expectations, ({ known }) =>
      known.slice(-1),
    );
    const verdicts: Verdict[] = [];
    for (const expectation of this.#expectations) {
      const { path, known } = expectation;
      const expected = known.at(-1);
      const digest = expected && (await this.#readWhole(path, digests));
      verdicts.push(verdictOf(expectation, expected, digest));
    }
    return verdicts;
  }

  /**
   * Returns the provenance of the bytes that were read.
   *
   * The result is `original` if they match the digests. It is `unverified` if a file has no
   * published digest, or if a file in a folder of the user's differs from it.
   *
   * Throws a {@link DatasetError} if a file that convnotes unpacked or a package installed has
   * changed since, if the files belong to another data set, or if they have changed since they were
   * read.
   */
  async provenance(): Promise<Exclude<Provenance, "synthetic">> {
    await this.digests.checkUnchanged();
    let isOriginal = true;
    for (const expectation of this.#expectations) {
      const digest = this.digests.of(expectation.path);
      if (expectation.known.length === 0) isOriginal = false;
      if (digest === undefined) continue;
      const verdict = verdictOf(expectation, digest.expected, digest);
      if (!isWrong(verdict)) continue;
      isOriginal = false;
      this.#reject(verdict);
    }
    return isOriginal ? "original" : "unverified";
  }

  /**
   * Explains the error of a reader: throws a {@link DatasetError} if a file that convnotes unpacked
   * or a package installed has changed since, or if the files belong to another data set.
   */
  async explain(): Promise<void> {
    for (const verdict of await this.verify()) {
      if (isWrong(verdict)) this.#reject(verdict);
    }
  }

  /** Reads a file to its end. Returns its digest, or the error if it cannot be read. */
  async #readWhole(path: string, digests: FileDigests): Promise<Reading> {
    const nothing = () => Promise.resolve();
    try {
      const file = await SourceFile.find(path);
      // CIFAR's files are never gzipped.
      await (this.#entry.layout.kind === "records"
        ? digests.read(file, nothing)
        : digests.readUnpacked(file, nothing));
      return digests.of(path)!;
    } catch (error) {
      if (error instanceof DatasetError) return { error };
      throw error;
    }
  }

  #reject(verdict: Verdict): void {
    rejectOtherDataset(this.#entry, verdict);
    if (verdict.isManaged) throw changed(this.#entry, verdict);
  }
}

function verdictOf(
  expectation: Expectation,
  expected?: FilePrefix,
  { received, bytes = 0, error }: Reading = {},
): Verdict {
  const size =
    expected !== undefined && bytes > expected.bytes
      ? `more than ${quantity(expected.bytes, "byte")}`
      : quantity(bytes, "byte");
  const description = received ?? error?.received ?? size;
  return { ...expectation, expected, received, description, error };
}

function digestsOf(
  expectations: readonly Expectation[],
  select: (expectation: Expectation) => readonly FilePrefix[],
): FileDigests {
  const selected = expectations
    .filter(({ known }) => known.length > 0)
    .map((expectation) => [expectation.path, select(expectation)] as const);
  return new FileDigests(new Map(selected));
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
  const owner = received === undefined ? undefined : ownerOf(received);
  if (owner === undefined || owner === entry) return;
  throw new DatasetError({
    code: "ERR_FILE_DAMAGED",
    expected: `${file.name} to be a file of ${entry.title}`,
    received: `a file of ${owner.title}`,
    file: path,
  });
}

function changed(
  entry: DatasetEntry,
  { file, path, expected, description }: Verdict,
): DatasetError {
  const { bytes, sha256 } = expected!;
  const part =
    bytes === file.bytes ? "" : ` of its first ${quantity(bytes, "byte")}`;
  return new DatasetError({
    code: "ERR_FILE_DAMAGED",
    expected: `${file.name} to be unchanged, as in ${entry.title}'s archive, with SHA-256 ${sha256}${part}`,
    received: description,
    file: path,
    advice: repairAdvice(entry),
  });
}
