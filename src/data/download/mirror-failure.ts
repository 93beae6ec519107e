/**
 * Why a mirror did not give a file.
 */

/** What follows from a failure. */
export type FailureKind =
  /** There is no way to the server: perhaps there is no network at all. */
  | "unreachable"
  /** It broke off, and may do better later. */
  | "interrupted"
  /** It sends, but so slowly that another mirror is tried first. */
  | "slow"
  /** It has another file, or none: it is not asked again. */
  | "wrong";

/** A mirror's failure, as a rule and what was found instead. */
export class MirrorFailure extends Error {
  override readonly name = "MirrorFailure";

  constructor(
    readonly kind: FailureKind,
    readonly expected: string,
    readonly received: string,
    cause?: unknown,
  ) {
    super(`expected ${expected}, received ${received}`, { cause });
  }
}

/** Codes of Node and its HTTP client for a server that cannot be reached. */
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

/** Makes a failure of what `fetch` throws, or of what reading an answer throws. */
export function failureOf(error: unknown): MirrorFailure {
  // fetch says no more than "fetch failed": the reason is the innermost cause.
  let inner = error as Error & { code?: string; errors?: Error[] };
  while (inner.cause instanceof Error) inner = inner.cause as typeof inner;
  const reason = inner.errors?.[0] ?? inner;
  const code = inner.code ?? (reason as { code?: string }).code;
  if (inner.message === "redirect count exceeded") {
    const rule = "at most 20 redirects";
    return new MirrorFailure("wrong", rule, "more", error);
  }
  if (code !== undefined && unreachableCodes.has(code)) {
    return new MirrorFailure("unreachable", "a connection", code, error);
  }
  const received = [code, reason.message].filter(Boolean).join(": ");
  return new MirrorFailure(
    "interrupted",
    "an answer to its end",
    received,
    error,
  );
}

/** Name of the server in a mirror's address. */
export function hostOf(mirror: string): string {
  return new URL(mirror).host;
}
