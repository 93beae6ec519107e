// Lists variables in a table whose rows unfold.

import { element } from "./element.mjs";

/** @typedef {import("./variables.mjs").Variable} Variable */

/** Indentation of the members of a value, in em. */
const INDENT = 1.2;

/** The table of the variables. */
export class VariableRows {
  /** @param {{ show(variable: Variable): void }} listener Called to display a variable. */
  constructor(listener) {
    this.listener = listener;
    this.body = element("tbody", {});
    this.table = element(
      "table",
      {},
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          ...["Name", "Type", "Value"].map((title) =>
            element("th", { scope: "col" }, title),
          ),
        ),
      ),
      this.body,
    );
    /** Names of the variables that are unfolded. */
    this.unfolded = new Set();
    this.wanted = "";
    /** @type {import("./variables.mjs").Variables | undefined} */
    this.variables = undefined;
  }

  /**
   * Shows these variables. Those that were unfolded stay so.
   *
   * @param {readonly Variable[]} all
   * @param {import("./variables.mjs").Variables | undefined} variables Reads their members.
   */
  fill(all, variables) {
    this.variables = variables;
    this.body.replaceChildren(...all.map((each) => this.#row(each, 0)));
    this.filter(this.wanted);
    for (const row of [...this.body.querySelectorAll("tr")]) {
      if (!this.unfolded.has(row.dataset.name)) continue;
      row.querySelector("button")?.click();
    }
  }

  /** @param {string} text Shows only variables whose name contains it. */
  filter(text) {
    this.wanted = text;
    let isShown = true;
    for (const row of this.body.querySelectorAll("tr")) {
      if (row.dataset.level === "0") {
        const name = row.dataset.name ?? "";
        isShown = name.toLowerCase().includes(text.toLowerCase());
      }
      row.hidden = !isShown;
    }
  }

  /**
   * @param {Variable} variable
   * @param {number} level
   * @returns {HTMLElement}
   */
  #row(variable, level) {
    const { name, type = "", value, variablesReference } = variable;
    const heading = element("th", {
      scope: "row",
      style: `padding-left: ${0.6 + level * INDENT}em`,
    });
    const row = element(
      "tr",
      { "data-level": String(level), "data-name": name },
      heading,
      element("td", { title: type }, type),
      level === 0
        ? element("td", { title: value }, this.#opener(variable))
        : element("td", { title: value }, value),
    );
    if (variablesReference > 0) {
      heading.append(this.#folder(variable, level, row));
    } else heading.append(name);
    return row;
  }

  /** @param {Variable} variable */
  #opener(variable) {
    const opener = element(
      "button",
      { type: "button", "aria-label": `Show ${variable.name}` },
      variable.value,
    );
    opener.addEventListener("click", () => this.listener.show(variable));
    return opener;
  }

  /**
   * Creates the button that unfolds a variable.
   *
   * @param {Variable} variable
   * @param {number} level
   * @param {HTMLElement} row
   */
  #folder(variable, level, row) {
    const mark = element("span", { "aria-hidden": "true" }, "▸ ");
    const button = element(
      "button",
      { type: "button", "aria-expanded": "false" },
      mark,
      variable.name,
    );
    const setOpen = (/** @type {boolean} */ isOpen) => {
      button.setAttribute("aria-expanded", String(isOpen));
      mark.textContent = isOpen ? "▾ " : "▸ ";
      if (level > 0) return;
      if (isOpen) this.unfolded.add(variable.name);
      else this.unfolded.delete(variable.name);
    };
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-expanded") === "true") {
        removeMembers(row, level);
        setOpen(false);
        return;
      }
      setOpen(true);
      void this.#unfold(variable, level + 1, row);
    });
    return button;
  }

  /**
   * Adds a value's members below its row.
   *
   * @param {Variable} variable
   * @param {number} level
   * @param {HTMLElement} row
   */
  async #unfold(variable, level, row) {
    const members = (await this.variables?.members(variable)) ?? [];
    // The table may have been filled again meanwhile.
    if (!row.isConnected) return;
    row.after(...members.map((member) => this.#row(member, level)));
  }
}

/**
 * Removes the rows of a value's members.
 *
 * @param {HTMLElement} row
 * @param {number} level
 */
function removeMembers(row, level) {
  for (;;) {
    const next = /** @type {HTMLElement | null} */ (row.nextElementSibling);
    if (next === null || Number(next.dataset.level) <= level) return;
    next.remove();
  }
}
