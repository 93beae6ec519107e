/**
 * The output block of a training run, which is updated in place.
 *
 * During the run it is a widget with a chart and a Stop button where a user can see one, and a line
 * of progress elsewhere. At the end it is the table of epochs with an image of the curves, which
 * is saved with the notebook.
 */
import { display, type DisplayHandle } from "../notebook/display";
import { notebookHost } from "../notebook/host";
import { escapeHtml } from "../notebook/html";
import { jupyterDisplay, type MimeBundle } from "../notebook/mime";
import type { Widget } from "../notebook/widget";
import type { History } from "./history";
import type { Progress } from "./progress";
import { StepCurve } from "./step-curve";
import {
  type ChartCurve,
  describeChart,
  trainingChart,
} from "./training-chart";
import { trainingWidget, type TrainingWidgetState } from "./training-widget";

/** How long a page may take to show the widget, in milliseconds, before the block does without. */
const millisecondsToShow = 3000;

/** How many widgets of ended runs stay open, for pages that are reloaded. */
const mostEnded = 20;

/** The open widgets of ended runs, the latest last. */
const ended: Widget<TrainingWidgetState>[] = [];

/** How many epochs the horizontal axis shows during a run: at least, and for each trained one. */
const leastShown = 4;
const growthFactor = 1.25;

/** Minimum number of epochs of an image: one point is no curve. */
const leastEpochs = 2;

/** The state of a run at one moment. */
export interface TrainingState {
  readonly progress: Progress;
  /** The epochs trained so far, such as 1.5. */
  readonly trained: number;
  /** The number of epochs requested. */
  readonly epochs: number;
  /** Mean loss of the steps since the last state; undefined if there were none. */
  readonly loss: number | undefined;
  /** The curves of the completed epochs, by name. */
  readonly curves: Readonly<Record<string, readonly number[]>>;
}

/** The block of one run. */
export class TrainingBlock {
  readonly #handle: DisplayHandle;
  readonly #steps = new StepCurve();
  #widget: Widget<TrainingWidgetState> | undefined;
  readonly #began = performance.now();

  /**
   * Displays the block.
   *
   * @param first The state at the beginning.
   * @param stop Called when the user presses the Stop button.
   */
  constructor(first: Progress, stop: () => void) {
    // A program that executes notebooks would store a widget's whole state.
    if (notebookHost()?.isInteractive?.() === true) {
      this.#widget = trainingWidget(first.toString()).onChange(
        (state, changed) => {
          if (changed.includes("stop") && state.stop) stop();
        },
      );
    }
    this.#handle = display({
      ...this.#widget?.[jupyterDisplay](),
      // For pages without widgets.
      ...first[jupyterDisplay](),
    });
  }

  /** Shows the state of the run. */
  update(state: TrainingState): void {
    if (state.loss !== undefined) this.#steps.add(state.trained, state.loss);
    const widget = this.#widget;
    if (widget === undefined) {
      this.#handle.update(state.progress);
      return;
    }
    widget.set({
      line: state.progress.toString(),
      done: state.trained / state.epochs,
      ...this.#chart(state),
    });
    const isLate = performance.now() - this.#began > millisecondsToShow;
    if (widget.state.shown || !isLate) return;
    widget.close();
    this.#widget = undefined;
    this.#handle.update(state.progress);
  }

  /** Shows the result of the run. */
  end(history: History): void {
    const bundle = finished(history);
    this.#handle.update(bundle);
    const widget = this.#widget;
    if (widget === undefined) return;
    // A page that was reloaded during the run shows the widget, and not updates of the block.
    const result = String(bundle["text/html"]);
    widget.set({ result, chart: "", label: "", done: 1 });
    ended.push(widget);
    if (ended.length > mostEnded) ended.shift()!.close();
  }

  #chart(state: TrainingState): { chart: string; label: string } {
    const steps = { name: "loss", points: this.#steps.points };
    const others = Object.entries(state.curves).flatMap(([name, values]) =>
      name === "loss" ? [] : [{ name, points: perEpoch(values) }],
    );
    const curves = [steps, ...others];
    const { trained, epochs } = state;
    const wanted = Math.max(leastShown, Math.ceil(trained * growthFactor));
    return {
      chart: trainingChart(curves, Math.min(epochs, wanted)),
      label: describeChart(curves),
    };
  }
}

/** Returns the table of a history, with an image of its curves if it has enough epochs. */
function finished(history: History): MimeBundle {
  const bundle = history[jupyterDisplay]();
  if (history.epochs.length < leastEpochs) return bundle;
  const curves = Object.entries(history.curves).map(
    ([name, values]): ChartCurve => ({ name, points: perEpoch(values) }),
  );
  const chart = trainingChart(curves, history.epochs.length, "white");
  const address = `data:image/svg+xml;base64,${Buffer.from(chart).toString("base64")}`;
  const image = `<img src="${address}" alt="${escapeHtml(describeChart(curves))}" style="max-width: 100%">`;
  return { ...bundle, "text/html": `${String(bundle["text/html"])}\n${image}` };
}

function perEpoch(values: readonly number[]): ChartCurve["points"] {
  return values.map((value, index) => [index + 1, value] as const);
}
