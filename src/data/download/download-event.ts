/**
 * Defines the progress events of a download and formats them as text.
 */
import { clock } from "../../notebook/clock";

/**
 * Stage of a download. `receiving` is reported repeatedly, every other stage once when it starts.
 */
export type DownloadStage =
  /** Another process is downloading the same data set. */
  | "waiting"
  /** Requesting a complete file from a mirror. */
  | "connecting"
  /** Requesting the rest of a partial file from a mirror. */
  | "resuming"
  /** Discarding a partial file that cannot be resumed. */
  | "restarting"
  | "receiving"
  /** The previous mirror failed or was slow; `host` is the next one. */
  | "changing mirror"
  /** All mirrors failed; waiting before the next round. */
  | "pausing"
  | "verifying"
  | "unpacking"
  | "done";

/** Progress event of a download. */
export interface DownloadEvent {
  readonly stage: DownloadStage;
  /** Title of the data set. */
  readonly title: string;
  /** File being downloaded, verified or unpacked. */
  readonly file: string;
  /** Number of the file, starting at 1. */
  readonly fileNumber: number;
  readonly fileCount: number;
  /** Bytes of this file received so far, including earlier runs. */
  readonly receivedBytes: number;
  readonly totalBytes: number;
  /** Mean rate of the last few seconds; undefined if nothing is being received. */
  readonly bytesPerSecond?: number | undefined;
  /** Estimated time in seconds until this file is complete. */
  readonly secondsLeft?: number | undefined;
  /** Host of the mirror. */
  readonly host?: string | undefined;
  /** Reason for a change of mirror, a restart or a pause. */
  readonly note?: string | undefined;
}

/** Displays the progress of a download. */
export interface DownloadView {
  /** Shows an event in place of the previous one. */
  report(event: DownloadEvent): void;
  /** Ends the display; the last event stays visible. */
  stop(): void;
}

/**
 * Formats an event as one line of text, such as `CIFAR-10: cifar-10-binary.tar.gz · 12.5 MB of
 * 170.1 MB · 52 kB/s · 50:31 left · www.cs.toronto.edu`.
 */
export function describeEvent(event: DownloadEvent): string {
  const { title, stage, note, fileNumber, fileCount } = event;
  const number = fileCount > 1 ? ` (${fileNumber} of ${fileCount})` : "";
  const subject = `${title}: ${event.file}${number}`;
  switch (stage) {
    case "waiting":
      return `${title}: waiting for another process that is downloading it`;
    case "done":
      return `${title}: complete`;
    case "verifying":
      return `${subject} · verifying SHA-256`;
    case "unpacking":
      return `${subject} · unpacking`;
    case "receiving":
      return [subject, ...receivingParts(event)].join(" · ");
    case "resuming":
      return `${subject} · resuming after ${formatBytes(event.receivedBytes)}${from(event)}`;
    case "connecting":
      return `${subject} · ${formatBytes(event.totalBytes)}${from(event)}`;
    case "restarting":
      return `${subject} · restarting${because(note)}`;
    case "changing mirror":
      return `${subject} · switching to ${event.host}${because(note)}`;
    case "pausing":
      return `${subject} · ${note ?? "waiting to retry"}`;
  }
}

/** Formats a number of bytes with decimal units: `512 bytes`, `52 kB`, `170.1 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(2)} GB`;
}

function receivingParts(event: DownloadEvent): string[] {
  const { receivedBytes, totalBytes, bytesPerSecond, secondsLeft, host } =
    event;
  return [
    `${formatBytes(receivedBytes)} of ${formatBytes(totalBytes)}`,
    ...(bytesPerSecond === undefined
      ? []
      : [`${formatBytes(Math.round(bytesPerSecond))}/s`]),
    ...(secondsLeft === undefined ? [] : [`${clock(secondsLeft)} left`]),
    ...(host === undefined ? [] : [host]),
  ];
}

function from({ host }: DownloadEvent): string {
  return host === undefined ? "" : ` from ${host}`;
}

function because(note: string | undefined): string {
  return note === undefined ? "" : `: ${note}`;
}
