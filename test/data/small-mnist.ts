/**
 * Replaces MNIST in the catalog by a small set that a local server has.
 */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { catalog } from "../../src/data/catalog/catalog";
import type { DatasetEntry } from "../../src/data/catalog/dataset-entry";
import { sha256 } from "./download/small-set";
import { serve, TestServer } from "./download/test-server";
import { randomIdx } from "./idx-file";

const TRAIN = 7;
const TEST = 5;

/** The small set, and the server that has its files. */
export interface SmallMnist {
  readonly entry: DatasetEntry;
  readonly server: TestServer;
  /** The unpacked files, by name. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Writes the gzipped files into an existing folder. */
  writePacked(folder: string): Promise<void>;
}

/**
 * Replaces MNIST until the test ends.
 *
 * @param mode What the server does: it sends the files, or answers every request with an error.
 */
export async function useSmallMnist(
  context: TestContext,
  mode: "serving" | "failing" = "serving",
): Promise<SmallMnist> {
  const server = await TestServer.start(context);
  const train = randomIdx(TRAIN, [28, 28], 10, 1);
  const t10k = randomIdx(TEST, [28, 28], 10, 2);
  const files = new Map([
    ["train-images-idx3-ubyte", train.images],
    ["train-labels-idx1-ubyte", train.labels],
    ["t10k-images-idx3-ubyte", t10k.images],
    ["t10k-labels-idx1-ubyte", t10k.labels],
  ]);
  const packed = [...files].map(
    ([name, bytes]) => [`${name}.gz`, gzipSync(bytes)] as const,
  );
  const before = catalog.mnist;
  const entry: DatasetEntry = {
    ...before,
    trainSamples: TRAIN,
    testSamples: TEST,
    files: [...files].map(([name, bytes]) => ({
      name,
      bytes: bytes.length,
      sha256: sha256(bytes),
    })),
    downloads: packed.map(([name, bytes]) => ({
      name,
      bytes: bytes.length,
      sha256: sha256(bytes),
      mirrors: [
        mode === "serving"
          ? server.at(`/${name}`, serve(bytes))
          : server.address(`/${name}`),
      ],
    })),
  };
  Object.assign(catalog, { mnist: entry });
  context.after(() => Object.assign(catalog, { mnist: before }));
  return {
    entry,
    server,
    files,
    writePacked: async (folder) => {
      for (const [name, bytes] of packed) {
        await writeFile(path.join(folder, name), bytes);
      }
    },
  };
}
