/**
 * Messages between widgets and the page
 * (https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md).
 */
import { createHash } from "node:crypto";

/** A widget's state: names with values that are JSON-serializable or bytes. */
export type WidgetState = Record<string, unknown>;

/** State in a message, with binary buffers and their paths. */
export interface StateMessage {
  readonly data: {
    readonly state: WidgetState;
    readonly buffer_paths: readonly (readonly string[])[];
  };
  readonly buffers: readonly Uint8Array[];
}

/** Converts a state to its message format: bytes are moved to buffers. */
export function stateMessage(state: WidgetState): StateMessage {
  const entries = Object.entries(state);
  const isBytes = ([, value]: [string, unknown]) => value instanceof Uint8Array;
  const bytes = entries.filter(isBytes) as [string, Uint8Array][];
  return {
    data: {
      state: Object.fromEntries(entries.filter((each) => !isBytes(each))),
      buffer_paths: bytes.map(([name]) => [name]),
    },
    buffers: bytes.map(([, value]) => value),
  };
}

/**
 * Returns the state that anywidget needs to render a widget, in addition to the widget's own state.
 */
export function renderingState(module: string, style?: string): WidgetState {
  return {
    _model_module: "anywidget",
    _model_module_version: "*",
    _model_name: "AnyModel",
    _view_module: "anywidget",
    _view_module_version: "*",
    _view_name: "AnyView",
    _view_count: null,
    _esm: module,
    ...(style === undefined
      ? {}
      : { _css: style, _anywidget_id: styleId(style) }),
  };
}

/**
 * Returns the identifier under which anywidget adds a style to the page, once per style. Without an
 * identifier anywidget ignores the style.
 */
function styleId(style: string): string {
  const digest = createHash("sha256").update(style).digest("hex");
  return `convnotes-${digest.slice(0, 16)}`;
}
