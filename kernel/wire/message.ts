/**
 * Represents Jupyter messages, and encodes and decodes their wire format.
 *
 * On the wire a message is a list of ZeroMQ frames
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol):
 *
 *     identities…  <IDS|MSG>  signature  header  parent_header  metadata  content  buffers…
 *
 * The rest of the kernel uses only the class `Message`: `create` makes a message without a parent,
 * `reply` and `publish` make replies and iopub messages, `encode` and `decode` convert to and from
 * frames.
 */
import { coded, type ErrorCode } from "@convnotes/notebook/coded-error";
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The version of the messaging specification that this kernel implements. */
export const PROTOCOL_VERSION = "5.5";

const DELIMITER = Buffer.from("<IDS|MSG>");

/** A JSON object, such as a message's header, metadata or content. */
export type JsonObject = Record<string, unknown>;

/** The header of a message. */
export interface Header {
  msg_id: string;
  session: string;
  username: string;
  date: string;
  msg_type: string;
  version: string;
  [field: string]: unknown;
}

/** Signs the four JSON frames of a message with the connection's key (HMAC). */
export class Signer {
  readonly #key: string;
  readonly #hash: string;

  /**
   * @param key The connection file's `key`. If it is empty, messages are neither signed nor
   *   verified.
   * @param scheme The connection file's `signature_scheme`, such as "hmac-sha256".
   * @throws {Error} If the scheme is not "hmac-" followed by a hash that Node supports.
   */
  constructor(key: string, scheme: string) {
    const hash = /^hmac-(\w+)$/.exec(scheme)?.[1];
    if (hash === undefined) {
      throw coded(
        "ERR_UNSUPPORTED",
        new Error(
          `Expected a signature scheme such as "hmac-sha256", received "${scheme}".`,
        ),
      );
    }
    this.#key = key;
    this.#hash = hash;
    this.sign([]); // Throws for an unknown hash now rather than at the first message.
  }

