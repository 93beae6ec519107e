/** Lists the reasons for different outcomes with tslab's converter that apply to several cells. */

/** An earlier cell, on which this one builds, already had a different outcome. */
export const FOLLOWS = "Follows from an earlier cell of the notebook.";

export const NESTED_VAR =
  "tslab only shares declarations at the top level of a cell, not a `var` in a block or a loop.";

export const TWO_VARS =
  "With tslab a `var` that is redeclared in a block sets a local variable of the cell instead of the shared one.";

export const EXPORT_OF_ITS_OWN =
  "tslab appends an export of all names to each cell, which duplicates the cell's own export.";

export const DEFAULT_EXPORT =
  "tslab only displays the value of an expression statement, and a default export is not one.";

export const FUNCTION_NAME =
  "tslab assigns to a property of `exports`, which does not name a function.";

export const LAST_EXPRESSION_NAME =
  "tslab assigns the last expression to a variable `tsLastExpr`, whose name an anonymous function takes.";

export const SLOPPY =
  'tslab omits "use strict" and thus runs a cell in sloppy mode.';

export const NAMESPACE_FORGOTTEN =
  "tslab keeps the declaration of a namespace for the next cell only.";

export const AUGMENTATION =
  "tslab appends an export of all names to each cell, and treats `declare global` and `declare module` as names.";

export const NO_JSX = "tslab parses a cell as TypeScript without JSX.";

export const USING =
  "tslab is built on TypeScript 5.0, and `using` was added in 5.2.";

export const ES_MODULE =
  "tslab compiles a cell to a CommonJS module, and a package with only ES modules cannot be required.";

export const IMPORT_ASSIGNMENT =
  "tslab treats a cell as an ES module, in which TypeScript forbids `import a = require()`; the checked compiler allows it.";

export const TYPES_TOO =
  "tslab also reports the type errors of a cell with syntax errors.";

export const REGULAR_EXPRESSIONS =
  "tslab is built on TypeScript 5.0; 5.5 and later check regular expressions.";

export const TRUTHINESS =
  "tslab is built on TypeScript 5.0; 5.6 and later report conditions that are always true.";

export const ES2022_LIBRARY =
  "tslab's cells have the standard library of ES2022.";

export const ES2023_HINT =
  "tslab is built on TypeScript 5.0, whose list of features of newer libraries does not contain this.";
