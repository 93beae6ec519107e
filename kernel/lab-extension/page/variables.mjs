// Asks a kernel for its variables, by the requests of Jupyter's debugger, which the kernel answers
// also when debugging is off.

/**
 * @typedef {{
 *   name: string;
 *   value: string;
 *   type?: string;
 *   variablesReference: number;
 * }} Variable
 */

let requests = 0;

/** The variables of one kernel. */
export class Variables {
  /** @param {import("./shared.mjs").KernelConnection} kernel */
  constructor(kernel) {
    this.kernel = kernel;
  }

  /** @returns {Promise<boolean>} Whether the kernel lists its variables without debugging. */
  async isKnown() {
    return (await this.kernel.info).implementation === "convnotes";
  }

  /** @returns {Promise<readonly Variable[]>} The variables of all cells. */
  async all() {
    return (await this.#ask("inspectVariables", {})).variables ?? [];
  }

  /**
   * @param {Variable} variable
   * @returns {Promise<readonly Variable[]>} A value's members; those of a long list in ranges.
   */
  async members({ variablesReference }) {
    const parameters = { variablesReference };
    return (await this.#ask("variables", parameters)).variables ?? [];
  }

  /**
   * @param {string} variableName
   * @returns {Promise<Record<string, unknown>>} What the variable looks like as a cell's last
   *   value, by MIME type.
   */
  async display(variableName) {
    return (await this.#ask("richInspectVariables", { variableName })).data;
  }

  /**
   * @param {string} command
   * @param {object} parameters
   * @returns {Promise<any>}
   */
  async #ask(command, parameters) {
    requests += 1;
    const { content } = await this.kernel.requestDebug({
      type: "request",
      seq: requests,
      command,
      arguments: parameters,
    }).done;
    if (content.success !== true) throw new Error(String(content.message));
    return content.body;
  }
}
