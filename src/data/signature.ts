/**
 * Recognizes file types by their first bytes, for error messages about wrong files.
 */

/** Number of bytes needed to recognize every known file type. */
export const SIGNATURE_BYTES = 512;

/** Bytes at an offset (default: 0), written as Latin-1 text. */
type Signature = readonly [kind: string, bytes: string, offset?: number];

const signatures: readonly Signature[] = [
  ["a gzip file", "\x1f\x8b"],
  ["a zip file", "PK\x03\x04"],
  ["a bzip2 file", "BZh"],
  ["an xz file", "\xfd7zXZ\x00"],
  ["a tar archive", "ustar", 257],
  ["a NumPy file", "\x93NUMPY"],
  ["an HDF5 file", "\x89HDF"],
  ["a Parquet file", "PAR1"],
  ["a PNG image", "\x89PNG"],
  ["a JPEG image", "\xff\xd8\xff"],
  // A clone without Git LFS contains these instead of large files.
  ["a Git LFS pointer", "version https://git-lfs"],
];

/** IDX's value types, by the third byte of the magic number. */
const idxTypes: ReadonlyMap<number, string> = new Map([
  [0x08, "unsigned bytes"],
  [0x09, "signed bytes"],
  [0x0b, "16-bit integers"],
  [0x0c, "32-bit integers"],
  [0x0d, "32-bit floating-point numbers"],
  [0x0e, "64-bit floating-point numbers"],
]);

/**
 * Returns the type of a file that starts with `head`, as the continuation of "received ...": "a
 * gzip file", "an HTML or XML page". Returns undefined if the type is unknown.
 */
export function kindOf(head: Uint8Array): string | undefined {
  const text = Buffer.from(head).toString("latin1");
  const known = signatures.find(([, bytes, offset = 0]) =>
    text.startsWith(bytes, offset),
  );
  if (known !== undefined) return known[0];
  // A server's error page saved under the requested file's name, possibly with a UTF-8 byte order
  // mark.
  if (/^(\xef\xbb\xbf)?\s*<[!?a-z]/i.test(text)) return "an HTML or XML page";
  return isPickle(head) ? "a Python pickle" : idxKind(head);
}

/** Recognizes the pickles of CIFAR's Python version: byte 128, then the protocol number. */
function isPickle([first, protocol = 0]: Uint8Array): boolean {
  return first === 0x80 && protocol >= 2 && protocol <= 5;
}

function idxKind(head: Uint8Array): string | undefined {
  const [first, second, type, axes] = head;
  const values = idxTypes.get(type ?? -1);
  if (first !== 0 || second !== 0 || values === undefined) return undefined;
  if (axes === undefined || axes < 1 || axes > 4) return undefined;
  return `an IDX file of ${values} on ${axes} ${axes === 1 ? "axis" : "axes"}`;
}
