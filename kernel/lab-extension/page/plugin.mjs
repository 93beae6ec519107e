// Defines the plugin that adds the panel to JupyterLab's right sidebar and sizes stored images.

import { sizeStoredImages } from "./figures.mjs";
import { Panel } from "./panel.mjs";
import { sharedModule } from "./shared.mjs";

/** Place in the sidebar: below JupyterLab's own panels. */
const RANK = 900;

/**
 * Creates the plugin.
 *
 * @param {string} id
 * @param {import("./shared.mjs").ShareScope} scope JupyterLab's modules.
 */
export async function createPlugin(id, scope) {
  const [{ INotebookTracker }, { IRenderMimeRegistry }, { Widget }] =
    await Promise.all(
      ["@jupyterlab/notebook", "@jupyterlab/rendermime", "@lumino/widgets"].map(
        (name) => sharedModule(scope, name),
      ),
    );
  return {
    id,
    description:
      "Shows the variables of a TypeScript notebook, and stored figures at their size.",
    autoStart: true,
    requires: [INotebookTracker, IRenderMimeRegistry],
    /**
     * @param {{
     *   started: Promise<void>;
     *   shell: { add(widget: unknown, area: string, options: object): void };
     * }} app
     * @param {import("./shared.mjs").NotebookTracker} tracker
     * @param {import("./shared.mjs").RenderMime} rendermime
     */
    activate(app, tracker, rendermime) {
      // By then, other extensions have added their renderers; notebooks copy them when they open.
      void app.started.then(() => sizeStoredImages(rendermime));
      const panel = new Panel(tracker, rendermime);
      const widget = new Widget({ node: panel.node });
      widget.id = "convnotes-variables";
      widget.title.label = "Variables";
      widget.title.caption = "Variables of the notebook";
      // The panel asks the kernel only while it is visible.
      const { onAfterShow, onAfterHide } = widget;
      widget.onAfterShow = (/** @type {unknown} */ message) => {
        onAfterShow.call(widget, message);
        panel.setVisible(true);
      };
      widget.onAfterHide = (/** @type {unknown} */ message) => {
        onAfterHide.call(widget, message);
        panel.setVisible(false);
      };
      app.shell.add(widget, "right", { rank: RANK, type: "Variables" });
    },
  };
}
