/**
 * A slider widget for a number.
 */
import { coded } from "./coded-error";
import { Widget } from "./widget";

/** Range, initial value and label of a slider. */
export interface SliderOptions {
  /** Minimum; 0 by default. */
  readonly min?: number;
  /** Maximum; 100 by default. */
  readonly max?: number;
  /** Step between values; 1 by default. */
  readonly step?: number;
  /** Initial value; the minimum by default. */
  readonly value?: number;
  /** Text before the slider; empty by default. */
  readonly label?: string;
}

/** State shared by a slider and the page. */
export type SliderState = {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly label: string;
  value: number;
};

/** Renders the slider in the browser. */
const rendering = `
export default {
  render({ model, el }) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    const output = document.createElement("output");
    input.type = "range";
    for (const name of ["min", "max", "step", "value"]) input[name] = model.get(name);
    const show = () => {
      input.value = model.get("value");
      output.textContent = model.get("value");
    };
    input.addEventListener("input", () => {
      model.set("value", Number(input.value));
      model.save_changes();
    });
    // Without this, JupyterLab handles these keys as commands for the notebook's cells.
    const keys = /^(Arrow(Left|Right|Up|Down)|Page(Up|Down)|Home|End)$/;
    input.addEventListener("keydown", (event) => {
      if (keys.test(event.key)) event.stopPropagation();
    });
    model.on("change:value", show);
    label.append(model.get("label") + " ", input, output);
    label.className = "convnotes-slider";
    el.append(label);
    show();
  },
};
`;

const style = `
.convnotes-slider { display: block; padding: 5px 8px; }
.convnotes-slider input { vertical-align: middle; width: 20em; margin: 0 0.5em; }
`;

/**
 * Creates a slider. `slider({ max: 10 }).onChange(({ value }) => …)` is called on each move;
 * `.state.value` is the current value.
 *
 * @throws A RangeError if the minimum is not below the maximum, the step is not positive, or the
 *   value is out of range.
 */
export function slider(options: SliderOptions = {}): Widget<SliderState> {
  const { min = 0, max = 100, step = 1, value = min, label = "" } = options;
  if (!(min < max)) {
    throw coded(
      "ERR_INVALID_VALUE",
      new RangeError(
        `Expected \`min\` to be below \`max\`, received ${min} and ${max}`,
      ),
    );
  }
  if (!(step > 0)) {
    throw coded(
      "ERR_INVALID_VALUE",
      new RangeError(
        `Expected \`step\` to be a positive number, received ${step}`,
      ),
    );
  }
  if (!(value >= min && value <= max)) {
    throw coded(
      "ERR_INVALID_VALUE",
      new RangeError(
        `Expected \`value\` to be from ${min} to ${max}, received ${value}`,
      ),
    );
  }
  const state: SliderState = { min, max, step, label, value };
  return new Widget<SliderState>({
    module: rendering,
    style,
    state,
  });
}
