/**
 * Downloads a file, or the rest of a partial file, from one mirror.
 *
 * Only servers with the publisher's own archives qualify as mirrors. Copies of the images in other
 * formats, such as Parquet files with PNG images, do not. The published digests are those of the
 * archives, so images in another format cannot be verified as original.
 */
import { quantity } from "../../notebook/quantity";
import type { RemoteFile } from "../catalog/dataset-entry";
import { Connection } from "./connection";
import { MirrorFailure } from "./mirror-failure";
import type { PartialFile, Validator } from "./partial-file";
import type { DownloadLimits } from "./download-limits";
import { RateMeter } from "./rate-meter";

const GZIP_MAGIC = [0x1f, 0x8b];

/** Options of {@link receive}. */
interface ReceiveOptions {
  readonly limits: DownloadLimits;
  readonly signal?: AbortSignal | undefined;
  /** Abandon the mirror if it is slow, because there are untried mirrors. */
  readonly leaveIfSlow: boolean;
  /** Called before each request. */
  readonly onRequest?: () => void;
  /** Called after bytes have been appended to `part`. */
  readonly onBytes?: (bytes: number) => void;
  /** Called after `part` has been discarded, with the reason. */
  readonly onRestart?: (reason: string) => void;
}

/**
 * Appends the missing bytes of `file` to `part`. Does not verify the digest.
 *
 * Discards the part and starts over if the mirror sends the whole file instead of the requested
 * range, if the range does not match, or if the file on the mirror has changed.
 *
 * Throws a {@link MirrorFailure} if the mirror does not deliver the file. The bytes received until
 * then stay in `part`, unless they are certainly wrong.
 */
export async function receive(
  mirror: string,
  file: RemoteFile,
  part: PartialFile,
  options: ReceiveOptions,
): Promise<void> {
  const reason = await request(mirror, file, part, options);
  if (reason === undefined) return;
  await part.restart();
  options.onRestart?.(reason);
  const again = await request(mirror, file, part, options);
  if (again !== undefined) {
    throw new MirrorFailure("wrong", "the complete file", again);
  }
}

/**
 * Requests the missing bytes. Returns a reason to start over, or undefined if the file is complete.
 */
async function request(
  mirror: string,
  file: RemoteFile,
  part: PartialFile,
  options: ReceiveOptions,
): Promise<string | undefined> {
  const { signal, limits, onRequest } = options;
  const known = part.validatorOf(mirror);
  onRequest?.();
  const response = await Connection.open(mirror, {
    headers: rangeHeaders(part.length, known),
    stallSeconds: limits.stallSeconds,
    signal,
  });
  try {
    checkHeaders(response, file);
    const given = validatorFrom(response);
    if (response.status === 416) {
      if (part.length > 0) return "no bytes after the partial file";
      throw new MirrorFailure("wrong", "status 200", "416");
    }
    if (response.status === 206) {
      const reason = rangeMismatch(response, file, part.length, known, given);
      if (reason !== undefined) return reason;
    } else if (part.length > 0) {
      await part.restart();
      options.onRestart?.("the server sent the file from its beginning");
    }
    await part.addSource(mirror, given);
    await receiveBody(response, file, part, options);
    return undefined;
  } finally {
    response.close();
  }
}

async function receiveBody(
  response: Connection,
  file: RemoteFile,
  part: PartialFile,
  { limits, leaveIfSlow, onBytes }: ReceiveOptions,
): Promise<void> {
  const start = part.length;
  const meter = new RateMeter(limits.crawlSeconds);
  for await (const chunk of response.chunks()) {
    checkGzipMagic(chunk, part.length, file);
    if (part.length + chunk.length > file.bytes) {
      await part.truncate(start);
      throw new MirrorFailure("wrong", sizeRule(file), "more");
    }
    await part.append(chunk);
    onBytes?.(chunk.length);
    meter.add(chunk.length);
    const rate = meter.bytesPerSecond() ?? Infinity;
    if (leaveIfSlow && meter.isFull() && rate < limits.crawlBytesPerSecond) {
      throw new MirrorFailure(
        "slow",
        `at least ${limits.crawlBytesPerSecond} bytes/s while another mirror is untried`,
        `${Math.round(rate)} bytes/s`,
      );
    }
  }
  if (part.length < file.bytes) {
    const received = `only ${quantity(part.length, "byte")}`;
    throw new MirrorFailure("interrupted", sizeRule(file), received);
  }
}

