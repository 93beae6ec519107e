/**
 * Loads the native addon that runs training steps. Set-up compiles it from `cpp/` if it can.
 */
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { setupCommand } from "../setup-command";

/** The functions that `cpp/addon.cc` exports. */
export interface NativeAddon {
  /**
   * Returns the compiled vector widths that this processor supports, widest first, such as
   * `["avx2", "sse"]`.
   */
  widths(): string[];
  /** Returns the bytes of a core's level 2 cache. */
  cacheBytes(): number;
  /**
   * Creates a program.
   *
   * @param integers Encoded buffers and instructions; see `program-encoding.ts`.
   * @param numbers Float operands of the instructions, in order.
   * @param threads Number of threads that share the work.
   * @param width Index of the vector width in {@link widths}.
   * @param keeps Whether values computed before the first sample are kept between runs, which
   *   `prepared` of {@link run} requires.
   * @param perSample Whether nothing is summed over samples. Runs may then have any number of
   *   samples.
   */
  create(
    integers: Int32Array,
    numbers: Float32Array,
    threads: number,
    width: number,
    keeps: boolean,
    perSample: boolean,
  ): NativeHandle;
  /**
   * Binds a buffer to an array without a copy. The array must not be collected while the program is
   * in use.
   */
  bind(program: NativeHandle, buffer: number, numbers: Float32Array): void;
  /**
   * Runs a program on one or more batches. Only programs that change no variable may be given
   * several.
   *
   * @param rows Row indices of the samples in the data, batch after batch.
   * @param integers Integers that change from step to step: the keys of random values.
   * @param numbers The optimizer's settings for this step.
   * @param guarded Whether to stop before any update if the loss is not finite.
   * @param prepared Whether all values computed before the first sample are still those of the
   *   previous run.
   * @param outputs Buffer and count of each output: values of a batch, or of a sample if the
   *   program was created with `perSample`.
   * @returns For each output, the first `count` values of its buffer for each batch or sample.
   *   Undefined if the run was guarded and the loss is not finite.
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
  /** Frees a program's memory. */
  dispose(program: NativeHandle): void;
  /**
   * Unmaps the pages of code and constants of every shared library whose path contains a name. They
   * are mapped again when they are used.
   */
  releaseLibraries(name: string): void;
}

/** A handle of a program in the addon. */
export interface NativeHandle {
  readonly isNativeProgram: true;
}

/** The addon, or the reason why it is not available. */
export type LoadedAddon =
  | { readonly addon: NativeAddon; readonly reason?: undefined }
  | { readonly addon?: undefined; readonly reason: string };

const builtFolder = path.join(__dirname, "build");
const load = createRequire(__filename);

let loaded: LoadedAddon | undefined;

/** Returns the addon of this checkout, which is loaded on the first call. */
export function nativeAddon(): LoadedAddon {
  return (loaded ??= loadAddon(builtFolder));
}

/**
 * Loads an addon.
 *
 * @param folder The folder that set-up compiled it to.
 */
export function loadAddon(folder: string): LoadedAddon {
  const file = path.join(folder, "convnotes_native.node");
  if (!fs.existsSync(file)) return { reason: whyAbsent(folder) };
  try {
    const addon = load(file) as NativeAddon;
    return addon.widths().length > 0
      ? { addon }
      : {
          reason:
            "the native training step was not compiled for this processor",
        };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      reason: `Node could not load the native training step: ${message.split("\n")[0]}`,
    };
  }
}

/** Returns why a folder contains no addon: set-up's reason if it tried to compile one. */
function whyAbsent(folder: string): string {
  const file = path.join(folder, "not-compiled.txt");
  if (!fs.existsSync(file))
    return `the native training step is not compiled; ${setupCommand} compiles it`;
  const [reason] = fs.readFileSync(file, "utf8").split("\n");
  return `the native training step could not be compiled: ${reason}`;
}
