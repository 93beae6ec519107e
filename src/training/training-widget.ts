/**
 * The widget of a training run: progress, a chart that grows, and a button that stops the run.
 */
import { Widget } from "../notebook/widget";

/** State of the widget, shared with the page. */
export type TrainingWidgetState = {
  /** The line of progress. */
  line: string;
  /** How much of the run is done, from 0 to 1. */
  done: number;
  /** The chart as SVG, and its description. */
  chart: string;
  label: string;
  /** The table at the end of the run, as HTML; empty during the run. */
  result: string;
  /** Whether the run has been asked to stop; set by the page. */
  stop: boolean;
  /** Whether a page shows the widget; set by the page. */
  shown: boolean;
};

/** Renders the widget in the browser. */
const rendering = `
export default {
  render({ model, el }) {
    const block = document.createElement("div");
    const row = document.createElement("div");
    const progress = document.createElement("progress");
    const line = document.createElement("span");
    const button = document.createElement("button");
    const chart = document.createElement("div");
    const result = document.createElement("div");
    block.className = "convnotes-training";
    progress.max = 1;
    progress.setAttribute("aria-label", "Training");
    button.type = "button";
    button.title = "End the training after the current step; the model and the history are kept";
    chart.setAttribute("role", "img");
    row.append(progress, " ", line, " ", button);
    block.append(row, chart, result);
    el.append(block);
    const show = () => {
      const ended = model.get("result") !== "";
      const stops = model.get("stop");
      progress.value = model.get("done");
      line.textContent = model.get("line");
      button.textContent = stops ? "Stopping…" : "Stop";
      button.disabled = stops;
      row.hidden = ended;
      chart.innerHTML = model.get("chart");
      chart.setAttribute("aria-label", model.get("label"));
      result.innerHTML = model.get("result");
    };
    button.addEventListener("click", () => {
      model.set("stop", true);
      model.save_changes();
      show();
    });
    for (const name of ["line", "chart", "result", "stop"]) model.on("change:" + name, show);
    show();
    if (!model.get("shown")) {
      model.set("shown", true);
      model.save_changes();
    }
  },
};
`;

const style = `
.convnotes-training { padding: 5px 8px; color: var(--jp-content-font-color1, inherit); }
.convnotes-training progress { vertical-align: middle; }
.convnotes-training button { margin-left: 0.5em; }
.convnotes-training svg { max-width: 100%; height: auto; }
.convnotes-training table { border-collapse: collapse; }
.convnotes-training th, .convnotes-training td { padding: 0.2em 0.6em; text-align: right; }
.convnotes-training thead { border-bottom: 1px solid currentColor; }
`;

/** Creates the widget of a run that begins. */
export function trainingWidget(line: string): Widget<TrainingWidgetState> {
  return new Widget<TrainingWidgetState>({
    module: rendering,
    style,
    state: {
      line,
      done: 0,
      chart: "",
      label: "",
      result: "",
      stop: false,
      shown: false,
    },
  });
}
