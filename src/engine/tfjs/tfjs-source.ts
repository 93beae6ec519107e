/**
 * Determines whether a function is tfjs's own.
 *
 * A kernel, a gradient or a method may have been replaced by the user, before or after the engine
 * was installed. Such a replacement is kept, and recognized by its source text: the text of tfjs's
 * own functions occurs verbatim in tfjs's files.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

type AnyFunction = (...parameters: never[]) => unknown;

const texts = new Map<string, string>();

/** Packages of tfjs that consist of one large file, by what they define. */
const files = {
  core: "@tensorflow/tfjs-core",
  gradients: "@tensorflow/tfjs",
  layers: "@tensorflow/tfjs-layers",
} as const;

/** Whether the source of a function occurs in one of tfjs's packages. */
export function isTfjsFunction(
  implementation: AnyFunction,
  file: keyof typeof files,
): boolean {
  const text = textOf(file, () => require.resolve(files[file]));
  const source = implementation.toString();
  // The methods of a class are adjacent in the file.
  const near = text.indexOf(source, positions.get(file));
  const position = near === -1 ? text.indexOf(source) : near;
  if (position !== -1) positions.set(file, position);
  return position !== -1;
}

/** Where the last function was found in each file. */
const positions = new Map<string, number>();

/** The package in which the last function was found is first. */
let searchOrder: ["layers" | "core", "layers" | "core"] = ["layers", "core"];

/** Whether the source of a method, loss or metric occurs in tfjs-layers or in tfjs-core. */
export function isTfjsPart(implementation: AnyFunction): boolean {
  const [first, second] = searchOrder;
  if (isTfjsFunction(implementation, first)) return true;
  if (!isTfjsFunction(implementation, second)) return false;
  searchOrder = [second, first];
  return true;
}

/**
 * Whether a function is a top-level declaration of tfjs-layers' file, as losses and metrics are:
 * its text starts at the beginning of a line. Functions created by other functions are indented.
 */
export function isTfjsDeclaration(implementation: AnyFunction): boolean {
  const text = implementation.toString();
  return (
    /^function [\w$]+\(/.test(text) &&
    textOf("layers", () => require.resolve(files.layers)).includes(`\n${text}`)
  );
}

/** Whether the source of a kernel occurs in tfjs-node's file for it. */
export function isTfjsKernel(
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

/** Releases the texts of the files, which take up a few megabytes. */
export function forgetSources(): void {
  texts.clear();
}