  /** Returns the hexadecimal signature of the frames, or an empty string if there is no key. */
  sign(frames: readonly Uint8Array[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac(this.#hash, this.#key);
    for (const frame of frames) hmac.update(frame);
    return hmac.digest("hex");
  }

  /** Returns whether `signature` is valid for the frames, as they were received. */
  verify(frames: readonly Uint8Array[], signature: Uint8Array): boolean {
    const expected = Buffer.from(this.sign(frames));
    return (
      expected.length === 0 ||
      (expected.length === signature.length &&
        timingSafeEqual(expected, signature))
    );
  }
}

/** Thrown by `Message.decode` for malformed frames and wrong signatures. */
export class InvalidMessage extends Error {
  override name = "InvalidMessage";
  readonly code = "ERR_PROTOCOL" satisfies ErrorCode;
}

interface MessageParts {
  identities?: Buffer[];
  header: Header;
  parentHeader?: JsonObject | undefined;
  metadata?: JsonObject | undefined;
  content?: JsonObject | undefined;
  buffers?: Buffer[];
}

/** One message of the Jupyter protocol. */
export class Message {
  /** The routing frames before the delimiter; on iopub the topic. */
  readonly identities: Buffer[];
  readonly header: Header;
  /** The header of the message that caused this one, or an empty object. */
  readonly parentHeader: JsonObject;
  readonly metadata: JsonObject;
  readonly content: JsonObject;
  readonly buffers: Buffer[];

  private constructor(parts: MessageParts) {
    this.identities = parts.identities ?? [];
    this.header = parts.header;
    this.parentHeader = parts.parentHeader ?? {};
    this.metadata = parts.metadata ?? {};
    this.content = parts.content ?? {};
    this.buffers = parts.buffers ?? [];
  }

  /** The message's type, such as "execute_request". */
  get type(): string {
    return this.header.msg_type;
  }

  /** Creates a message without a parent. */
  static create(type: string, content: JsonObject, session: string): Message {
    return new Message({
      identities: [Buffer.from(type)],
      header: newHeader(type, session),
      content,
    });
  }

  /** Creates the reply to this request, to the same peer: "execute_reply" for "execute_request". */
  reply(content: JsonObject, session: string): Message {
    return this.ask(this.type.replace(/_request$/, "_reply"), content, session);
  }

  /** Creates a request to the peer that sent this message. */
  ask(type: string, content: JsonObject, session: string): Message {
    return new Message({
      identities: this.identities,
      header: newHeader(type, session),
      parentHeader: this.header,
      content,
    });
  }

  /** Creates an iopub message whose parent is this request. */
  publish(
    type: string,
    content: JsonObject,
    session: string,
    metadata: JsonObject = {},
    buffers: Buffer[] = [],
  ): Message {
    return new Message({
      identities: [Buffer.from(type)],
      header: newHeader(type, session),
      parentHeader: this.header,
      metadata,
      content,
      buffers,
    });
  }

  /**
   * Creates a message to the same peer and with the same parent, but with another type and content.
   */
  replacedBy(type: string, content: JsonObject): Message {
    const isTopic = String(this.identities) === this.type;
    return new Message({
      identities: isTopic ? [Buffer.from(type)] : this.identities,
      header: newHeader(type, this.header.session),
      parentHeader: this.parentHeader,
      content,
    });
  }

  /**
   * Returns the signed frames of this message. All text in them is well-formed Unicode.
   *
   * @throws {Error} If JSON cannot represent a part, for example because it is too long for a
   *   string.
   */
  encode(signer: Signer): Buffer[] {
    const body = [
      this.header,
      this.parentHeader,
      this.metadata,
      this.content,
    ].map(jsonFrame);
    return [
      ...this.identities,
      DELIMITER,
      Buffer.from(signer.sign(body)),
      ...body,
      ...this.buffers,
    ];
  }

  /**
   * Decodes received frames.
   *
   * @throws {InvalidMessage} If the delimiter or a frame is missing, the signature is wrong, a part
   *   is not a JSON object, or the header has no type.
   */
  static decode(frames: readonly Buffer[], signer: Signer): Message {
    const delimiter = frames.findIndex((frame) => frame.equals(DELIMITER));
    if (delimiter < 0) {
      throw new InvalidMessage(
        `Expected the delimiter <IDS|MSG>, received ${frames.length} frames without it.`,
      );
    }
    const [signature, ...rest] = frames.slice(delimiter + 1);
    const body = rest.slice(0, 4);
    if (signature === undefined || body.length < 4) {
      throw new InvalidMessage(
        `Expected a signature and four parts after the delimiter, received ${frames.length - delimiter - 1} frames.`,
      );
    }
    if (!signer.verify(body, signature)) {
      throw new InvalidMessage(
        "Expected a message signed with the connection's key, received another signature.",
      );
    }
    const [header, parentHeader, metadata, content] = body.map(parseObject);
    if (typeof header?.msg_type !== "string") {
      throw new InvalidMessage(
        `Expected a header with a msg_type, received ${JSON.stringify(header)}.`,
      );
    }
    return new Message({
      identities: frames.slice(0, delimiter),
      header: header as Header,
      parentHeader,
      metadata,
      content,
      buffers: rest.slice(4),
    });
  }
}

function newHeader(type: string, session: string): Header {
  return {
    msg_id: randomUUID(),
    session,
    username: "kernel",
    date: new Date().toISOString(),
    msg_type: type,
    version: PROTOCOL_VERSION,
  };
}

/**
 * Matches escaped lone surrogates, and escaped backslashes so that text after them is not mistaken
 * for an escape.
 */
const LONE_SURROGATES = /\\\\|\\ud[89a-f][\da-f]{2}/g;

/**
 * Encodes a part as JSON in UTF-8. Lone surrogates become U+FFFD, because notebook files cannot
 * contain them. `JSON.stringify` keeps surrogate pairs and escapes lone surrogates, in field names
 * as well as in strings.
 */
function jsonFrame(part: JsonObject): Buffer {
  const json = JSON.stringify(part);
  return Buffer.from(
    json.includes("\\ud")
      ? json.replace(LONE_SURROGATES, (found) =>
          found.length > 2 ? "\ufffd" : found,
        )
      : json,
  );
}

function parseObject(frame: Buffer): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString("utf8"));
  } catch {
    value = undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidMessage(
      `Expected a JSON object, received ${frame.toString("utf8").slice(0, 80)}.`,
    );
  }
  return value as JsonObject;
}
