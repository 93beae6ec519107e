/**
 * Redirects `process.stdout` and `process.stderr`, so that written text is printed in the cell.
 *
 * The streams accept and reject the same arguments as Node's. Unlike Node's, they have no state
 * that an interrupt during a write could corrupt, and can be written to after `end()` and
 * `destroy()`, which `pipeline` calls, because later cells print to them too.
 */
import { Writable } from "node:stream";

type Callback = (error?: Error | null) => void;

/** Data that a program may write. */
type Chunk = string | NodeJS.ArrayBufferView;

/** Prints text or UTF-8 bytes. */
type Print = (chunk: string | Uint8Array) => void;

/** Names of UTF-8, for which no conversion is needed. */
const UTF8 = new Set<unknown>(["utf8", "utf-8", "UTF8", "UTF-8"]);

/** Redirects a stream to `print`. `finished` is called when a program ends the stream. */
export function printInstead(
  stream: NodeJS.WriteStream,
  print: Print,
  finished: () => void,
): void {
  let defaultEncoding: BufferEncoding = "utf8";
  const write = (
    chunk: Chunk,
    encoding?: BufferEncoding | Callback | null,
    callback?: Callback,
  ): boolean => {
    const [given, done] =
      typeof encoding === "function"
        ? [undefined, encoding]
        : [encoding, callback];
    print(contentOf(chunk, given || defaultEncoding));
    if (typeof done === "function") process.nextTick(done, null);
    // Nothing is buffered, so writers need not wait for "drain".
    return true;
  };
  const end = (
    chunk?: Chunk | Callback | null,
    encoding?: BufferEncoding | Callback | null,
    callback?: Callback,
  ): NodeJS.WriteStream => {
    const done = [chunk, encoding, callback].find(
      (each) => typeof each === "function",
    );
    if (chunk !== undefined && chunk !== null && typeof chunk !== "function") {
      write(chunk, typeof encoding === "function" ? undefined : encoding);
    }
    finished();
    process.nextTick(() => {
      stream.emit("finish");
      done?.(null);
    });
    return stream;
  };
  const destroy = (): NodeJS.WriteStream => {
    process.nextTick(() => stream.emit("close"));
    return stream;
  };
  const setDefaultEncoding = (encoding: BufferEncoding): NodeJS.WriteStream => {
    contentOf("", encoding);
    defaultEncoding = encoding;
    return stream;
  };
  Object.assign(stream, { write, end, destroy, setDefaultEncoding });
}

/**
 * Returns the content of a chunk, as text or as UTF-8 bytes.
 *
 * @throws Node's errors for a chunk that is neither a string nor bytes, and for an unknown
 *   encoding.
 */
function contentOf(
  chunk: Chunk,
  encoding: BufferEncoding,
): string | Uint8Array {
  if (UTF8.has(encoding)) {
    if (typeof chunk === "string") return chunk;
    if (chunk instanceof Uint8Array) return chunk;
  }
  let content: Uint8Array = new Uint8Array();
  // A new Node stream converts and validates the chunk; new, because an error would end it.
  const converter = new Writable({
    write: (bytes: Uint8Array, _encoding, done) => {
      content = bytes;
      done();
    },
  });
  converter.write(chunk, encoding);
  return content;
}
