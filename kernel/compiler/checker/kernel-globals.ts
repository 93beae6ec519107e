/**
 * The types of what the kernel itself gives to cells: globals (`../../runtime/input.ts`) and modules (`../../runtime/display.ts`).
 */

/** Declarations for a module that the program of cells holds. */
export const kernelGlobals = `declare global {
  /**
   * Asks the user for a line of text, and waits for it.
   *
   * @param message What to ask.
   * @param defaultValue The answer if the line is left empty.
   * @throws An InputNotAllowed error where nobody can answer, as in nbconvert.
   */
  function prompt(message?: string, defaultValue?: string): string;
  /**
   * Asks the user for a line of text that stays hidden while it is typed.
   *
   * @param message What to ask.
   */
  function prompt(message: string, options: { password: boolean }): string;
  /** Asks the user a question that is answered by y or n, and waits for it. */
  function confirm(message?: string): boolean;
  /** Tells the user something, and waits until the user has pressed Enter. */
  function alert(message?: string): void;
}
export {};
`;

/**
 * Declarations of the modules that the kernel provides, by name, for a project that has none of its own by that name. A file of such a
 * text alone declares the module for the whole program.
 */
export const kernelModules: Readonly<Record<string, string>> = {
  tslab: `declare module "tslab" {
  interface Versions {
    tslab: string;
    typescript: string;
    node: string;
  }
  /** The versions of what runs the cells. */
  export const versions: Versions;
  /** Shows rich contents in the output of a cell. */
  export interface Display {
    javascript(s: string): void;
    html(s: string): void;
    markdown(s: string): void;
    latex(s: string): void;
    svg(s: string): void;
    png(b: Uint8Array): void;
    jpeg(b: Uint8Array): void;
    gif(b: Uint8Array): void;
    pdf(b: Uint8Array): void;
    text(s: string): void;
    /** Shows data of any MIME type; bytes are sent in base64. */
    raw(contentType: string, b: string | Uint8Array): void;
  }
  /** A display that shows one thing, and from the second time on something else in its place. */
  export function newDisplay(): Display;
  /** Shows rich contents, one below the other. */
  export const display: Display;
}
`,
};
