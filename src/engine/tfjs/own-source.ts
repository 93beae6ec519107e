/**
 * The engine room's cellar: whether a function is tfjs's own.
 *
 * A kernel, a gradient or a layer's method may have been replaced by the user before the engine came. What the user put there
 * stays. It is recognised by its source text: tfjs's own stands, letter for letter, in tfjs's files.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const texts = new Map<string, string>();

/** Packages of tfjs by what is defined in their one big file. */
const files = {
  gradients: "@tensorflow/tfjs",
  layers: "@tensorflow/tfjs-layers",
} as const;

/** Whether the source of a function stands in one of tfjs's packages. */
export function isOwn(
  implementation: (...parameters: never[]) => unknown,
  home: keyof typeof files,
): boolean {
  return textOf(home, () => require.resolve(files[home])).includes(
    implementation.toString(),
  );
}

/** Whether the source of a kernel stands in the file that tfjs-node has for it. */
export function isOwnKernel(
  implementation: (...parameters: never[]) => unknown,
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
