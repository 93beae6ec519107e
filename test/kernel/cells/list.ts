/** The list of cells that runs through both compilers. */
import { classes } from "./classes";
import { corners } from "./corners";
import { declarations, variables } from "./declarations";
import { exported } from "./exports";
import { functions, generators } from "./functions";
import { grammar, syntax } from "./grammar";
import { loops } from "./loops";
import { asynchronous, modules } from "./modules";
import type { Topic } from "./notebook";
import { destructuring, scopes } from "./scopes";
import { lines, statements } from "./statements";
import { enumsAndNamespaces, types } from "./types";
import { values } from "./values";

/** All topics, in the order of the table. */
export const topics: readonly Topic[] = [
  values,
  declarations,
  variables,
  functions,
  generators,
  classes,
  types,
  enumsAndNamespaces,
  statements,
  lines,
  scopes,
  loops,
  destructuring,
  modules,
  exported,
  asynchronous,
  grammar,
  syntax,
  corners,
];