/**
 * Checks the gzip magic number (RFC 1952, section 2.3.1).
 *
 * Otherwise a web page sent as an archive would be detected only by the digest, after the next
 * mirror had sent the rest of the file.
 */
function checkGzipMagic(
  chunk: Uint8Array,
  position: number,
  { name }: RemoteFile,
): void {
  if (position >= GZIP_MAGIC.length || !name.endsWith(".gz")) return;
  const rest = GZIP_MAGIC.slice(position, position + chunk.length);
  if (rest.every((byte, index) => chunk[index] === byte)) return;
  const text = Buffer.from(chunk.subarray(0, 20)).toString("latin1");
  throw new MirrorFailure(
    "wrong",
    "a gzip stream",
    `bytes that start with ${JSON.stringify(text)}`,
  );
}

/**
 * Returns the Range and If-Range headers for a partial file of `length` bytes.
 *
 * If-Range does not accept weak validators. Source: RFC 9110, sections 14.2 and 13.1.5.
 */
function rangeHeaders(
  length: number,
  known: Validator | undefined,
): Record<string, string> {
  if (length === 0) return {};
  const isStrong = known?.etag !== undefined && !known.etag.startsWith("W/");
  const condition = isStrong ? known.etag : known?.lastModified;
  return {
    range: `bytes=${length}-`,
    ...(condition === undefined ? {} : { "if-range": condition }),
  };
}

/** Checks the status and headers of a response. */
function checkHeaders(response: Connection, file: RemoteFile): void {
  const { status } = response;
  if (![200, 206, 416].includes(status)) {
    // Server errors, rate limits and request timeouts are temporary.
    const isTemporary = status >= 500 || status === 429 || status === 408;
    const kind = isTemporary ? "interrupted" : "wrong";
    throw new MirrorFailure(kind, "status 200 or 206", String(status));
  }
  if (status === 416) {
    const size = /\/(\d+)$/.exec(response.header("content-range") ?? "")?.[1];
    checkSize(size, file, "a file of");
    return;
  }
  const type = response.header("content-type") ?? "";
  if (/^(text\/html|application\/xhtml)/i.test(type)) {
    throw new MirrorFailure("wrong", "an archive", `a web page (${type})`);
  }
  const encoding = response.header("content-encoding")?.trim() ?? "";
  // Names of content codings are case-insensitive. Source: RFC 9110, section 8.4.1.
  if (!["", "identity"].includes(encoding.toLowerCase())) {
    throw new MirrorFailure("wrong", "no Content-Encoding", encoding);
  }
  if (status === 200) {
    checkSize(response.header("content-length"), file, "a Content-Length of");
  }
}

function checkSize(
  size: string | undefined,
  file: RemoteFile,
  what: string,
): void {
  if (size === undefined || Number(size) === file.bytes) return;
  const received = `${what} ${quantity(Number(size), "byte")}`;
  throw new MirrorFailure("wrong", sizeRule(file), received);
}

/** Returns why a partial response does not continue the part, or undefined if it does. */
function rangeMismatch(
  response: Connection,
  file: RemoteFile,
  length: number,
  known: Validator | undefined,
  given: Validator,
): string | undefined {
  const range = response.header("content-range") ?? "none";
  const fields = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(range);
  if (fields?.[3] !== "*") checkSize(fields?.[3], file, "a file of");
  if (fields === null || Number(fields[1]) !== length) {
    return `the Content-Range "${range}" instead of the bytes from ${length}`;
  }
  const isOther =
    differ(known?.etag, given.etag) ||
    differ(known?.lastModified, given.lastModified);
  return isOther ? "a file that has changed on the server" : undefined;
}

function differ(known: string | undefined, given: string | undefined): boolean {
  return known !== undefined && given !== undefined && known !== given;
}

function validatorFrom(response: Connection): Validator {
  const etag = response.header("etag");
  const lastModified = response.header("last-modified");
  return {
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  };
}

function sizeRule(file: RemoteFile): string {
  return quantity(file.bytes, "byte");
}
