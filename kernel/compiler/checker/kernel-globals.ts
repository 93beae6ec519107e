/**
 * Declares the types of the globals (`../../runtime/input.ts`) and modules
 * (`../../runtime/display.ts`) that the kernel provides to cells.
 */

/** Global declarations, for a module that is part of the cells' program. */
export const kernelGlobals = `declare global {
  /**
   * Asks the user for a line of text and waits for the answer.
   *
   * @param message The text of the prompt.
   * @param defaultValue The result if the answer is empty.
   * @throws An InputNotAllowed error if the front end does not support input, as in nbconvert.
   */
  function prompt(message?: string, defaultValue?: string): string;
  /**
   * Asks the user for a line of text that is hidden while it is typed.
   *
   * @param message The text of the prompt.
   */
  function prompt(message: string, options: { password: boolean }): string;
  /** Asks the user a question and waits for the answer y or n. */
  function confirm(message?: string): boolean;
  /** Shows a message and waits until the user has pressed Enter. */
  function alert(message?: string): void;
}
export {};
`;

/**
 * Declarations of the modules that the kernel provides, by name.
 *
 * They are used if the project has no module of that name. A file with only this text declares the
 * module for the whole program.
 */
export const kernelModules: Readonly<Record<string, string>> = {
  tslab: `declare module "tslab" {
  interface Versions {
    tslab: string;
    typescript: string;
    node: string;
  }
  /** The versions of the components that run the cells. */
  export const versions: Versions;
  /** Shows rich content in the output of a cell. */
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
    /** Shows data of any MIME type; bytes are encoded in base64. */
    raw(contentType: string, b: string | Uint8Array): void;
  }
  /** Creates a display whose content each further call replaces. */
  export function newDisplay(): Display;
  /** Shows rich content; each call adds an output. */
  export const display: Display;
}
`,
};
