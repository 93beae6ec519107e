/**
 * The lines of the log: the time, the part of the program and its process id, and what it did.
 *
 * They go to the file in `CONVNOTES_LOG_FILE` if there is one. The variable is read for each line:
 * a module may be loaded long before it is used, as part of a snapshot.
 */
import { appendFileSync, writeSync } from "node:fs";

/** Returns the file of the log, or undefined if there is none. */
export function logFile(): string | undefined {
  return process.env["CONVNOTES_LOG_FILE"] || undefined;
}

/** Returns a line without its end. Line breaks in the text become spaces. */
export function logLine(part: string, text: string): string {
  const where = `${new Date().toISOString()} ${part} ${process.pid}`;
  return `${where} ${text.replace(/\s*\n\s*/g, " ")}`;
}

/**
 * Writes a line to the log's file, or else to a file descriptor. Never throws: a full disk or a
 * closed pipe must end neither a kernel nor a training run.
 */
export function writeLogLine(line: string, descriptor: number): void {
  const file = logFile();
  try {
    // Synchronous, so that the last line before the end of a process is written too.
    if (file !== undefined) appendFileSync(file, `${line}\n`);
    else writeSync(descriptor, `${line}\n`);
  } catch {
    // There is nobody to tell.
  }
}
