/**
 * Says in one sentence why npm has failed.
 */
import { coded, type ErrorCode } from "@convnotes/notebook/coded-error";
import type { NpmEnd } from "./npm-program";

/** npm's error codes for a registry that cannot be reached. */
const OFFLINE: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ERR_SOCKET_TIMEOUT",
  "FETCH_ERROR",
  "ENOTCACHED",
]);

/** npm's codes with a cause of their own. */
const CAUSES: Readonly<
  Record<string, readonly [code: ErrorCode, rule: string]>
> = {
  E404: ["ERR_UNKNOWN_NAME", "packages that the registry has"],
  ETARGET: ["ERR_UNKNOWN_NAME", "versions that the registry has"],
  EINVALIDPACKAGENAME: ["ERR_UNKNOWN_NAME", "names of packages"],
  EINVALIDTAGNAME: ["ERR_UNKNOWN_NAME", "names and versions of packages"],
  ERESOLVE: ["ERR_VERSION", "packages that fit those of package.json"],
  EACCES: ["ERR_DISK", "a folder that can be written"],
  EPERM: ["ERR_DISK", "a folder that can be written"],
  EROFS: ["ERR_DISK", "a folder that can be written"],
  ENOSPC: ["ERR_DISK", "enough space on the disk"],
  ENOENT: ["ERR_FILE_MISSING", "packages that exist"],
};

/** How many lines of npm's own text are shown for a cause that is not known. */
const SHOWN_LINES = 6;

/** Returns npm's error code; undefined if it has written none. */
export function npmCode({ errors }: NpmEnd): string | undefined {
  return /^npm (?:error|ERR!) code (\S+)/m.exec(errors)?.[1];
}

/** Returns whether npm could not reach the registry. */
export function isOffline(end: NpmEnd): boolean {
  const code = npmCode(end);
  return code !== undefined && OFFLINE.has(code);
}

/**
 * Returns the error for an npm process that has failed.
 *
 * @param end How it has ended.
 * @param wanted The packages that were to be installed, for the message.
 */
export function npmFailure(end: NpmEnd, wanted: string): Error {
  const code = npmCode(end);
  if (isOffline(end)) {
    return coded(
      "ERR_DOWNLOAD",
      new Error(
        `Expected a connection to the packages' registry to install ${wanted}, but there is none (${code}). Nothing was changed.`,
      ),
    );
  }
  const known = code === undefined ? undefined : CAUSES[code];
  if (known) {
    const [errorCode, rule] = known;
    const text = code === "ERESOLVE" ? `\n${ownText(end)}` : "";
    return coded(
      errorCode,
      new Error(`Expected ${rule}, received ${wanted} (${code}).${text}`),
    );
  }
  const how = end.code === null ? "by a signal" : `with code ${end.code}`;
  return coded(
    "ERR_PROCESS",
    new Error(
      `Expected npm to install ${wanted}, but it ended ${how}.\n${ownText(end)}`.trim(),
    ),
  );
}

/** Returns the first lines of npm's text, without its prefixes and the place of its log. */
function ownText({ errors }: NpmEnd): string {
  return errors
    .split("\n")
    .map((line) => line.replace(/^npm (?:error|ERR!) ?/, ""))
    .filter((line) => line !== "" && !/^code |complete log|_logs/.test(line))
    .slice(0, SHOWN_LINES)
    .join("\n");
}
