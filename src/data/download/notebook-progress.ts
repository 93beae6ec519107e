/**
 * A download as it is seen below a notebook's cell.
 */
import { display, type DisplayHandle } from "../../notebook/display";
import {
  escapeHtml,
  jupyterDisplay,
  type Displayable,
  type MimeBundle,
} from "../../notebook/mime";
import {
  describeMoment,
  type DownloadMoment,
  type DownloadView,
} from "./download-moment";

const UPDATE_MILLISECONDS = 300;
const NOTES_SHOWN = 3;

/** A moment in one line of text, and as HTML with a bar and what went wrong before. */
export class DownloadProgress implements Displayable {
  readonly #moment: DownloadMoment;
  readonly #notes: readonly string[];

  /** @param notes Lines about earlier moments that are worth staying. */
  constructor(moment: DownloadMoment, notes: readonly string[] = []) {
    this.#moment = moment;
    this.#notes = notes;
  }

  toString(): string {
    return describeMoment(this.#moment);
  }

  [jupyterDisplay](): MimeBundle {
    const { totalBytes, receivedBytes } = this.#moment;
    const notes = this.#notes.map(
      (note) => `<div><small>${escapeHtml(note)}</small></div>`,
    );
    return {
      "text/plain": this.toString(),
      "text/html": `<div class="convnotes-progress"><progress max="${totalBytes}" value="${receivedBytes}"></progress> ${escapeHtml(this.toString())}${notes.join("")}</div>`,
    };
  }
}

/** One block below the cell that is rewritten as the download goes on; in plain Node lines of text. */
export function notebookProgress(): DownloadView {
  return new BlockView();
}

class BlockView implements DownloadView {
  readonly #notes: string[] = [];
  #block: DisplayHandle | undefined;
  #lastUpdate = -Infinity;
  #heldBack: DownloadProgress | undefined;

  report(moment: DownloadMoment): void {
    const progress = new DownloadProgress(
      moment,
      this.#notes.slice(-NOTES_SHOWN),
    );
    if (moment.note !== undefined) this.#notes.push(describeMoment(moment));
    const now = performance.now();
    const isPassing = moment.stage === "receiving";
    if (isPassing && now - this.#lastUpdate < UPDATE_MILLISECONDS) {
      this.#heldBack = progress;
      return;
    }
    this.#lastUpdate = now;
    this.#show(progress);
  }

  stop(): void {
    if (this.#heldBack !== undefined) this.#show(this.#heldBack);
  }

  #show(progress: DownloadProgress): void {
    this.#heldBack = undefined;
    if (this.#block === undefined) this.#block = display(progress);
    else this.#block.update(progress);
  }
}
