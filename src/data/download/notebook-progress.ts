/**
 * Shows the progress of a download below a notebook cell.
 */
import { display, type DisplayHandle } from "../../notebook/display";
import { escapeHtml } from "../../notebook/html";
import {
  jupyterDisplay,
  type Displayable,
  type MimeBundle,
} from "../../notebook/mime";
import {
  describeEvent,
  type DownloadEvent,
  type DownloadView,
} from "./download-event";

const UPDATE_MILLISECONDS = 300;
const NOTES_SHOWN = 3;

/** Progress event as a line of text, and as HTML with a progress bar and earlier problems. */
export class DownloadProgress implements Displayable {
  readonly #event: DownloadEvent;
  readonly #notes: readonly string[];

  /** @param notes Lines about earlier problems that stay visible. */
  constructor(event: DownloadEvent, notes: readonly string[] = []) {
    this.#event = event;
    this.#notes = notes;
  }

  toString(): string {
    return describeEvent(this.#event);
  }

  [jupyterDisplay](): MimeBundle {
    const { totalBytes, receivedBytes } = this.#event;
    const notes = this.#notes.map(
      (note) => `<div><small>${escapeHtml(note)}</small></div>`,
    );
    return {
      "text/plain": this.toString(),
      "text/html": `<div class="convnotes-progress"><progress max="${totalBytes}" value="${receivedBytes}"></progress> ${escapeHtml(this.toString())}${notes.join("")}</div>`,
    };
  }
}

/**
 * Returns a view that updates one block below the cell, or prints lines of text outside a notebook.
 */
export function notebookProgress(): DownloadView {
  return new BlockView();
}

class BlockView implements DownloadView {
  readonly #notes: string[] = [];
  #block: DisplayHandle | undefined;
  #lastUpdate = -Infinity;
  #pending: DownloadProgress | undefined;

  report(event: DownloadEvent): void {
    const progress = new DownloadProgress(
      event,
      this.#notes.slice(-NOTES_SHOWN),
    );
    if (event.note !== undefined) this.#notes.push(describeEvent(event));
    const now = performance.now();
    const isFrequent = event.stage === "receiving";
    if (isFrequent && now - this.#lastUpdate < UPDATE_MILLISECONDS) {
      this.#pending = progress;
      return;
    }
    this.#lastUpdate = now;
    this.#show(progress);
  }

  stop(): void {
    if (this.#pending !== undefined) this.#show(this.#pending);
  }

  #show(progress: DownloadProgress): void {
    this.#pending = undefined;
    if (this.#block === undefined) this.#block = display(progress);
    else this.#block.update(progress);
  }
}
