/**
 * Builds the file lists of MNIST and of data sets in its format.
 */
import {
  type DataFile,
  type IdxLayout,
  PREFIX_BYTES,
  type RemoteFile,
} from "./dataset-entry";

const IMAGE_HEADER = 16;
const LABEL_HEADER = 8;
const IMAGE_BYTES = 28 * 28;

/** Names of the four files, without the suffix `.gz`. */
export const idxLayout: IdxLayout = {
  kind: "idx",
  train: {
    images: "train-images-idx3-ubyte",
    labels: "train-labels-idx1-ubyte",
  },
  test: { images: "t10k-images-idx3-ubyte", labels: "t10k-labels-idx1-ubyte" },
};

/**
 * Name, size in bytes and SHA-256 of a gzipped file; the SHA-256 of its unpacked content, and of
 * the first {@link PREFIX_BYTES} of that content.
 *
 * `name` lacks the suffix `.gz`.
 */
export type IdxFile = readonly [
  name: string,
  bytes: number,
  sha256: string,
  unpackedSha256: string,
  prefixes?: readonly string[],
];

/** Returns the gzipped files to download. `mirrors` are URL prefixes. */
export function idxDownloads(
  mirrors: readonly string[],
  files: readonly IdxFile[],
): RemoteFile[] {
  return files.map(([name, bytes, sha256]) => ({
    name: `${name}.gz`,
    bytes,
    sha256,
    mirrors: mirrors.map((mirror) => `${mirror}${name}.gz`),
  }));
}

/** Returns the unpacked files to read. */
export function idxFiles(files: readonly IdxFile[]): DataFile[] {
  return files.map(([name, , , sha256, prefixes = []]) => {
    const samples = name.startsWith("train") ? 60_000 : 10_000;
    const bytes = name.includes("images")
      ? IMAGE_HEADER + samples * IMAGE_BYTES
      : LABEL_HEADER + samples;
    return {
      name,
      bytes,
      sha256,
      prefixes: prefixes.map((prefix, index) => ({
        bytes: PREFIX_BYTES[index]!,
        sha256: prefix,
      })),
    };
  });
}
