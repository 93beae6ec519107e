/**
 * Maps TypeScript's kinds of symbols to the kinds of completions that Jupyter front ends know.
 *
 * Jupyter does not define a list. The kinds are those of Jedi, the library that completes Python in
 * ipykernel. JupyterLab has colors for "function", "instance", "class", "module" and "keyword",
 * and shows the first letter of any other kind.
 */

/** Jupyter's kinds by TypeScript's (`ts.ScriptElementKind`). */
const KINDS: ReadonlyMap<string, string> = new Map([
  ["keyword", "keyword"],
  ["const", "instance"],
  ["let", "instance"],
  ["var", "instance"],
  ["local var", "instance"],
  ["using", "instance"],
  ["await using", "instance"],
  ["parameter", "param"],
  ["function", "function"],
  ["local function", "function"],
  ["method", "function"],
  ["call", "function"],
  ["construct", "function"],
  ["constructor", "function"],
  ["class", "class"],
  ["local class", "class"],
  ["property", "property"],
  ["accessor", "property"],
  ["getter", "property"],
  ["setter", "property"],
  ["enum member", "property"],
  ["JSX attribute", "property"],
  ["module", "module"],
  ["external module name", "module"],
  ["script", "module"],
  ["directory", "path"],
  ["primitive type", "type"],
  ["type parameter", "type"],
]);

/**
 * Returns Jupyter's kind for a kind of TypeScript, or TypeScript's own ("interface", "enum",
 * "type", "string") if Jupyter has none.
 */
export function completionKind(scriptElementKind: string): string {
  return KINDS.get(scriptElementKind) ?? scriptElementKind;
}
