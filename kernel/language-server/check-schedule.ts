/**
 * Checks the cells of a notebook after a change: the edited cells first, then those that depend on
 * them. Between two cells it lets the server receive messages; a further change starts again.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Notebook } from "./notebook";

/** How long to wait for further changes, in milliseconds: editors send several at once. */
const QUIET_MILLISECONDS = 10;

/** How long errors of later cells are collected before they are published, in milliseconds. */
const COLLECTED_MILLISECONDS = 250;

/** How long after the last check the checker may be replaced, in milliseconds. */
const IDLE_MILLISECONDS = 500;

/**
 * Publishes the errors of a notebook: always for these documents, which are then removed, else for
 * those whose errors differ.
 */
type Publish = (changed: Set<string>) => void;

/** The checks of one notebook. */
export class CheckSchedule {
  readonly #notebook: Notebook;
  readonly #publish: Publish;
  readonly #report: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  /** Counts the changes; a check that was started for an earlier one ends. */
  #change = 0;
  /** The documents that have changed since their errors were published. */
  readonly #changed = new Set<string>();

  /**
   * @param notebook The notebook.
   * @param publish Called as soon as the edited cells are checked, and again later.
   * @param report Receives errors of the server itself.
   */
  constructor(
    notebook: Notebook,
    publish: Publish,
    report: (error: unknown) => void,
  ) {
    this.#notebook = notebook;
    this.#publish = publish;
    this.#report = report;
  }

  /** Checks the notebook after a change of these documents, and cancels a check that runs. */
  start(changed: ReadonlySet<string> = new Set()): void {
    for (const uri of changed) this.#changed.add(uri);
    this.stop();
    this.#timer = setTimeout(() => {
      this.#run(this.#change).catch(this.#report);
    }, QUIET_MILLISECONDS);
  }

  /** Cancels the check. */
  stop(): void {
    this.#change += 1;
    clearTimeout(this.#timer);
  }

  async #run(change: number): Promise<void> {
    const notebook = this.#notebook;
    notebook.update();
    let published = performance.now();
    let isEditedPublished = false;
    for (;;) {
      const [cell] = notebook.unchecked;
      const now = performance.now();
      const isDue = now - published > COLLECTED_MILLISECONDS;
      const isEditedChecked: boolean = !isEditedPublished && !cell?.isEdited;
      if (isEditedChecked || isDue || cell === undefined) {
        this.#publish(this.#changed);
        isEditedPublished ||= isEditedChecked;
        published = now;
      }
      if (cell === undefined) break;
      notebook.check(cell);
      await nextTurn();
      if (change !== this.#change) return;
    }
    this.#timer = setTimeout(() => notebook.tidy(), IDLE_MILLISECONDS);
    this.#timer.unref();
  }
}
