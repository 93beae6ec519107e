/**
 * An editor that opens a notebook in the language server and types into its cells.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import protocol from "vscode-languageserver/node";
import { root } from "../job.mjs";

const program = join(root, "kernel", "dist", "language-server", "main.js");

/**
 * How the notebook is sent: with a document for each cell or with one for all.
 *
 * @typedef {"cells" | "joined"} Form
 */

/** An editor with one notebook. */
export class Editor {
  /** @type {Form} */
  #form;
  /** @type {string[]} */
  #texts;
  /** @type {number[]} */
  #versions;
  #uri = pathToFileURL(join(root, "notebooks", "bench.ipynb")).href;
  #version = 1;
  #process = spawn(process.execPath, [program, "--stdio"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  #connection = protocol.createProtocolConnection(
    new protocol.StreamMessageReader(this.#process.stdout),
    new protocol.StreamMessageWriter(this.#process.stdin),
  );
  /**
   * Called with each publication.
   *
   * @type {(uri: string, version: number | undefined) => void}
   */
  #published = () => undefined;

  /**
   * @param {Form} form
   * @param {readonly string[]} texts The cells.
   */
  constructor(form, texts) {
    this.#form = form;
    this.#texts = [...texts];
    this.#versions = texts.map(() => 1);
    this.#connection.onNotification(
      "textDocument/publishDiagnostics",
      (/** @type {any} */ { uri, version }) => this.#published(uri, version),
    );
    this.#connection.listen();
  }

  /** The joined text, as JupyterLab sends it. */
  get #joined() {
    return this.#texts.map((text) => `${text}\n`).join("\n\n");
  }

  /** @param {number} cell */
  #cellUri(cell) {
    return `${this.#uri.replace("file:", "vscode-notebook-cell:")}#${cell}`;
  }

  /**
   * Opens the notebook.
   *
   * @returns {Promise<number>} The milliseconds until the last cell's errors were known.
   */
  async open() {
    await this.#connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities: {},
    });
    await this.#connection.sendNotification("initialized", {});
    const began = performance.now();
    const uri = this.#form === "cells" ? this.#lastCellUri() : this.#uri;
    const known = this.#publication(uri, 1);
    if (this.#form === "cells") await this.#openCells();
    else await this.#openJoined();
    await known;
    if (this.#form === "joined") {
      // The first publication may come before all cells are checked.
      await this.edit(this.#texts.length - 1, this.#texts.at(-1) ?? "");
    }
    return performance.now() - began;
  }

  #lastCellUri() {
    return this.#cellUri(this.#texts.length - 1);
  }

  async #openCells() {
    const cells = this.#texts.map((_, cell) => ({
      kind: 2,
      document: this.#cellUri(cell),
    }));
    await this.#connection.sendNotification("notebookDocument/didOpen", {
      notebookDocument: {
        uri: this.#uri,
        notebookType: "jupyter-notebook",
        version: 1,
        cells,
      },
      cellTextDocuments: this.#texts.map((text, cell) => ({
        uri: this.#cellUri(cell),
        languageId: "typescript",
        version: 1,
        text,
      })),
    });
  }

  async #openJoined() {
    await this.#connection.sendNotification("textDocument/didOpen", {
      textDocument: {
        uri: this.#uri,
        languageId: "typescript",
        version: 1,
        text: this.#joined,
      },
    });
  }

  /**
   * Changes a cell.
   *
   * @param {number} cell
   * @param {string} text
   * @returns {Promise<number>} The milliseconds from the notification to the cell's errors.
   */
  async edit(cell, text) {
    this.#texts[cell] = text;
    this.#version += 1;
    const isCell = this.#form === "cells";
    const version = isCell
      ? (this.#versions[cell] = (this.#versions[cell] ?? 0) + 1)
      : this.#version;
    const uri = isCell ? this.#cellUri(cell) : this.#uri;
    const known = this.#publication(uri, version);
    const began = performance.now();
    await (isCell
      ? this.#connection.sendNotification("notebookDocument/didChange", {
          notebookDocument: { uri: this.#uri, version: this.#version },
          change: {
            cells: {
              textContent: [
                { document: { uri, version }, changes: [{ text }] },
              ],
            },
          },
        })
      : this.#connection.sendNotification("textDocument/didChange", {
          textDocument: { uri, version },
          contentChanges: [{ text: this.#joined }],
        }));
    await known;
    return performance.now() - began;
  }

  /**
   * @param {string} wanted
   * @param {number} version
   */
  #publication(wanted, version) {
    return new Promise((resolve) => {
      this.#published = (uri, found) => {
        if (uri === wanted && found === version) resolve(undefined);
      };
    });
  }

  /**
   * Returns the server's CPU time so far, which depends less on other work of the machine than the
   * time that passes.
   *
   * @returns {number} In milliseconds; NaN where there is no /proc.
   */
  get processorTime() {
    try {
      const stat = readFileSync(`/proc/${this.#process.pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      // The fields 14 and 15 of proc(5), in hundredths of a second.
      return 10 * (Number(fields[11]) + Number(fields[12]));
    } catch {
      return NaN;
    }
  }

  /** Ends the server. */
  async close() {
    const ended = once(this.#process, "exit");
    await this.#connection.sendRequest("shutdown");
    await this.#connection.sendNotification("exit");
    await ended;
    this.#connection.dispose();
  }
}
