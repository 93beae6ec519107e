/**
 * Lines of native code that tell a reader of a notebook nothing.
 *
 * TensorFlow says on standard error, when it is loaded, which instructions it uses, before any setting of its log takes
 * effect. Everything else that native code prints is shown.
 */

/** First words of the lines that TensorFlow's start-up prints, whatever its log level. */
const startUpLine =
  /^(WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR|I\d{4} [\d:.]+ +\d+ (port|cpu_feature_guard)\.cc:\d+\] |To enable the following instructions: )/;

/** The text without TensorFlow's start-up lines. */
export function withoutStartUpLines(text: string): string {
  return text
    .split(/(?<=\n)/)
    .filter((line) => !startUpLine.test(line))
    .join("");
}
