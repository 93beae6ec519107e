/**
 * Selects the frames of a stack trace that belong to cells, files and packages.
 */
import { dirname, sep } from "node:path";

/**
 * The folder of the compiled kernel, which has no source maps, so that its frames have compiled
 * paths.
 */
const KERNEL_FOLDER = `${dirname(__dirname)}${sep}`;

/** Matches the package of TypeScript's helpers, for projects that import them (`importHelpers`). */
const HELPERS =
  /[\\/]tslib[\\/](?:modules[\\/])?(?:tslib|index)(?:\.es6)?\.m?js$/;

/**
 * Matches the package that maps frames to sources, which also hooks into Node's module resolution.
 */
const SOURCE_MAP_SUPPORT = /[\\/]@cspotcode[\\/]source-map-support[\\/]/;

/** Returns whether a file belongs to the kernel. */
export function isKernelFile(file: string | null | undefined): boolean {
  return (
    file?.startsWith(KERNEL_FOLDER) === true ||
    SOURCE_MAP_SUPPORT.test(file ?? "")
  );
}

/**
 * Removes the frames of the kernel, both those that call a cell and those that a cell calls, and
 * the frames of tslib. If only the kernel was running, returns all frames.
 */
export function withoutKernel(
  frames: readonly NodeJS.CallSite[],
): readonly NodeJS.CallSite[] {
  const isOthers = (frame: NodeJS.CallSite) => {
    const file = fileOf(frame);
    // Built-in functions have no file.
    return file && !file.startsWith("node:") && !isKernelFile(file);
  };
  const last = frames
    .map((frame) => Boolean(isOthers(frame)))
    .lastIndexOf(true);
  if (last < 0) return frames;
  const isEntered = frames
    .slice(last)
    .some((frame) => isKernelFile(fileOf(frame)));
  return (isEntered ? frames.slice(0, last + 1) : frames).filter((frame) => {
    const file = fileOf(frame) ?? "";
    return !isKernelFile(file) && !HELPERS.test(file);
  });
}

/** Removes from a cell's frame the names through which cells access each other's variables. */
export function readable(text: string): string {
  return text.replace(/^(async )?Proxy\./, "$1").replace(/ºcells\./g, "");
}

function fileOf(frame: NodeJS.CallSite): string | null | undefined {
  return frame.getFileName() ?? frame.getScriptNameOrSourceURL();
}
