/**
 * Digests of files, read again only when a file has changed.
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

/** The digest of a text, short enough for the name of a file. */
export function digestOf(...texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text.length}:`).update(text);
  return hash.digest("hex").slice(0, 40);
}

/**
 * What a file is made of, as one text: its own text, and where that counts the `type` of its package, by which it is a module of one
 * kind or of the other.
 */
export function contentOf(path: string, text: string): string {
  return /\.[jt]sx?$/.test(path) && !isInstalled(path)
    ? `${packageScope(path).type ?? ""}:${text}`
    : text;
}

/** Digests by path. */
export class FileDigests {
  readonly #known = new Map<string, KnownDigest>();

  /** The digest of a file's content (see {@link contentOf}); undefined if there is none. */
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
