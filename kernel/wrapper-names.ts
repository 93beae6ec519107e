/**
 * Defines the names that the kernel adds to a cell's JavaScript, and removes them from messages.
 *
 * The names begin with a rarely used letter. A cell that uses the same names gets others
 * (`compiler/checker/cell-wrapper.ts`).
 */

/**
 * First letter of the names. It is in Latin-1, because V8 stores such strings in half the memory of
 * others.
 */
export const WRAPPER_LETTER = "º";

/** The object that holds the variables of all cells. */
export const CELLS = `${WRAPPER_LETTER}cells`;

/** Replaces `import()` and `import.meta`. */
export const IMPORT = `${WRAPPER_LETTER}import`;

/** The stop flag, which loops in asynchronous code check. */
export const STOP = `${WRAPPER_LETTER}stop`;

/** Replaces `require` where a cell declares its own `require`. */
export const REQUIRE = `${WRAPPER_LETTER}require`;

/** Holds the value that is awaited before a class. */
export const AWAITED = `${WRAPPER_LETTER}awaited`;

/** Passes the variables to `eval` in a cell. */
export const SCOPE = `${WRAPPER_LETTER}scope`;

/** `(0 , ºcells.f)`, as V8 prints the callee of a call without `this`. */
const CALLEE = /\(0 , (ºcells\d*\.[^\s()]+)\)/g;

/** `ºcells.rate` or, for a redeclared name with a new slot, `ºcells.rateº2`. */
const FIELD = /ºcells\d*\.([^\sº.,;:()[\]{}'"`]+)(?:º\d+)?/g;

/**
 * Restores the cell's own names in a text. For example, V8 prints `f()` as `(0 , ºcells.f)()` if
 * `f` is not a function.
 *
 * @param text An error message or a stack trace.
 */
export function withoutWrapperNames(text: string): string {
  if (!text.includes(CELLS) && !text.includes(IMPORT)) return text;
  return text
    .replace(CALLEE, "$1")
    .replace(FIELD, "$1")
    .replace(/ºimport\d*/g, "import");
}
