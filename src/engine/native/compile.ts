/**
 * Compiles recorded steps to native programs unless the engine's mode is "graph".
 */
import type { StepOptions } from "../functions/step-body";
import { MustCompile, type StepProgram } from "../functions/step-program";
import { runtime } from "../engine-runtime";
import type { Recording } from "../recording/recording";
import { nativeAddon } from "./addon";
import { NotNative } from "./lowering";
import { NativeProgram } from "./native-program";

/**
 * Compiles a recorded step to a native program.
 *
 * @param picksSamples Whether an input holds the indices of the batch's samples. Otherwise the
 *   inputs are the batch itself.
 * @returns The program, the reason why there is none, or undefined in mode "graph".
 * @throws {MustCompile} `ERR_UNSUPPORTED` with the reason, if the mode requires native steps and
 *   this one cannot be native.
 */
export function compileNatively(
  recording: Recording,
  options: StepOptions,
  picksSamples: boolean,
): StepProgram | { readonly reason: string } | undefined {
  if (runtime.mode === "graph") return undefined;
  const { addon, reason } = nativeAddon();
  try {
    if (addon === undefined) throw new NotNative(reason);
    return new NativeProgram(addon, recording, options, picksSamples);
  } catch (error) {
    if (!(error instanceof NotNative)) throw error;
    if (runtime.mode === "on") return { reason: error.message };
    throw new MustCompile(
      "ERR_UNSUPPORTED",
      `Expected a step that can run natively, received one that cannot: ${error.message}. setEngine("on") runs it as a graph.`,
    );
  }
}
