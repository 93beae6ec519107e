/**
 * Recognizes functions that do not depend on user code: tfjs's own, and those declared by this
 * library.
 *
 * tfjs's own functions are recognized by their source text, which occurs in tfjs's files. The text
 * of a function created by another function does not reveal what it was created with:
 * `tf.customGrad(f)` returns a function with tfjs's text around the user's `f`. Therefore the text
 * counts only where it cannot involve user code: in top-level declarations of a file, and in the
 * methods that a tfjs class has when it is first seen.
 */
import { isTfjsPart, isTfjsDeclaration } from "../tfjs/tfjs-source";
import { tf } from "../tfjs/library";
import { isDeclaredPart } from "./declared-parts";

type AnyFunction = (...parameters: never[]) => unknown;

/** Losses of `tf.losses`, which `tf.op` wraps in the same way as user-defined operations. */
const losses = new Set<unknown>(Object.values(tf.losses));

const methods = new WeakSet<object>();
const answers = new WeakMap<object, boolean>();
const met = new WeakSet<object>();

/** Whether a function may be part of a step that runs without JavaScript. */
export function isStockFunction(candidate: unknown): boolean {
  const implementation = candidate as AnyFunction;
  if (methods.has(implementation) || isDeclaredPart(implementation))
    return true;
  let answer = answers.get(implementation);
  if (answer === undefined) {
    answer = losses.has(implementation) || isTfjsDeclaration(implementation);
    answers.set(implementation, answer);
  }
  return answer;
}

/** Whether a class is tfjs's own or declared. Its methods are recorded when it is first seen. */
export function isStockClass(prototype: object): boolean {
  const { constructor } = prototype;
  if (isDeclaredPart(constructor)) return true;
  if (met.has(prototype)) return methods.has(constructor);
  met.add(prototype);
  if (!isTfjsPart(constructor as AnyFunction)) return false;
  methods.add(constructor);
  for (const method of functionsOf(prototype)) {
    if (isTfjsPart(method as AnyFunction)) methods.add(method);
  }
  return true;
}

/** Whether the class of an object and all its superclasses are stock. */
export function isStockInstance(object: object): boolean {
  for (
    let each = Object.getPrototypeOf(object) as object | null;
    each !== null && each !== Object.prototype;
    each = Object.getPrototypeOf(each) as object | null
  ) {
    if (!isStockClass(each)) return false;
  }
  return true;
}

/** Returns the methods and accessors of a prototype. */
function functionsOf(prototype: object): object[] {
  return Object.values<PropertyDescriptor>(
    Object.getOwnPropertyDescriptors(prototype),
  ).flatMap(({ value, get, set }) =>
    [value as unknown, get, set].filter(
      (each): each is object => typeof each === "function",
    ),
  );
}
