/**
 * What widgets and the page write to each other
 * (https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md).
 */
import { createHash } from "node:crypto";

/** A widget's state: names and values that JSON can carry, or bytes. */
export type WidgetState = Record<string, unknown>;

/** A part of a message, and the bytes that travel beside it, each with the way to its place. */
export interface StateMessage {
  readonly data: {
    readonly state: WidgetState;
    readonly buffer_paths: readonly (readonly string[])[];
  };
  readonly buffers: readonly Uint8Array[];
}

/** A state as its messages carry it: bytes travel beside the rest. */
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

/** What the page must know to draw a widget by anywidget, beside the state that the widget's module reads. */
export function drawingState(module: string, style?: string): WidgetState {
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

/** The name under which anywidget puts a style into the page; without one it leaves the style out. The same style stands there once. */
function styleId(style: string): string {
  const digest = createHash("sha256").update(style).digest("hex");
  return `convnotes-${digest.slice(0, 16)}`;
}
