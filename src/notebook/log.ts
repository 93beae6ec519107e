/**
 * The library's log: what it decides, one line each, if `CONVNOTES_LOG=debug` is in the
 * environment.
 *
 * The lines go to the file in `CONVNOTES_LOG_FILE`; otherwise to the log of the kernel if this
 * process runs a notebook's cells, whose standard error is shown there, and else to standard error.
 */
import { appendFileSync, writeSync } from "node:fs";
import { notebookHost } from "./host";

/** Whether anything is logged; nothing needs to be put together for a log otherwise. */
export const isLogging = process.env["CONVNOTES_LOG"] === "debug";

const file = process.env["CONVNOTES_LOG_FILE"] || undefined;

const standardError = 2;

/**
 * Writes a line with the time, the part of the library, the process's id and a text, in which line
 * breaks become spaces. Call it only if {@link isLogging}.
 */
export function log(part: string, text: string): void {
  const where = `${new Date().toISOString()} ${part} ${process.pid}`;
  const line = `${where} ${text.replace(/\s*\n\s*/g, " ")}`;
  try {
    const host = notebookHost();
    if (file !== undefined) appendFileSync(file, `${line}\n`);
    else if (host?.log) host.log(line);
    else writeSync(standardError, `${line}\n`);
  } catch {
    // A full disk or a closed pipe must not end a training run.
  }
}
