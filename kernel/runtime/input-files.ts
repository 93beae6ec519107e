/**
 * Makes reads of standard input as a file ask in the notebook: `fs.readFileSync(0)`,
 * `fs.readFileSync("/dev/stdin")` and similar.
 *
 * The runtime's descriptor 0 is empty, so that a child process that inherits it reads end-of-file
 * instead of waiting forever.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** Names by which programs refer to standard input. */
const NAMES: readonly unknown[] = [0, "/dev/stdin", "/dev/fd/0"];

type AnyFunction = (...parameters: never[]) => unknown;

/** Returns the encoding of the options, if any. */
function encodingOf(options: unknown): BufferEncoding | undefined {
  if (typeof options === "string") return options as BufferEncoding;
  const { encoding } = (options ?? {}) as { encoding?: BufferEncoding | null };
  return encoding ?? undefined;
}

/**
 * Replaces `readSync`, `createReadStream` and the functions that read whole files, so that they ask
 * for standard input.
 *
 * @param ask Returns the line that the user types; blocks until then.
 * @param run Returns the run of the code that is executing.
 */
export function installInputFiles(ask: () => string, run: () => number): void {
  const readAll = (options: unknown): string | Buffer => {
    const bytes = Buffer.from(`${ask()}\n`);
    const encoding = encodingOf(options);
    return encoding === undefined ? bytes : bytes.toString(encoding);
  };
  /** The unread rest of the last line, for the run that reads it in pieces. */
  let left = Buffer.alloc(0);
  let leftFor = -1;
  const readPiece = (buffer: NodeJS.ArrayBufferView, more: unknown[]) => {
    const [first, length] =
      typeof more[0] === "object" && more[0] !== null
        ? [
            (more[0] as { offset?: number }).offset,
            (more[0] as { length?: number }).length,
          ]
        : (more as (number | undefined)[]);
    const start = first ?? 0;
    const capacity = length ?? buffer.byteLength - start;
    if (left.length === 0 || leftFor !== run()) {
      left = Buffer.from(`${ask()}\n`);
      leftFor = run();
    }
    const count = Math.min(capacity, left.length);
    const target = new Uint8Array(buffer.buffer, buffer.byteOffset + start);
    target.set(left.subarray(0, count));
    left = left.subarray(count);
    return count;
  };
  replace(
    fs,
    "readFileSync",
    (original) => (path: unknown, options: unknown) =>
      NAMES.includes(path) ? readAll(options) : original(path, options),
  );
  replace(
    fs,
    "readSync",
    (original) =>
      (fd: unknown, buffer: NodeJS.ArrayBufferView, ...more: unknown[]) =>
        fd === 0 ? readPiece(buffer, more) : original(fd, buffer, ...more),
  );
  replace(fs, "readFile", (original) => (path: unknown, ...more: unknown[]) => {
    const done = more.at(-1);
    if (!NAMES.includes(path) || typeof done !== "function") {
      original(path, ...more);
      return;
    }
    const call = done as (error: unknown, data?: unknown) => void;
    setImmediate(() => {
      let data: unknown;
      try {
        data = readAll(more.length > 1 ? more[0] : undefined);
      } catch (error) {
        call(error);
        return;
      }
      call(null, data);
    });
  });
  replace(
    fs.promises,
    "readFile",
    (original) => async (path: unknown, options: unknown) =>
      NAMES.includes(path) ? readAll(options) : original(path, options),
  );
  replace(
    fs,
    "createReadStream",
    (original) => (path: unknown, options: unknown) => {
      const { fd } = (
        typeof options === "object" && options ? options : {}
      ) as {
        fd?: unknown;
      };
      if (!NAMES.includes(path) && fd !== 0) return original(path, options);
      const encoding = encodingOf(options);
      return encoding ? process.stdin.setEncoding(encoding) : process.stdin;
    },
  );
  syncBuiltinESMExports();
}

/** Replaces a function, keeping its name and other properties. */
function replace<Name extends string>(
  owner: Record<Name, AnyFunction>,
  name: Name,
  create: (
    original: (...parameters: unknown[]) => unknown,
  ) => (...parameters: never[]) => unknown,
): void {
  const original = owner[name];
  const replacement = create(
    original as unknown as (...parameters: unknown[]) => unknown,
  );
  Object.defineProperties(
    replacement,
    Object.getOwnPropertyDescriptors(original),
  );
  owner[name] = replacement;
}
