/**
 * What is going on at one moment of a download, for whoever shows it.
 */
import { clock } from "../../training/progress";

/** What is being done. Only `receiving` comes again and again; each of the others is told once, when it begins. */
export type DownloadStage =
  /** Another process is bringing the same data set. */
  | "waiting"
  /** A mirror was asked for a whole file. */
  | "connecting"
  /** A mirror was asked for the rest of a file of which a part is there. */
  | "resuming"
  /** What is there of a file cannot be gone on with. */
  | "restarting"
  | "receiving"
  /** The last mirror failed or was slow, `host` is the next. */
  | "changing mirror"
  /** All mirrors failed; they are asked again after a while. */
  | "pausing"
  | "verifying"
  | "unpacking"
  | "done";

/** One moment of a download. */
export interface DownloadMoment {
  readonly stage: DownloadStage;
  /** The data set, as its publisher writes it. */
  readonly title: string;
  /** The file that is being fetched, verified or unpacked. */
  readonly file: string;
  /** Which of the files it is, from 1. */
  readonly fileNumber: number;
  readonly fileCount: number;
  /** Bytes of this file that are there, those of earlier runs included. */
  readonly receivedBytes: number;
  readonly totalBytes: number;
  /** Mean of the last few seconds; undefined when nothing is being received. */
  readonly bytesPerSecond?: number;
  /** Until this file is whole, at that rate. */
  readonly secondsLeft?: number;
  /** Name of the mirror's server. */
  readonly host?: string;
  /** Why, where it needs a word: the reason for a change of mirror, a restart or a pause. */
  readonly note?: string;
}

/** Somebody who shows the moments of a download. */
export interface DownloadView {
  /** Shows a moment in the place of the last one. */
  report(moment: DownloadMoment): void;
  /** Shows the last moment for good. */
  stop(): void;
}

/** The moment in one line, such as `CIFAR-10: cifar-10-binary.tar.gz · 12.5 of 170.1 MB · 52 kB/s · 50:31 left · www.cs.toronto.edu`. */
export function describeMoment(moment: DownloadMoment): string {
  const { title, stage, note, fileNumber, fileCount } = moment;
  const number = fileCount > 1 ? ` (${fileNumber} of ${fileCount})` : "";
  const subject = `${title}: ${moment.file}${number}`;
  switch (stage) {
    case "waiting":
      return `${title}: waiting for another process that is bringing it`;
    case "done":
      return `${title}: all there`;
    case "verifying":
      return `${subject} · comparing its SHA-256 with the publisher's`;
    case "unpacking":
      return `${subject} · unpacking`;
    case "receiving":
      return [subject, ...receivingParts(moment)].join(" · ");
    case "resuming":
      return `${subject} · going on after ${formatBytes(moment.receivedBytes)}${from(moment)}`;
    case "connecting":
      return `${subject} · ${formatBytes(moment.totalBytes)}${from(moment)}`;
    case "restarting":
      return `${subject} · beginning again${because(note)}`;
    case "changing mirror":
      return `${subject} · going over to ${moment.host}${because(note)}`;
    case "pausing":
      return `${subject} · ${note ?? "waiting a while"}`;
  }
}

/** Bytes for people, in powers of ten as servers and shops count them: `512 bytes`, `52 kB`, `170.1 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(2)} GB`;
}

function receivingParts(moment: DownloadMoment): string[] {
  const { receivedBytes, totalBytes, bytesPerSecond, secondsLeft, host } =
    moment;
  return [
    `${formatBytes(receivedBytes)} of ${formatBytes(totalBytes)}`,
    ...(bytesPerSecond === undefined
      ? []
      : [`${formatBytes(Math.round(bytesPerSecond))}/s`]),
    ...(secondsLeft === undefined ? [] : [`${clock(secondsLeft)} left`]),
    ...(host === undefined ? [] : [host]),
  ];
}

function from({ host }: DownloadMoment): string {
  return host === undefined ? "" : ` from ${host}`;
}

function because(note: string | undefined): string {
  return note === undefined ? "" : `: ${note}`;
}
