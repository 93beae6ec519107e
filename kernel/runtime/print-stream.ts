/**
 * `process.stdout` or `process.stderr` as cells use it: Node's own stream, but what is written to it is printed in the cell.
 *
 * It takes and refuses what Node's takes and refuses. Unlike Node's it has no state that an interrupt in the middle of a write could
 * leave behind, and it can be written to after `end()` and `destroy()`, as `pipeline` calls them: later cells print to it too.
 */
import { Writable } from "node:stream";

type Callback = (error?: Error | null) => void;

/** What a program may write. */
type Chunk = string | NodeJS.ArrayBufferView;

/** Prints a text, or bytes of UTF-8. */
export type Print = (chunk: string | Uint8Array) => void;

/** The encodings in which a text is what it is. */
const UTF8 = new Set<unknown>(["utf8", "utf-8", "UTF8", "UTF-8"]);

/** Has what is written to the stream printed; `finished` is called when a program has ended it. */
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
    // Nothing waits to be written, so that nobody need wait for "drain".
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
 * What is written when a program writes this: the text itself, or bytes.
 *
 * @throws What Node throws for a chunk that is neither text nor bytes, and for an encoding that it does not know.
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
  // Node knows best; a stream of its own, as it may refuse.
  const judge = new Writable({
    write: (bytes: Uint8Array, _encoding, done) => {
      content = bytes;
      done();
    },
  });
  judge.write(chunk, encoding);
  return content;
}
