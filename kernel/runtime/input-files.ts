/**
 * Standard input as a file: `fs.readFileSync(0)`, `fs.readFileSync("/dev/stdin")` and the like ask in the notebook.
 *
 * The runtime's own descriptor 0 is empty, so that a child process which inherits it reads an end and does not wait for ever.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** What programs call the descriptor. */
const NAMES: readonly unknown[] = [0, "/dev/stdin", "/dev/fd/0"];

type AnyFunction = (...parameters: never[]) => unknown;

/** The options' encoding, if they have one. */
function encodingOf(options: unknown): BufferEncoding | undefined {
  if (typeof options === "string") return options as BufferEncoding;
  const { encoding } = (options ?? {}) as { encoding?: BufferEncoding | null };
  return encoding ?? undefined;
}

/**
 * Makes the functions that read whole files, and `readSync`, ask for standard input.
 *
 * @param ask The line that the user types; blocks until he has.
 * @param run The run that the code now executing belongs to.
 */
export function installInputFiles(ask: () => string, run: () => number): void {
  const readAll = (options: unknown): string | Buffer => {
    const bytes = Buffer.from(`${ask()}\n`);
    const encoding = encodingOf(options);
    return encoding === undefined ? bytes : bytes.toString(encoding);
  };
  /** What is left of the last line, for the run that reads it in pieces. */
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
    const room = length ?? buffer.byteLength - start;
    if (left.length === 0 || leftFor !== run()) {
      left = Buffer.from(`${ask()}\n`);
      leftFor = run();
    }
    const count = Math.min(room, left.length);
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

/** Puts a function in the place of another, under its name and with what hangs on it. */
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
