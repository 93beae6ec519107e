/**
 * The library's log: what it decides, one line each, if `CONVNOTES_LOG=debug` is in the
 * environment.
 *
 * The lines go to the file in `CONVNOTES_LOG_FILE`; otherwise to the log of the kernel if this
 * process runs a notebook's cells, whose standard error is shown there, and else to standard error.
 */
import { notebookHost } from "./host";
import { logFile, logLine, writeLogLine } from "./log-line";

/** Whether anything is logged; nothing needs to be put together for a log otherwise. */
export const isLogging = process.env["CONVNOTES_LOG"] === "debug";

const standardError = 2;

/**
 * Writes a line with the time, the part of the library, the process's id and a text, in which line
 * breaks become spaces. Call it only if {@link isLogging}.
 */
export function log(part: string, text: string): void {
  const line = logLine(part, text);
  const host = notebookHost();
  if (logFile() === undefined && host?.log) host.log(line);
  else writeLogLine(line, standardError);
}
