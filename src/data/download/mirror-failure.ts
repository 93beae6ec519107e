/**
 * Defines the error for a mirror that does not deliver a file.
 */
import type { ErrorCode } from "../../notebook/coded-error";

/** Kind of failure, which determines how the download continues. */
type FailureKind =
  /** The server cannot be reached; there may be no network connection. */
  | "unreachable"
  /** The transfer failed but may succeed later. */
  | "interrupted"
  /** The mirror is so slow that other mirrors are tried first. */
  | "slow"
  /** The mirror has a different file or none, and is not tried again. */
  | "wrong";

/** Error of a mirror, with the rule and what was received instead. */
export class MirrorFailure extends Error {
  override readonly name = "MirrorFailure";
  readonly code = "ERR_DOWNLOAD" satisfies ErrorCode;

  constructor(
    readonly kind: FailureKind,
    readonly expected: string,
    readonly received: string,
    cause?: unknown,
  ) {
    super(`expected ${expected}, received ${received}`, { cause });
  }
}

/** Error codes of Node and its HTTP client for unreachable servers. */
const unreachableCodes = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "ECONNREFUSED",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Converts an error from `fetch` or from reading a response to a {@link MirrorFailure}. */
export function failureOf(error: unknown): MirrorFailure {
  // The message of `fetch` is only "fetch failed"; the innermost cause is the reason.
  let inner = error as Error & { code?: string; errors?: Error[] };
  while (inner.cause instanceof Error) inner = inner.cause;
  const reason = inner.errors?.[0] ?? inner;
  const code = inner.code ?? (reason as { code?: string }).code;
  if (inner.message === "redirect count exceeded") {
    const rule = "at most 20 redirects";
    return new MirrorFailure("wrong", rule, "more", error);
  }
  // A refusal by the proxy, such as 407.
  if (/\bproxy\b.*\(\d+\)/i.test(reason.message)) {
    const { message } = reason;
    return new MirrorFailure("unreachable", "a connection", message, error);
  }
  if (code !== undefined && unreachableCodes.has(code)) {
    return new MirrorFailure("unreachable", "a connection", code, error);
  }
  const received = [code, reason.message].filter(Boolean).join(": ");
  return new MirrorFailure(
    "interrupted",
    "a complete response",
    received,
    error,
  );
}

/** Returns the host of a mirror's URL. */
export function hostOf(mirror: string): string {
  return new URL(mirror).host;
}
