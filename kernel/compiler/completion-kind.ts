/**
 * What a name is, in the words that editors know.
 *
 * Jupyter has no list of its own: the words are those of Jedi, the library that completes Python in ipykernel. JupyterLab has colours for "function",
 * "instance", "class", "module" and "keyword", and shows the first letter of any other.
 */

/** Jupyter's words by TypeScript's (`ts.ScriptElementKind`). */
const WORDS: ReadonlyMap<string, string> = new Map([
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

/** Jupyter's word for TypeScript's; TypeScript's own ("interface", "enum", "type", "string") where Jupyter has no other. */
export function completionKind(scriptElementKind: string): string {
  return WORDS.get(scriptElementKind) ?? scriptElementKind;
}
