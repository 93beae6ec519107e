/**
 * The frames of a stack trace that are the reader's business: those of cells, files and packages.
 */
import { dirname, sep } from "node:path";

/** The folder of the compiled kernel: it is compiled without source maps, so that its frames name what runs. */
const KERNEL_FOLDER = `${dirname(__dirname)}${sep}`;

/** The package with TypeScript's helpers, for projects that import them (`importHelpers`). */
const HELPERS =
  /[\\/]tslib[\\/](?:modules[\\/])?(?:tslib|index)(?:\.es6)?\.m?js$/;

/** The package that places frames in sources, and for that stands between the kernel and Node where a module is looked up. */
const PLACES = /[\\/]@cspotcode[\\/]source-map-support[\\/]/;

/** Whether a file is the kernel's. */
export function isKernelFile(file: string | null | undefined): boolean {
  return file?.startsWith(KERNEL_FOLDER) === true || PLACES.test(file ?? "");
}

/**
 * The frames without those by which the kernel calls a cell, those of the kernel that a cell calls, and those of tslib. Where
 * nothing but the kernel was running, all of them.
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

/** A cell's frame without the names by which cells see each other's variables. */
export function readable(text: string): string {
  return text.replace(/^(async )?Proxy\./, "$1").replace(/\b__cells\./g, "");
}

function fileOf(frame: NodeJS.CallSite): string | null | undefined {
  return frame.getFileName() ?? frame.getScriptNameOrSourceURL();
}
