/**
 * A number that the reader moves.
 */
import { Widget } from "./widget";

/** A slider's range, and where it stands at the beginning. */
export interface SliderOptions {
  /** The least value; 0 unless told otherwise. */
  readonly min?: number;
  /** The greatest value; 100 unless told otherwise. */
  readonly max?: number;
  /** The distance of two values; 1 unless told otherwise. */
  readonly step?: number;
  /** The value at the beginning; the least unless told otherwise. */
  readonly value?: number;
  /** A word before it. */
  readonly label?: string;
}

/** What a slider and its page both know. */
export type SliderState = {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly label: string;
  value: number;
};

/** Draws the slider in the browser. */
const drawing = `
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
    // JupyterLab takes these keys otherwise, for the notebook's cells.
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
 * A slider. `slider({ max: 10 }).onChange(({ value }) => …)` hears of each move; `.state.value` is where it stands.
 *
 * @throws A RangeError if the least value is not below the greatest, the step is not positive, or the value is not between them.
 */
export function slider(options: SliderOptions = {}): Widget<SliderState> {
  const { min = 0, max = 100, step = 1, value = min, label = "" } = options;
  if (!(min < max)) {
    throw new RangeError(`Expected min below max, received ${min} and ${max}`);
  }
  if (!(step > 0)) {
    throw new RangeError(`Expected a positive step, received ${step}`);
  }
  if (!(value >= min && value <= max)) {
    throw new RangeError(
      `Expected a value from ${min} to ${max}, received ${value}`,
    );
  }
  const state: SliderState = { min, max, step, label, value };
  return new Widget<SliderState>({
    module: drawing,
    style,
    state,
  });
}
