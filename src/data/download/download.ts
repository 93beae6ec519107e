/**
 * A data set brought into the cache before the eyes of somebody who waits for it.
 */
import type { DatasetEntry } from "../catalogue/dataset-entry";
import { formatBytes, type DownloadView } from "./download-moment";
import { notebookProgress } from "./notebook-progress";
import { obtain } from "./obtain";

/** What a line of ten million bits a second takes a second, in bytes, as many homes and schools have it at least. */
const COMMON_LINE = 1_250_000;

/**
 * Says what is fetched from where and how long that takes, fetches it, and shows how it goes. Returns the folder in the cache.
 *
 * Throws what {@link obtain} throws.
 */
export async function download(
  entry: DatasetEntry,
  cache: string,
  signal?: AbortSignal,
  view: DownloadView = notebookProgress(),
): Promise<string> {
  console.log(announcement(entry));
  try {
    return await obtain(entry, {
      cache,
      ...(signal && { signal }),
      report: (moment) => view.report(moment),
    });
  } finally {
    view.stop();
  }
}

/** The size and the likely time. */
export function announcement({ title, downloads }: DatasetEntry): string {
  const bytes = downloads.reduce((sum, file) => sum + file.bytes, 0);
  const hosts = new Set(
    downloads.flatMap(({ mirrors }) =>
      mirrors.map((mirror) => new URL(mirror).host),
    ),
  );
  const minutes = Math.max(1, Math.round(bytes / COMMON_LINE / 60));
  const time = minutes === 1 ? "a minute" : `${minutes} minutes`;
  const slow = hosts.has("www.cs.toronto.edu")
    ? ", but up to an hour while the publisher's server gives 50 kB a second"
    : "";
  return `${title} is not on this machine yet. Fetching ${formatBytes(bytes)} from ${[...hosts].join(" or ")}: about ${time} at 10 Mbit/s${slow}. What has come is kept if it is interrupted.`;
}
