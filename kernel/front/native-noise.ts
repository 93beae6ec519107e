/**
 * Removes TensorFlow's start-up messages from standard error.
 *
 * When TensorFlow is loaded, it prints the CPU instructions that it uses, before any log setting
 * takes effect. All other output of native code is shown.
 */

/** Matches the beginning of the lines that TensorFlow prints at start-up, at any log level. */
const startUpLine =
  /^(WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR|I\d{4} [\d:.]+ +\d+ (port|cpu_feature_guard)\.cc:\d+\] |To enable the following instructions: )/;

/** Returns the text without TensorFlow's start-up lines. */
export function withoutStartUpLines(text: string): string {
  return text
    .split(/(?<=\n)/)
    .filter((line) => !startUpLine.test(line))
    .join("");
}
