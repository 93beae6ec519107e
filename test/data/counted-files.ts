/**
 * Counts how often files are opened and how many of their bytes are read.
 */
import fs from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";

/** The uses of one file. */
interface Uses {
  opens: number;
  bytes: number;
}

/**
 * Returns the uses of each file from now on, by the file's name, until the test ends.
 *
 * Only files that are opened by `open` of node:fs/promises are counted.
 */
export function countFiles(context: TestContext): Map<string, Uses> {
  const counts = new Map<string, Uses>();
  const open = fs.open;
  context.mock.method(fs, "open", async (...given: Parameters<typeof open>) => {
    const handle = await open(...given);
    const name = path.basename(String(given[0]));
    const uses = counts.get(name) ?? { opens: 0, bytes: 0 };
    counts.set(name, uses);
    uses.opens += 1;
    const read = handle.read.bind(handle) as (
      ...given: unknown[]
    ) => Promise<{ bytesRead: number }>;
    Object.assign(handle, {
      read: async (...given: unknown[]) => {
        const result = await read(...given);
        uses.bytes += result.bytesRead;
        return result;
      },
    });
    return handle;
  });
  return counts;
}
