/**
 * Steps of a lab: functions that students write.
 */
import { coded } from "../../notebook/coded-error";

/** Marks errors of {@link notWritten}, which come from any realm. */
const mark = Symbol.for("convnotes.not-written");

/**
 * Stands for the code of a step that is not written yet. Its type fits every step, so a cell with
 * it passes the type check.
 *
 * @throws Error `ERR_NOT_WRITTEN`, always.
 */
export function notWritten(): never {
  throw Object.assign(
    coded("ERR_NOT_WRITTEN", new Error("This step is not written yet.")),
    { [mark]: true },
  );
}

/**
 * Runs a step of a lab and returns its result.
 *
 *     const scaled = step("lab-1/scaled", (): tf.Tensor => {
 *       return notWritten();
 *     });
 *
 * @param name The lab and the step, such as `lab-1/scaled`.
 * @param answer The student's code. It may be asynchronous.
 * @throws Error `ERR_NOT_WRITTEN` that names the step, if the code is still {@link notWritten}.
 *   Other errors of the code are passed on.
 */
export function step<Result>(name: string, answer: () => Result): Result {
  let result: Result;
  try {
    result = answer();
  } catch (error) {
    throw withName(name, error);
  }
  if (!(result instanceof Promise)) return result;
  return result.catch((error: unknown) => {
    throw withName(name, error);
  }) as Result;
}

function withName(name: string, error: unknown): unknown {
  if (!(error instanceof Error && mark in error)) return error;
  return coded(
    "ERR_NOT_WRITTEN",
    new Error(
      `Step ${name} is not written yet: replace "return notWritten();" in this cell with your code.`,
    ),
  );
}
