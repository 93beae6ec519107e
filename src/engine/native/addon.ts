/**
 * The native training step, compiled from `cpp/` by set-up, which leaves it out where it cannot be compiled.
 */
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** What `cpp/addon.cc` exports. */
export interface NativeAddon {
  /** The vector widths it was compiled for that this processor has, the widest first: `["avx2", "sse"]`. */
  widths(): string[];
  /**
   * Makes a program.
   *
   * @param integers Buffers and instructions; see `program-writer.ts`.
   * @param numbers The instructions' own numbers.
   * @param threads How many threads share its work.
   * @param width Place of the vectors' width in {@link widths}.
   * @param keeps Whether runs may be told that they are prepared: see {@link run}.
   * @param perSample Whether nothing is summed over samples: runs then may have any number of them.
   */
  create(
    integers: Int32Array,
    numbers: Float32Array,
    threads: number,
    width: number,
    keeps: boolean,
    perSample: boolean,
  ): NativeHandle;
  /** Gives a buffer its numbers: those of the array itself, which must not be collected as long as the program is run. */
  bind(program: NativeHandle, buffer: number, numbers: Float32Array): void;
  /**
   * Runs a program for one batch after the other. Several batches are for programs that change nothing.
   *
   * @param rows The rows of each batch in the data, batch after batch.
   * @param prepared Whether all that is computed before the first sample is as the last run left it.
   * @param outputs Buffer and count of each output, of a batch, or of a sample where the program is such.
   * @returns Of each output, as many of the buffer's first numbers as asked for, of each batch or sample; undefined if the program was guarded and its loss is
   * not finite.
   */
  run(
    program: NativeHandle,
    rows: Int32Array,
    integers: Int32Array,
    numbers: Float32Array,
    guarded: boolean,
    prepared: boolean,
    outputs: Int32Array,
  ): Float32Array[] | undefined;
  /** Gives a program's memory back. */
  dispose(program: NativeHandle): void;
}

/** A program in the addon. */
export interface NativeHandle {
  readonly isNativeProgram: true;
}

/** The addon, or why there is none. */
export type LoadedAddon =
  | { readonly addon: NativeAddon; readonly reason?: undefined }
  | { readonly addon?: undefined; readonly reason: string };

const builtFolder = path.join(__dirname, "build");
const load = createRequire(__filename);

let loaded: LoadedAddon | undefined;

/** The addon of this checkout, loaded at the first call. */
export function nativeAddon(): LoadedAddon {
  return (loaded ??= loadAddon(builtFolder));
}

/**
 * Loads an addon.
 *
 * @param folder The folder that set-up compiles it to.
 */
export function loadAddon(folder: string): LoadedAddon {
  const file = path.join(folder, "convnotes_native.node");
  if (!fs.existsSync(file)) return { reason: whyAbsent(folder) };
  try {
    const addon = load(file) as NativeAddon;
    return addon.widths().length > 0
      ? { addon }
      : { reason: "the native training step has nothing for this processor" };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      reason: `Node does not load the native training step: ${message.split("\n")[0]}`,
    };
  }
}

/** @param folder Holds set-up's reason, where set-up has tried. */
function whyAbsent(folder: string): string {
  const file = path.join(folder, "not-compiled.txt");
  if (!fs.existsSync(file))
    return "the native training step is not compiled; npm run setup does it";
  const [reason] = fs.readFileSync(file, "utf8").split("\n");
  return `the native training step could not be compiled: ${reason}`;
}
