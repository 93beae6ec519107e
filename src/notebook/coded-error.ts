/**
 * Gives errors a code, which programs and tests compare; the message is for people.
 */

/** What kind of rule was broken. */
export type ErrorCode =
  /** A value is not among those that the rule allows. */
  | "ERR_INVALID_VALUE"
  /** A value has the wrong type, for example a string where a number is expected. */
  | "ERR_INVALID_TYPE"
  /** A tensor, array or layer has the wrong shape or length. */
  | "ERR_SHAPE"
  /** No data set, layer, option, class or command has this name. */
  | "ERR_UNKNOWN_NAME"
  /** A call that the object's state does not allow, for example use after disposal. */
  | "ERR_INVALID_STATE"
  /** Valid, but not implemented here or not available on this machine. */
  | "ERR_UNSUPPORTED"
  /** A number became NaN or infinite. */
  | "ERR_NOT_FINITE"
  /** A file or folder that is needed does not exist or cannot be read. */
  | "ERR_FILE_MISSING"
  /** A file's content does not follow its format. */
  | "ERR_FILE_FORMAT"
  /** A file's size or digest is not the published one, or the file changed while it was read. */
  | "ERR_FILE_DAMAGED"
  /** A file or folder cannot be written, or its disk has too little free space. */
  | "ERR_DISK"
  /** A process takes more memory than it may, or memory could not be allocated. */
  | "ERR_MEMORY"
  /** A download failed on every server. */
  | "ERR_DOWNLOAD"
  /** Another process holds the lock. */
  | "ERR_LOCKED"
  /** A package or program has a version that is not supported. */
  | "ERR_VERSION"
  /** A process that the work needs has ended or failed. */
  | "ERR_PROCESS"
  /** A message does not follow its protocol. */
  | "ERR_PROTOCOL"
  /** The arguments of a command are wrong. */
  | "ERR_USAGE"
  /** The operation was stopped on request. */
  | "ERR_INTERRUPTED"
  /** A step of a lab is not written yet. */
  | "ERR_NOT_WRITTEN"
  /** A check of a lab found a wrong answer while a notebook is graded. */
  | "ERR_WRONG_ANSWER"
  /** A fault of this project, which users should report. */
  | "ERR_INTERNAL";

/**
 * Sets an error's code.
 *
 *     throw coded("ERR_SHAPE", new RangeError(`Expected 4 dimensions, received ${rank}.`));
 *
 * @returns The same error.
 */
export function coded<E extends Error>(
  code: ErrorCode,
  error: E,
): E & { readonly code: ErrorCode } {
  return Object.assign(error, { code });
}
