/**
 * What a file is, by its name.
 */
import { sep } from "node:path";

const TYPESCRIPT = /\.(?:[cm]?ts|tsx)$/;
const DECLARATION = /\.d(?:\.[^./\\]+)?\.[cm]?ts$/;

/** Whether a file only declares what another one does. */
export function isDeclaration(path: string): boolean {
  return DECLARATION.test(path);
}

/** Whether a file is TypeScript that runs. */
export function isTypeScript(path: string): boolean {
  return TYPESCRIPT.test(path) && !isDeclaration(path);
}

/** Whether Node has to be given a file as other text than it holds. */
export function isCompiled(path: string): boolean {
  return isTypeScript(path) || path.endsWith(".jsx");
}

/** Whether a file belongs to an installed package. */
export function isInstalled(path: string): boolean {
  return path.includes(`${sep}node_modules${sep}`);
}

/** The files that a declaration file may stand for, the likeliest first. */
export function declaredFiles(declaration: string): readonly string[] {
  const arbitrary = /^(.*)\.d\.([^./\\]+)\.ts$/.exec(declaration);
  if (arbitrary) return [`${arbitrary[1]}.${arbitrary[2]}`];
  const [, base, kind] = /^(.*)\.d\.([cm]?)ts$/.exec(declaration) ?? [];
  if (base === undefined) return [];
  return kind === "" ? [`${base}.js`, `${base}.jsx`] : [`${base}.${kind}js`];
}

/** The JavaScript that a package may have been built to beside its TypeScript. */
export function builtFiles(typescript: string): readonly string[] {
  const [, base, kind] = /^(.*)\.([cm]?)tsx?$/.exec(typescript) ?? [];
  return base === undefined ? [] : [`${base}.${kind}js`];
}
