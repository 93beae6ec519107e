/**
 * Classifies files by name.
 */
import { sep } from "node:path";

const TYPESCRIPT = /\.(?:[cm]?ts|tsx)$/;
const DECLARATION = /\.d(?:\.[^./\\]+)?\.[cm]?ts$/;

/** Whether a file is a declaration file. */
export function isDeclaration(path: string): boolean {
  return DECLARATION.test(path);
}

/** Whether a file is TypeScript other than a declaration file. */
export function isTypeScript(path: string): boolean {
  return TYPESCRIPT.test(path) && !isDeclaration(path);
}

/** Whether a file has to be compiled for Node. */
export function isCompiled(path: string): boolean {
  return isTypeScript(path) || path.endsWith(".jsx");
}

/** Whether a file belongs to an installed package. */
export function isInstalled(path: string): boolean {
  return path.includes(`${sep}node_modules${sep}`);
}

/** Returns the files that a declaration file may describe, the most likely first. */
export function declaredFiles(declaration: string): readonly string[] {
  const arbitrary = /^(.*)\.d\.([^./\\]+)\.ts$/.exec(declaration);
  if (arbitrary) return [`${arbitrary[1]}.${arbitrary[2]}`];
  const [, base, kind] = /^(.*)\.d\.([cm]?)ts$/.exec(declaration) ?? [];
  if (base === undefined) return [];
  return kind === "" ? [`${base}.js`, `${base}.jsx`] : [`${base}.${kind}js`];
}

/** Returns the JavaScript files that a package may contain next to its TypeScript. */
export function builtFiles(typescript: string): readonly string[] {
  const [, base, kind] = /^(.*)\.([cm]?)tsx?$/.exec(typescript) ?? [];
  return base === undefined ? [] : [`${base}.${kind}js`];
}
