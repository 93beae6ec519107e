/**
 * Warnings of Node's that are about how the kernel works, and not about what a cell does.
 */

/** What Node says of the means by which modules are loaded here. */
const OWN =
  /USE_MAIN_CONTEXT_DEFAULT_LOADER|loading ES Module .* using require\(\)/;

/** Keeps them from the cells. */
export function quietWarnings(): void {
  const emit = process.emitWarning.bind(process) as (
    warning: string | Error,
    ...others: unknown[]
  ) => void;
  process.emitWarning = (warning: string | Error, ...others: unknown[]) => {
    if (!OWN.test(String(warning))) emit(warning, ...others);
  };
}
