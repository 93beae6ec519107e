/**
 * The names that the kernel puts into a cell's JavaScript, and how they are taken out of messages again.
 *
 * They begin with a letter that hardly anybody writes; a cell that does gets others (`compiler/checker/cell-wrapper.ts`).
 */

/** The letter, which is Latin-1: V8 keeps such texts in half the memory that others take. */
export const WRAPPER_LETTER = "º";

/** The object that has the variables of all cells. */
export const CELLS = `${WRAPPER_LETTER}cells`;

/** What `import()` and `import.meta` become. */
export const IMPORT = `${WRAPPER_LETTER}import`;

/** What loops of asynchronous code look at. */
export const STOP = `${WRAPPER_LETTER}stop`;

/** What `require` becomes where a cell has a `require` of its own. */
export const REQUIRE = `${WRAPPER_LETTER}require`;

/** What is awaited before a class. */
export const AWAITED = `${WRAPPER_LETTER}awaited`;

/** What hands the variables on to `eval` in a cell. */
export const SCOPE = `${WRAPPER_LETTER}scope`;

/** `(0 , ºcells.f)`, as V8 prints the callee of a call that hands on no `this`. */
const CALLEE = /\(0 , (ºcells\d*\.[^\s()]+)\)/g;

/** `ºcells.rate` or, for a name that has another slot by now, `ºcells.rateº2`. */
const FIELD = /ºcells\d*\.([^\sº.,;:()[\]{}'"`]+)(?:º\d+)?/g;

/**
 * A text with the names as the cell has them: V8 prints `f()` as `(0 , ºcells.f)()` where `f` is no function.
 *
 * @param text A message or a stack.
 */
export function withoutWrapperNames(text: string): string {
  if (!text.includes(CELLS) && !text.includes(IMPORT)) return text;
  return text
    .replace(CALLEE, "$1")
    .replace(FIELD, "$1")
    .replace(/ºimport\d*/g, "import");
}
