/**
 * Whether a function is tfjs's own.
 *
 * A kernel, a gradient or a method may have been replaced by the user, before the engine came or after. What the user put there stays, and
 * is recognised by its source text: tfjs's own stands, letter for letter, in tfjs's files.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

type AnyFunction = (...parameters: never[]) => unknown;

const texts = new Map<string, string>();

/** Packages of tfjs by what is defined in their one big file. */
const files = {
  core: "@tensorflow/tfjs-core",
  gradients: "@tensorflow/tfjs",
  layers: "@tensorflow/tfjs-layers",
} as const;

/** Whether the source of a function stands in one of tfjs's packages. */
export function isOwn(
  implementation: AnyFunction,
  home: keyof typeof files,
): boolean {
  const text = textOf(home, () => require.resolve(files[home]));
  const source = implementation.toString();
  // The methods of a class follow each other in the file.
  const near = text.indexOf(source, places.get(home));
  const place = near === -1 ? text.indexOf(source) : near;
  if (place !== -1) places.set(home, place);
  return place !== -1;
}

/** Where the latest function was found. */
const places = new Map<string, number>();

/** The one in which the latest function was found comes first. */
let homes: ["layers" | "core", "layers" | "core"] = ["layers", "core"];

/** Whether the source of a method, loss or metric stands in tfjs-layers or in tfjs's core. */
export function isOwnPart(implementation: AnyFunction): boolean {
  const [first, second] = homes;
  if (isOwn(implementation, first)) return true;
  if (!isOwn(implementation, second)) return false;
  homes = [second, first];
  return true;
}

/**
 * Whether a function is declared at the top of tfjs-layers' file, as losses and metrics are: the text begins there a line. What other
 * functions make stands further in.
 */
export function isOwnDeclaration(implementation: AnyFunction): boolean {
  const text = implementation.toString();
  return (
    /^function [\w$]+\(/.test(text) &&
    textOf("layers", () => require.resolve(files.layers)).includes(`\n${text}`)
  );
}

/** Whether the source of a kernel stands in the file that tfjs-node has for it. */
export function isOwnKernel(
  implementation: AnyFunction,
  kernelName: string,
): boolean {
  const text = textOf(kernelName, () => {
    const main = require.resolve("@tensorflow/tfjs-node");
    return join(dirname(main), "kernels", `${kernelName}.js`);
  });
  return text.includes(implementation.toString());
}

function textOf(name: string, locate: () => string): string {
  let text = texts.get(name);
  if (text === undefined) {
    text = readFileSync(locate(), "utf8");
    texts.set(name, text);
  }
  return text;
}

/** Forgets the files' texts, a few megabytes, when all has been asked. */
export function forgetSources(): void {
  texts.clear();
}
