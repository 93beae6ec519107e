/**
 * Functions that do not depend on anything of the user's: tfjs's own, and those that this library declares.
 */
import { isOwnPart } from "../tfjs/own-source";
import { tf } from "../tfjs/library";
import { isDeclaredPart } from "./declared-parts";

type AnyFunction = (...parameters: never[]) => unknown;

/**
 * Losses of `tf.losses`. They are all wrapped by the same few lines, as are operations that the user makes by `tf.op`, so the source text
 * tells nothing.
 */
const losses = new Set<unknown>(Object.values(tf.losses));

/** The lines that `tf.op` puts around a function. */
const wrapperText = tf.losses.meanSquaredError.toString();

const answers = new WeakMap<AnyFunction, boolean>();

/** Whether a function is one that a compiled step may contain without being looked at in each step. Asked once for each function. */
export function isStockFunction(candidate: unknown): boolean {
  const implementation = candidate as AnyFunction;
  let answer = answers.get(implementation);
  if (answer === undefined) {
    answer =
      isDeclaredPart(implementation) ||
      losses.has(implementation) ||
      (implementation.toString() !== wrapperText && isOwnPart(implementation));
    answers.set(implementation, answer);
  }
  return answer;
}
