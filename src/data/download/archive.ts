/**
 * Unpacking what a publisher packed.
 *
 * Two kinds are known: a gzipped tar archive with the data set's folder in it, and a single gzipped file.
 */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { DatasetEntry, RemoteFile } from "../catalogue/dataset-entry";
import { DatasetError } from "../dataset-error";
import { TarReader } from "./tar-reader";
import { type DigestedFile, UnpackedFile } from "./unpacked-file";

// Room for a tar archive's headers and padding, and for the readme and the like that a publisher packs with the data.
const TAR_ALLOWANCE = 2 ** 20;
const CHUNK = 2 ** 20;

/** Where an archive is and where it is unpacked to. */
export interface UnpackOptions {
  readonly entry: DatasetEntry;
  /** What the catalogue says of the archive. */
  readonly remote: RemoteFile;
  /** Path of the archive. */
  readonly archive: string;
  /** An existing folder that the files are written into. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/**
 * Unpacks the catalogue's files, and nothing else.
 *
 * Memory is bounded by a few megabytes and the disk by the catalogue's sizes, whatever the archive holds. Throws a
 * {@link DatasetError} if it is damaged or holds what it should not; what was written until then is for the caller to remove.
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
      const { expected, received } = cause;
      throw new DatasetError({ expected, received, file: archive, cause });
    }
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code?.startsWith("Z_") !== true) throw cause;
    throw new DatasetError({
      expected: `${remote.name} to be a whole gzip stream`,
      received: message,
      file: archive,
      cause,
    });
  }
}

async function unpackTar(options: UnpackOptions): Promise<DigestedFile[]> {
  const { entry, remote, folder } = options;
  const inside = entry.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const most = inside + TAR_ALLOWANCE;
  const reader = new TarReader(entry, folder);
  let bytes = 0;
  try {
    await gunzip(options, async (chunk) => {
      bytes += chunk.length;
      if (bytes > most) {
        throw new DatasetError({
          expected: `${remote.name} to unpack to at most ${most.toLocaleString("en-US")} bytes`,
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
  take: (chunk: Buffer) => Promise<void>,
): Promise<void> {
  let refusal: unknown;
  let taking: Promise<void> | undefined;
  try {
    await pipeline(
      createReadStream(archive, { highWaterMark: CHUNK }),
      createGunzip({ chunkSize: CHUNK }),
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          taking = take(chunk).catch((error: unknown) => {
            refusal = error;
            throw error;
          });
          await taking;
        }
      },
      { signal },
    );
  } catch (error) {
    // A stream that breaks off ends the pipeline while the chunk before is still being written.
    await taking?.catch(() => undefined);
    // Of a chunk that was refused the pipeline itself says no more than that it was aborted.
    throw refusal ?? error;
  }
}
