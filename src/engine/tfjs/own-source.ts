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
  return textOf(home, () => require.resolve(files[home])).includes(
    implementation.toString(),
  );
}

/** Whether the source of a method, loss or metric stands in tfjs-layers or in tfjs's core. */
export function isOwnPart(implementation: AnyFunction): boolean {
  return isOwn(implementation, "layers") || isOwn(implementation, "core");
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
