/**
 * Defines tests that each use a notebook of their own in one JupyterLab.
 */
import { after, before, describe, test } from "node:test";
import type { Cell } from "../lessons/notebook-file";
import { Lab, noLab } from "./lab";
import type { LabNotebook } from "./lab-notebook";

/** Defines a test with a notebook of these cells, some with outputs, and its own kernel. */
export type InNotebook = (
  title: string,
  cells: readonly (string | Cell)[],
  body: (notebook: LabNotebook, lab: Lab) => Promise<void>,
) => void;

/**
 * Defines tests in a JupyterLab that is started before them and ended after them.
 *
 * @param title What is tested.
 * @param define Defines the tests.
 */
export function describeInLab(
  title: string,
  define: (inNotebook: InNotebook) => void,
): void {
  describe(title, { skip: noLab }, () => {
    let lab: Lab;
    before(async () => {
      lab = await Lab.start();
    });
    after(() => lab?.close());
    define((testTitle, cells, body) => {
      test(testTitle, async () => {
        const name = testTitle.replace(/[^a-z0-9]+/gi, "-").slice(0, 40);
        const notebook = await lab.open(name, cells);
        try {
          await body(notebook, lab);
        } catch (error) {
          const shown = await notebook.panel.innerText().catch(String);
          throw new Error(`The notebook showed:\n${shown}`, { cause: error });
        } finally {
          await notebook.takeScreenshot();
          await notebook.close();
        }
      });
    });
  });
}
