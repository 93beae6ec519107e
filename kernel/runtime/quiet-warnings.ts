/**
 * Suppresses Node's warnings about the implementation of the kernel, which cells did not cause.
 */

/** Matches warnings about the features that load modules here. */
const OWN =
  /USE_MAIN_CONTEXT_DEFAULT_LOADER|loading ES Module .* using require\(\)/;

/** Suppresses these warnings. */
export function quietWarnings(): void {
  const emit = process.emitWarning.bind(process) as (
    warning: string | Error,
    ...others: unknown[]
  ) => void;
  process.emitWarning = (warning: string | Error, ...others: unknown[]) => {
    if (!OWN.test(String(warning))) emit(warning, ...others);
  };
}
