/** Reasons why tslab's converter gives another outcome, where several cells have the same. */

/** A cell before this one came to another outcome already, and this one builds on it. */
export const FOLLOWS = "Follows from a cell before it in the notebook.";

export const NESTED_VAR =
  "tslab shares the declarations of a cell's own statements, and not a `var` in a block or a loop.";

export const TWO_VARS =
  "With tslab a `var` that is declared once more in a block sets a variable of the cell's own, and not the shared one.";

export const EXPORT_OF_ITS_OWN =
  "tslab ends each cell with an export of all its names, which with the cell's own export is one too many.";

export const DEFAULT_EXPORT =
  "tslab shows the value of an expression statement only, and a default export is none.";

export const FUNCTION_NAME =
  "tslab assigns to a field of `exports`, and a field gives a function no name.";

export const LAST_EXPRESSION_NAME =
  "tslab gives the last expression to a variable `tsLastExpr`, whose name a nameless function takes.";

export const SLOPPY =
  'tslab leaves out "use strict", and so runs a cell as sloppy code.';

export const NAMESPACE_FORGOTTEN =
  "tslab keeps the declaration of a namespace for the next cell only.";

export const AUGMENTATION =
  "tslab ends each cell with an export of all its names, and takes `declare global` and `declare module` for names.";

export const NO_JSX = "tslab reads a cell as TypeScript without JSX.";

export const USING =
  "tslab is built on TypeScript 5.0, and `using` came with 5.2.";

export const ES_MODULE =
  "tslab makes a CommonJS module of a cell, and a package of ES modules alone cannot be required.";

export const IMPORT_ASSIGNMENT =
  "TypeScript forbids `import a = require()` in an ES module, which for tslab a cell is; the checked compiler lifts that.";

export const TYPES_TOO =
  "tslab also tells what is wrong in the types of a cell whose grammar is wrong.";

export const REGULAR_EXPRESSIONS =
  "tslab is built on TypeScript 5.0; 5.5 and later check regular expressions.";

export const TRUTHINESS =
  "tslab is built on TypeScript 5.0; 5.6 and later object to conditions that always hold.";

export const ES2023_HINT =
  "tslab is built on TypeScript 5.0, whose list of what newer libraries hold does not have this.";
