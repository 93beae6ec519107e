/**
 * Getting a file, or the rest of it, from one mirror.
 *
 * Only servers that have the publisher's own archives are mirrors. Copies of the same pictures in other containers, such as parquet
 * files with a PNG a row, are none: what is published are digests of the archives, which say nothing about any other container, so
 * that a picture in one cannot be shown to be the original.
 */
import type { RemoteFile } from "../catalogue/dataset-entry";
import { Connection } from "./connection";
import { MirrorFailure } from "./mirror-failure";
import type { PartialFile, Validator } from "./partial-file";
import type { Patience } from "./patience";
import { RateMeter } from "./rate-meter";

const GZIP_MAGIC = [0x1f, 0x8b];

/** How a mirror is asked. */
export interface ReceiveOptions {
  readonly patience: Patience;
  readonly signal?: AbortSignal;
  /** Another mirror is left that was not tried yet: this one is given up if it is slow. */
  readonly leaveIfSlow: boolean;
  /** The mirror is being asked for what comes after `part`. */
  readonly onAsk?: () => void;
  /** Bytes have been added to `part`. */
  readonly onBytes?: (bytes: number) => void;
  /** `part` was begun anew, and why. */
  readonly onRestart?: (reason: string) => void;
}

/**
 * Adds to `part` what is missing of `file`, until all its bytes are there. Whether they are right is not looked at.
 *
 * The part is begun anew if the mirror sends the whole file although a rest was asked for, if the rest does not fit, and if the
 * mirror's file is another than the one that the part is from.
 *
 * Throws a {@link MirrorFailure} if the mirror does not give it; what it gave until then stays in `part`, unless it cannot be right.
 */
export async function receive(
  mirror: string,
  file: RemoteFile,
  part: PartialFile,
  options: ReceiveOptions,
): Promise<void> {
  const reason = await ask(mirror, file, part, options);
  if (reason === undefined) return;
  await part.restart();
  options.onRestart?.(reason);
  const again = await ask(mirror, file, part, options);
  if (again !== undefined) {
    throw new MirrorFailure("wrong", "the whole file when asked for it", again);
  }
}

/** Returns why the part does not go together with what the mirror has, if it does not. */
async function ask(
  mirror: string,
  file: RemoteFile,
  part: PartialFile,
  options: ReceiveOptions,
): Promise<string | undefined> {
  const { signal, patience, onAsk } = options;
  const known = part.validatorOf(mirror);
  onAsk?.();
  const answer = await Connection.open(mirror, {
    headers: rangeHeaders(part.length, known),
    stallSeconds: patience.stallSeconds,
    signal,
  });
  try {
    checkHead(answer, file);
    const given = validatorFrom(answer);
    if (answer.status === 416) {
      if (part.length > 0) return "the server has nothing after what is there";
      throw new MirrorFailure("wrong", "status 200", "416");
    }
    if (answer.status === 206) {
      const reason = misfit(answer, file, part.length, known, given);
      if (reason !== undefined) return reason;
    } else if (part.length > 0) {
      await part.restart();
      options.onRestart?.("the server sends the file from its beginning");
    }
    await part.expectFrom(mirror, given);
    await take(answer, file, part, options);
    return undefined;
  } finally {
    answer.close();
  }
}

async function take(
  answer: Connection,
  file: RemoteFile,
  part: PartialFile,
  { patience, leaveIfSlow, onBytes }: ReceiveOptions,
): Promise<void> {
  const begin = part.length;
  const meter = new RateMeter(patience.crawlSeconds);
  for await (const chunk of answer.chunks()) {
    checkBeginning(chunk, part.length, file);
    if (part.length + chunk.length > file.bytes) {
      await part.cut(begin);
      throw new MirrorFailure("wrong", sizeRule(file), "more");
    }
    await part.append(chunk);
    onBytes?.(chunk.length);
    meter.add(chunk.length);
    const rate = meter.bytesPerSecond() ?? Infinity;
    if (leaveIfSlow && meter.isFull() && rate < patience.crawlBytesPerSecond) {
      throw new MirrorFailure(
        "slow",
        `${patience.crawlBytesPerSecond} bytes/s where another mirror is left to try`,
        `${Math.round(rate)} bytes/s`,
      );
    }
  }
  if (part.length < file.bytes) {
    const received = `the end after ${count(part.length)}`;
    throw new MirrorFailure("interrupted", sizeRule(file), received);
  }
}

/**
 * Every gzip stream begins with the same two bytes; RFC 1952, section 2.3.1. Without this a web page that is sent as an archive would
 * be found out by the digest only, after the next mirror had sent everything but the page's length.
 */
function checkBeginning(
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
    `bytes that begin with ${JSON.stringify(text)}`,
  );
}

/** RFC 9110, section 14.2, and 13.1.5 for If-Range, which takes no weak validator. */
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

/** What can be told of an answer before it is read. */
function checkHead(answer: Connection, file: RemoteFile): void {
  const { status } = answer;
  if (![200, 206, 416].includes(status)) {
    // What a server may do better later: its own errors, too many requests, and a timeout of its own.
    const isPassing = status >= 500 || status === 429 || status === 408;
    const kind = isPassing ? "interrupted" : "wrong";
    throw new MirrorFailure(kind, "status 200 or 206", String(status));
  }
  if (status === 416) {
    const size = /\/(\d+)$/.exec(answer.header("content-range") ?? "")?.[1];
    checkSize(size, file, "a file of");
    return;
  }
  const type = answer.header("content-type") ?? "";
  if (/^(text\/html|application\/xhtml)/i.test(type)) {
    throw new MirrorFailure("wrong", "an archive", `a web page (${type})`);
  }
  const encoding = answer.header("content-encoding") ?? "identity";
  if (encoding !== "identity") {
    const rule = "the file as it is";
    throw new MirrorFailure("wrong", rule, `it encoded as ${encoding}`);
  }
  if (status === 200) {
    checkSize(answer.header("content-length"), file, "a Content-Length of");
  }
}

function checkSize(
  size: string | undefined,
  file: RemoteFile,
  what: string,
): void {
  if (size === undefined || Number(size) === file.bytes) return;
  const received = `${what} ${count(Number(size))}`;
  throw new MirrorFailure("wrong", sizeRule(file), received);
}

/** Why a rest of the file does not go together with the part; undefined if it does. */
function misfit(
  answer: Connection,
  file: RemoteFile,
  length: number,
  known: Validator | undefined,
  given: Validator,
): string | undefined {
  const range = answer.header("content-range") ?? "nothing";
  const fields = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(range);
  if (fields?.[3] !== "*") checkSize(fields?.[3], file, "a file of");
  if (fields === null || Number(fields[1]) !== length) {
    return `asked for what comes after byte ${length}, the server said that it sends ${range}`;
  }
  const isOther =
    differ(known?.etag, given.etag) ||
    differ(known?.lastModified, given.lastModified);
  return isOther ? "the file on the server has changed" : undefined;
}

function differ(known: string | undefined, given: string | undefined): boolean {
  return known !== undefined && given !== undefined && known !== given;
}

function validatorFrom(answer: Connection): Validator {
  const etag = answer.header("etag");
  const lastModified = answer.header("last-modified");
  return {
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  };
}

function sizeRule(file: RemoteFile): string {
  return count(file.bytes);
}

function count(bytes: number): string {
  return `${bytes.toLocaleString("en-US")} bytes`;
}
