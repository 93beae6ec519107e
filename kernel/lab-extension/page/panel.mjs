// Shows the variables of the current notebook, which are read again after each cell.

import { element } from "./element.mjs";
import { VariableRows } from "./rows.mjs";
import { Variables } from "./variables.mjs";

/** How long to wait for further cells before the variables are read, in milliseconds. */
const WAIT = 200;

const STYLE = `
.convnotes-variables { display: flex; flex-direction: column; height: 100%; overflow: hidden;
  color: var(--jp-ui-font-color1); background: var(--jp-layout-color1); font-size: var(--jp-ui-font-size1); }
.convnotes-variables header, .convnotes-variables footer { padding: 6px 8px; }
.convnotes-variables h2 { font-size: inherit; margin: 0 0 4px; }
.convnotes-variables input { width: 100%; box-sizing: border-box; }
.convnotes-variables .scroll { flex: 1; overflow: auto; }
.convnotes-variables table { width: 100%; border-collapse: collapse; }
.convnotes-variables th, .convnotes-variables td { text-align: left; vertical-align: top; padding: 2px 8px;
  white-space: nowrap; font-weight: normal; font-family: var(--jp-code-font-family); font-size: var(--jp-code-font-size); }
.convnotes-variables thead th { position: sticky; top: 0; background: var(--jp-layout-color2); font-weight: bold; }
.convnotes-variables td { max-width: 20em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.convnotes-variables tbody button { all: unset; cursor: pointer; }
.convnotes-variables tbody button:focus-visible { outline: 2px solid var(--jp-brand-color1); }
.convnotes-variables footer { max-height: 50%; overflow: auto; border-top: 1px solid var(--jp-border-color2); }
`;

/** The panel in the sidebar. */
export class Panel {
  /**
   * @param {import("./shared.mjs").NotebookTracker} tracker
   * @param {import("./shared.mjs").RenderMime} rendermime
   */
  constructor(tracker, rendermime) {
    this.rendermime = rendermime;
    this.title = element("h2", {}, "Variables");
    this.note = element("div", { role: "status" });
    this.filter = /** @type {HTMLInputElement} */ (
      element("input", {
        type: "search",
        placeholder: "Filter by name",
        "aria-label": "Filter by name",
      })
    );
    this.detail = element("footer", { hidden: "" });
    this.rows = new VariableRows({
      show: (variable) => void this.#showDetail(variable),
    });
    this.node = element(
      "section",
      { class: "convnotes-variables", "aria-label": "Variables" },
      element("style", {}, STYLE),
      element("header", {}, this.title, this.filter, this.note),
      element("div", { class: "scroll", tabindex: "0" }, this.rows.table),
      this.detail,
    );
    this.filter.addEventListener("input", () =>
      this.rows.filter(this.filter.value),
    );
    this.isVisible = false;
    /** @type {import("./shared.mjs").NotebookPanel | null} */
    this.notebook = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Variables | undefined} */
    this.variables = undefined;
    tracker.currentChanged.connect((_, notebook) => this.#follow(notebook));
    this.#follow(tracker.currentWidget);
  }

  /** @param {boolean} isVisible */
  setVisible(isVisible) {
    this.isVisible = isVisible;
    this.#readLater();
  }

  /** @param {import("./shared.mjs").NotebookPanel | null} notebook */
  #follow(notebook) {
    if (notebook === this.notebook) return;
    const before = this.notebook?.sessionContext;
    before?.iopubMessage.disconnect(this.#received);
    before?.kernelChanged.disconnect(this.#readLater);
    before?.statusChanged.disconnect(this.#readLater);
    this.notebook = notebook;
    const context = notebook?.sessionContext;
    context?.iopubMessage.connect(this.#received);
    context?.kernelChanged.connect(this.#readLater);
    context?.statusChanged.connect(this.#readLater);
    this.#hideDetail();
    this.#readLater();
  }

  /**
   * @param {unknown} _sender
   * @param {import("./shared.mjs").KernelMessage} message
   */
  #received = (_sender, { header, parent_header: parent, content }) => {
    const isEnd =
      header.msg_type === "status" && content.execution_state === "idle";
    if (isEnd && parent.msg_type === "execute_request") this.#readLater();
  };

  #readLater = () => {
    clearTimeout(this.timer);
    if (!this.isVisible) return;
    this.timer = setTimeout(() => void this.#read(), WAIT);
  };

  async #read() {
    const kernel = this.notebook?.sessionContext.session?.kernel;
    this.title.textContent = this.notebook
      ? `Variables of ${this.notebook.title.label}`
      : "Variables";
    if (!kernel) {
      this.#empty("No notebook with a running kernel is selected.");
      return;
    }
    const variables = new Variables(kernel);
    try {
      if (!(await variables.isKnown())) {
        this.#empty("The kernel of this notebook lists no variables here.");
        return;
      }
      const all = await variables.all();
      // The user may have chosen another notebook meanwhile.
      if (kernel !== this.notebook?.sessionContext.session?.kernel) return;
      this.variables = variables;
      this.rows.fill(all, variables);
      this.note.textContent =
        all.length === 0 ? "No cell has declared a variable yet." : "";
    } catch (error) {
      this.#empty(`The variables could not be read: ${String(error)}`);
    }
  }

  /** @param {string} text */
  #empty(text) {
    this.rows.fill([], undefined);
    this.note.textContent = text;
    this.#hideDetail();
  }

  #hideDetail() {
    this.detail.hidden = true;
    this.detail.replaceChildren();
  }

  /**
   * Shows a variable as a cell's output would: a tensor as an image or a table, a model as a
   * summary.
   *
   * @param {import("./variables.mjs").Variable} variable
   */
  async #showDetail({ name }) {
    const close = element(
      "button",
      { type: "button", "aria-label": "Close" },
      "✕",
    );
    close.addEventListener("click", () => this.#hideDetail());
    const body = element("div", {});
    this.detail.replaceChildren(element("strong", {}, name), " ", close, body);
    this.detail.hidden = false;
    try {
      const data = (await this.variables?.display(name)) ?? {};
      const type = this.rendermime.preferredMimeType(data);
      if (type === undefined) {
        body.textContent = "This value has no display.";
        return;
      }
      const model = this.rendermime.createModel({ data, trusted: true });
      const renderer = this.rendermime.createRenderer(type);
      await renderer.renderModel(model);
      body.append(renderer.node);
    } catch (error) {
      body.textContent = String(error);
    }
  }
}
