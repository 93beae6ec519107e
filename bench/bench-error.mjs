// The error of a benchmark that cannot run; it is reported without a stack trace.

/** A wrong option, or a measured process that failed. */
export class BenchError extends Error {
  /**
   * @param {"ERR_USAGE" | "ERR_PROCESS"} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}
