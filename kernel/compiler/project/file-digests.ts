/**
 * Computes digests of files, which are read again only when they have changed.
 */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { packageScope } from "./package-scope";
import { isInstalled } from "./source-files";

interface KnownDigest {
  readonly changed: number;
  readonly size: number;
  readonly digest: string;
}

/** Returns the digest of a text, short enough for a file name. */
export function digestOf(...texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text.length}:`).update(text);
  return hash.digest("hex").slice(0, 40);
}

/**
 * Returns the content of a file for its digest: the text and, if it affects the module format, the
 * `type` of its package.
 */
export function contentOf(path: string, text: string): string {
  return /\.[jt]sx?$/.test(path) && !isInstalled(path)
    ? `${packageScope(path).type ?? ""}:${text}`
    : text;
}

/** Digests of files, by path. */
export class FileDigests {
  readonly #known = new Map<string, KnownDigest>();

  /**
   * Returns the digest of a file's content (see {@link contentOf}); undefined if the file does not
   * exist.
   */
  get(path: string): string | undefined {
    const digest = this.#textDigest(path);
    return digest && contentOf(path, digest);
  }

  #textDigest(path: string): string | undefined {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile()) return undefined;
    const known = this.#known.get(path);
    if (known?.changed === stats.mtimeMs && known.size === stats.size) {
      return known.digest;
    }
    const digest = digestOf(readFileSync(path, "utf8"));
    this.#known.set(path, {
      changed: stats.mtimeMs,
      size: stats.size,
      digest,
    });
    return digest;
  }
}
