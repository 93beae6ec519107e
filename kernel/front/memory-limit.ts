/**
 * Limits the memory of the process that runs the cells: reads the limit, and watches the process.
 */
import { coded, type ErrorCode } from "@convnotes/notebook/coded-error";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";

/** The code of the error that a cell gets above the limit. */
const CODE: ErrorCode = "ERR_MEMORY";

/** The environment variable with the limit. */
const VARIABLE = "CONVNOTES_MEMORY";

/** Bytes by unit. */
const UNITS: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9 };

/** The smallest limit in bytes; a runtime without any library takes about 100 MB. */
const LEAST = 200e6;

/** How often the memory is read, in milliseconds. */
const INTERVAL = 1000;

/**
 * Returns the limit in bytes, or undefined if there is none.
 *
 * @param text The value of `CONVNOTES_MEMORY`, such as "2GB" or "1500MB"; an empty string for no
 *   limit.
 * @throws {RangeError} `ERR_INVALID_VALUE` for any other text, and for less than 200MB.
 */
export function memoryLimit(text = ""): number | undefined {
  if (text === "") return undefined;
  const [, digits, unit = ""] =
    /^(\d+(?:\.\d+)?) ?(MB|GB)$/i.exec(text.trim()) ?? [];
  const bytes = Number(digits) * (UNITS[unit.toUpperCase()] ?? NaN);
  if (bytes >= LEAST && Number.isFinite(bytes)) return bytes;
  throw coded(
    "ERR_INVALID_VALUE",
    new RangeError(
      `Expected ${VARIABLE} to be a size of at least 200MB, such as 2GB or 1500MB, received "${text}".`,
    ),
  );
}

/** Returns the error for a cell whose process took too much memory. */
export function outOfMemory(
  limit: number,
  seen: number,
): { ename: string; evalue: string; traceback: string[] } {
  const ename = "OutOfMemory";
  const evalue = `Expected at most ${sizeOf(limit)} of memory (${VARIABLE}), received ${sizeOf(seen)}. The process that runs the cells was ended, and all variables are lost; a new process has been started. Use fewer images, smaller batches or a smaller model, or free what is no longer needed.`;
  return {
    ename,
    evalue,
    traceback: [`${ename}: ${evalue}`, `{ code: '${CODE}' }`],
  };
}

/** Returns a size in megabytes, as in the variable. */
function sizeOf(bytes: number): string {
  return `${Math.round(bytes / 1e6)}MB`;
}

/**
 * Calls a function once when the resident memory of a process exceeds a limit.
 *
 * @param pid The process.
 * @param limit The limit in bytes.
 * @param exceeded Called with the memory seen, in bytes.
 * @returns A function that ends the watch.
 */
export function watchMemory(
  pid: number,
  limit: number,
  exceeded: (seen: number) => void,
): () => void {
  let isReading = false;
  const timer = setInterval(() => {
    if (isReading) return;
    isReading = true;
    void residentMemory(pid).then((seen) => {
      isReading = false;
      if (seen === undefined || seen <= limit || isEnded) return;
      end();
      exceeded(seen);
    });
  }, INTERVAL);
  timer.unref();
  let isEnded = false;
  const end = () => {
    isEnded = true;
    clearInterval(timer);
  };
  return end;
}

/** Returns the resident memory of a process in bytes, or undefined if it cannot be read. */
export async function residentMemory(pid: number): Promise<number | undefined> {
  if (process.platform !== "linux") return memoryFromPs(pid);
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const [, kilobytes] = /^VmRSS:\s*(\d+) kB$/m.exec(status) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined; // The process has ended.
  }
}

/** Like {@link residentMemory}, but runs `ps`, for macOS and other systems without /proc. */
export function memoryFromPs(pid: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile("ps", ["-o", "rss=", "-p", String(pid)], (error, stdout) => {
      const kilobytes = Number(stdout.trim());
      resolve(error || !(kilobytes > 0) ? undefined : kilobytes * 1024);
    });
  });
}
