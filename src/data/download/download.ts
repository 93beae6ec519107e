/**
 * Downloads a data set into the cache and shows the progress.
 */
import type { DatasetEntry } from "../catalog/dataset-entry";
import type { DatasetError } from "../dataset-error";
import { formatBytes, type DownloadView } from "./download-event";
import { notebookProgress } from "./notebook-progress";
import { obtain } from "./obtain";

/** Bytes per second of a 10 Mbit/s connection, a common minimum in homes and schools. */
const TYPICAL_BYTES_PER_SECOND = 1_250_000;

/** Options of {@link download}. */
interface DownloadOptions {
  /** Why the files on this machine are not used, if there are some. */
  readonly problem?: DatasetError | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Shows the progress. Default: in the notebook. */
  readonly view?: DownloadView;
}

/**
 * Prints an announcement, downloads the data set and shows the progress. Returns its folder in the
 * cache.
 *
 * Throws the same errors as {@link obtain}.
 */
export async function download(
  entry: DatasetEntry,
  cache: string,
  { problem, signal, view = notebookProgress() }: DownloadOptions = {},
): Promise<string> {
  console.log(announcement(entry, problem));
  try {
    return await obtain(entry, {
      cache,
      ...(signal && { signal }),
      report: (event) => view.report(event),
    });
  } finally {
    view.stop();
  }
}

/** Describes the reason, the size, the servers and the expected duration of a download. */
export function announcement(
  { title, downloads }: DatasetEntry,
  problem?: DatasetError,
): string {
  const bytes = downloads.reduce((sum, file) => sum + file.bytes, 0);
  const hosts = new Set(
    downloads.flatMap(({ mirrors }) =>
      mirrors.map((mirror) => new URL(mirror).host),
    ),
  );
  const minutes = Math.max(
    1,
    Math.round(bytes / TYPICAL_BYTES_PER_SECOND / 60),
  );
  const time = minutes === 1 ? "a minute" : `${minutes} minutes`;
  const slow = hosts.has("www.cs.toronto.edu")
    ? ", or up to an hour if the publisher's server sends only 50 kB/s"
    : "";
  const reason =
    problem === undefined
      ? `${title} is not on this machine yet`
      : `${title} on this machine cannot be used: expected ${problem.expected}, received ${problem.received}`;
  return `${reason}. Downloading ${formatBytes(bytes)} from ${[...hosts].join(" or ")}: about ${time} at 10 Mbit/s${slow}. If it is interrupted, the next download resumes it.`;
}
