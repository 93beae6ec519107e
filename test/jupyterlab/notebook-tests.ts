/**
 * Defines tests that each use a notebook of their own in JupyterLab.
 */
import { test } from "node:test";
import type { Lab } from "./lab";
import type { LabNotebook } from "./lab-notebook";

/** Defines a test with a notebook of these cells and its own kernel. */
export type InNotebook = (
  title: string,
  cells: readonly string[],
  body: (notebook: LabNotebook) => Promise<void>,
) => void;

/**
 * Returns a function that defines tests.
 *
 * @param lab Returns the running JupyterLab.
 */
export function notebookTests(lab: () => Lab): InNotebook {
  return (title, cells, body) => {
    test(title, async () => {
      const name = title.replace(/[^a-z0-9]+/gi, "-").slice(0, 40);
      const notebook = await lab().open(name, cells);
      try {
        await body(notebook);
      } catch (error) {
        const shown = await notebook.panel.innerText().catch(String);
        throw new Error(`The notebook showed:\n${shown}`, { cause: error });
      } finally {
        await notebook.takeScreenshot();
        await notebook.close();
      }
    });
  };
}
