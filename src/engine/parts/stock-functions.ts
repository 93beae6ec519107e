/**
 * Functions that do not depend on anything of the user's: tfjs's own, and those that this library declares.
 *
 * tfjs's own are recognised by their source text, which stands in tfjs's files. The text of a function that another function makes says
 * nothing of what it was made with (`tf.customGrad(f)` gives tfjs's text around the user's `f`), so it counts only where there can be nothing
 * of the user's in it: in declarations at the top of a file, and in the methods that a class of tfjs's has when it is met first.
 */
import { isOwnPart, isOwnDeclaration } from "../tfjs/own-source";
import { tf } from "../tfjs/library";
import { isDeclaredPart } from "./declared-parts";

type AnyFunction = (...parameters: never[]) => unknown;

/** Losses of `tf.losses`: they are wrapped by `tf.op`, as are operations that the user makes by it. */
const losses = new Set<unknown>(Object.values(tf.losses));

const methods = new WeakSet<object>();
const answers = new WeakMap<object, boolean>();
const met = new WeakSet<object>();

/** Whether a function may be part of a step that is run without JavaScript. */
export function isStockFunction(candidate: unknown): boolean {
  const implementation = candidate as AnyFunction;
  if (methods.has(implementation) || isDeclaredPart(implementation))
    return true;
  let answer = answers.get(implementation);
  if (answer === undefined) {
    answer = losses.has(implementation) || isOwnDeclaration(implementation);
    answers.set(implementation, answer);
  }
  return answer;
}

/** Whether a class is tfjs's own or declared. Its methods are noted when it is met first. */
export function isStockClass(prototype: object): boolean {
  const { constructor } = prototype;
  if (isDeclaredPart(constructor)) return true;
  if (met.has(prototype)) return methods.has(constructor);
  met.add(prototype);
  if (!isOwnPart(constructor as AnyFunction)) return false;
  methods.add(constructor);
  for (const method of functionsOf(prototype)) {
    if (isOwnPart(method as AnyFunction)) methods.add(method);
  }
  return true;
}

/** Whether the class of an object, and all that it extends, are stock. */
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

/** The methods and accessors of a prototype. */
function functionsOf(prototype: object): object[] {
  return (
    Object.values(
      Object.getOwnPropertyDescriptors(prototype),
    ) as PropertyDescriptor[]
  ).flatMap(({ value, get, set }) =>
    [value as unknown, get, set].filter(
      (each): each is object => typeof each === "function",
    ),
  );
}
