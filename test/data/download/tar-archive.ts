/**
 * Creates valid and malicious tar archives for tests.
 *
 * Writes POSIX.1-1988 (ustar) headers directly, so that the library that reads archives is not
 * tested against itself.
 */

const BLOCK = 512;

/** Entry of an archive, by default a regular file. */
export interface TarEntry {
  readonly name: string;
  readonly bytes?: Uint8Array;
  /**
   * Type flag: "0" file, "1" hard link, "2" symbolic link, "3" device, "5" folder, "x" extended
   * header. Default: "0".
   */
  readonly type?: string;
  readonly linkName?: string;
  /** Size in the header. Default: the length of `bytes`. */
  readonly size?: number;
}

/** Returns an archive with the entries and the two empty blocks at the end. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([
    ...entries.flatMap((entry) => [header(entry), padded(entry.bytes)]),
    Buffer.alloc(2 * BLOCK),
  ]);
}

function header({ name, bytes, type, linkName, size }: TarEntry): Buffer {
  const block = Buffer.alloc(BLOCK);
  const length = size ?? bytes?.length ?? 0;
  block.write(name, 0, 100, "utf8");
  block.write("0000644\0", 100, "latin1");
  block.write("0000000\0", 108, "latin1");
  block.write("0000000\0", 116, "latin1");
  block.write(`${length.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  block.write("00000000000\0", 136, "latin1");
  block.write("        ", 148, "latin1");
  block.write(type ?? "0", 156, "latin1");
  block.write(linkName ?? "", 157, 100, "utf8");
  block.write("ustar\x0000", 257, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

function padded(bytes: Uint8Array = new Uint8Array()): Buffer {
  const block = Buffer.alloc(Math.ceil(bytes.length / BLOCK) * BLOCK);
  block.set(bytes);
  return block;
}
