/**
 * What MNIST and the sets in its format have in common.
 */
import type { DataFile, IdxLayout, RemoteFile } from "./dataset-entry";

const IMAGE_HEADER = 16;
const LABEL_HEADER = 8;
const PICTURE = 28 * 28;

/** Names of the four files, without their ending `.gz`. */
export const idxLayout: IdxLayout = {
  kind: "idx",
  train: {
    images: "train-images-idx3-ubyte",
    labels: "train-labels-idx1-ubyte",
  },
  test: { images: "t10k-images-idx3-ubyte", labels: "t10k-labels-idx1-ubyte" },
};

/** A gzipped file and what it unpacks to: name, bytes and SHA-256 of the one, SHA-256 of the other if known. */
export type IdxFile = readonly [
  name: string,
  bytes: number,
  sha256: string,
  unpackedSha256?: string,
];

/** The files as they are downloaded from `mirrors`, the beginnings of addresses. */
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

/** The files as they are read. */
export function idxFiles(files: readonly IdxFile[]): DataFile[] {
  return files.map(([name, , , sha256]) => {
    const samples = name.startsWith("train") ? 60_000 : 10_000;
    const bytes = name.includes("images")
      ? IMAGE_HEADER + samples * PICTURE
      : LABEL_HEADER + samples;
    return sha256 === undefined ? { name, bytes } : { name, bytes, sha256 };
  });
}
