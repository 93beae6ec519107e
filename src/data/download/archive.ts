/**
 * Unpacks downloaded archives.
 *
 * Supports gzipped tar archives that contain the data set's folder, and single gzipped files.
 */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { DatasetEntry, RemoteFile } from "../catalog/dataset-entry";
import { quantity } from "../../notebook/quantity";
import { DatasetError } from "../dataset-error";
import { TarReader } from "./tar-reader";
import { type DigestedFile, UnpackedFile } from "./unpacked-file";

// Allowance for tar headers and padding, and for extra files such as a readme.
const TAR_ALLOWANCE = 2 ** 20;
const CHUNK = 2 ** 20;

/** Options of {@link unpack}. */
interface UnpackOptions {
  readonly entry: DatasetEntry;
  /** Catalog entry of the archive. */
  readonly remote: RemoteFile;
  /** Path of the archive. */
  readonly archive: string;
  /** Existing folder for the unpacked files. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/**
 * Unpacks the files listed in the catalog, and no others.
 *
 * For any archive, memory is bounded by a few megabytes and disk space by the sizes in the
 * catalog. Throws a {@link DatasetError} if the archive is damaged or has invalid contents. The
 * caller must then remove the files written so far.
 */
export async function unpack(options: UnpackOptions): Promise<DigestedFile[]> {
  const { archive, remote, signal } = options;
  try {
    return remote.name.endsWith(".tar.gz")
      ? await unpackTar(options)
      : await unpackFile(options);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof DatasetError) {
      const { code, expected, received } = cause;
      throw new DatasetError({
        code,
        expected,
        received,
        file: archive,
        cause,
      });
    }
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code?.startsWith("Z_") !== true) throw cause;
    throw new DatasetError({
      code: "ERR_FILE_FORMAT",
      expected: `${remote.name} to be a complete gzip stream`,
      received: message,
      file: archive,
      cause,
    });
  }
}

async function unpackTar(options: UnpackOptions): Promise<DigestedFile[]> {
  const { entry, remote, folder } = options;
  const total = entry.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const max = total + TAR_ALLOWANCE;
  const reader = new TarReader(entry, folder);
  let bytes = 0;
  try {
    await gunzip(options, async (chunk) => {
      bytes += chunk.length;
      if (bytes > max) {
        throw new DatasetError({
          code: "ERR_FILE_DAMAGED",
          expected: `${remote.name} to unpack to at most ${quantity(max, "byte")}`,
          received: "more",
        });
      }
      await reader.write(chunk);
    });
    return await reader.end();
  } finally {
    await reader.close();
  }
}

async function unpackFile(options: UnpackOptions): Promise<DigestedFile[]> {
  const { entry, remote, folder } = options;
  const name = remote.name.replace(/\.gz$/, "");
  const wanted = entry.files.find((file) => file.name === name);
  if (wanted === undefined) {
    throw new DatasetError({
      code: "ERR_INTERNAL",
      expected: `${remote.name} to unpack to a file of ${entry.title}`,
      received: name,
    });
  }
  const file = await UnpackedFile.create(folder, wanted);
  try {
    await gunzip(options, (chunk) => file.write(chunk));
    return [await file.finish()];
  } finally {
    await file.abandon();
  }
}

async function gunzip(
  { archive, signal }: UnpackOptions,
  consume: (chunk: Buffer) => Promise<void>,
): Promise<void> {
  let failure: unknown;
  let pending: Promise<void> | undefined;
  try {
    await pipeline(
      createReadStream(archive, { highWaterMark: CHUNK }),
      createGunzip({ chunkSize: CHUNK }),
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          pending = consume(chunk).catch((error: unknown) => {
            failure = error;
            throw error;
          });
          await pending;
        }
      },
      { signal },
    );
  } catch (error) {
    // A broken stream ends the pipeline while the previous chunk is still being written.
    await pending?.catch(() => undefined);
    // If `consume` failed, the pipeline only reports that it was aborted.
    throw failure ?? error;
  }
}
