/**
 * What a file is by its first bytes, for the error that tells a user which wrong file he has.
 */

/** Bytes that are enough to tell every kind that is known here. */
export const SIGNATURE_BYTES = 512;

/** Bytes at a place: text in Latin-1, so that any byte can be written. */
type Signature = readonly [kind: string, bytes: string, place?: number];

const signatures: readonly Signature[] = [
  ["a gzip file", "\x1f\x8b"],
  ["a zip file", "PK\x03\x04"],
  ["a bzip2 file", "BZh"],
  ["an xz file", "\xfd7zXZ\x00"],
  ["a tar archive", "ustar", 257],
  ["a NumPy file", "\x93NUMPY"],
  ["an HDF5 file", "\x89HDF"],
  ["a Parquet file", "PAR1"],
  ["a PNG picture", "\x89PNG"],
  ["a JPEG picture", "\xff\xd8\xff"],
  // What a clone without Git LFS has in a large file's place.
  ["a pointer of Git LFS", "version https://git-lfs"],
];

/** The types of values that IDX knows, by the third byte of its magic number. */
const idxTypes: ReadonlyMap<number, string> = new Map([
  [0x08, "unsigned bytes"],
  [0x09, "signed bytes"],
  [0x0b, "16-bit whole numbers"],
  [0x0c, "32-bit whole numbers"],
  [0x0d, "32-bit floating-point numbers"],
  [0x0e, "64-bit floating-point numbers"],
]);

/**
 * The kind of a file that begins with `head`, as the rest of a sentence that goes on with "received": "a gzip file", "a page of HTML
 * or XML". Undefined if it is none of those that are likely to lie in a data set's place.
 */
export function kindOf(head: Uint8Array): string | undefined {
  const text = Buffer.from(head).toString("latin1");
  const known = signatures.find(([, bytes, place = 0]) =>
    text.startsWith(bytes, place),
  );
  if (known !== undefined) return known[0];
  // A server's page about an error, kept under the name of the file that was asked for; three bytes may say that it is UTF-8.
  if (/^(\xef\xbb\xbf)?\s*<[!?a-z]/i.test(text)) return "a page of HTML or XML";
  return isPickle(head) ? "a Python pickle" : idxKind(head);
}

/** The Python edition of CIFAR is made of these: 128, then the number of the protocol. */
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
