/**
 * Makes native programs of recorded steps, where that is asked for.
 */
import type { StepOptions } from "../functions/step-body";
import { MustCompile, type StepProgram } from "../functions/step-program";
import { engineMode } from "../mode";
import type { Recording } from "../recording/recording";
import { nativeAddon } from "./addon";
import { NotNative } from "./lowering";
import { NativeProgram } from "./native-program";

/**
 * A recorded step, of samples that an input picks or of inputs that are the batch, as a native program, or why it cannot be one; undefined where it is to be a graph.
 *
 * @throws {MustCompile} With the reason, if it must be native and cannot be.
 */
export function compileNatively(
  recording: Recording,
  options: StepOptions,
  picksSamples: boolean,
): StepProgram | { readonly reason: string } | undefined {
  if (engineMode() === "graph") return undefined;
  const { addon, reason } = nativeAddon();
  try {
    if (addon === undefined) throw new NotNative(reason);
    return new NativeProgram(addon, recording, options, picksSamples);
  } catch (error) {
    if (!(error instanceof NotNative)) throw error;
    if (engineMode() === "on") return { reason: error.message };
    throw new MustCompile(
      `Expected a step that can run natively, received one that cannot: ${error.message}. setEngine("on") runs it as a graph.`,
    );
  }
}
