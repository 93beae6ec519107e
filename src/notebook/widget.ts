/**
 * Interactive widgets with state shared between the page and a cell's code.
 *
 * A widget has a state, which both sides share, and a JavaScript module that renders it in the
 * browser. It uses the protocol of Jupyter's widgets
 * (https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md) and is
 * rendered by anywidget (https://anywidget.dev), which setup installs.
 */
import { coded } from "./coded-error";
import { notebookHost, type Comm } from "./host";
import { jupyterDisplay, type Displayable, type MimeBundle } from "./mime";
import { widgetDirectory } from "./widget-directory";
import {
  renderingState,
  stateMessage,
  type WidgetState,
} from "./widget-messages";

/** Version of the widget message protocol. */
const PROTOCOL = "2.1.0";

export type { WidgetState };

/** Module, style and initial state of a widget. */
export interface WidgetOptions<State extends WidgetState> {
  /**
   * An ES module that renders the widget: `export default { render({ model, el }) { … } }`, where
   * `model` has `get`, `set`, `save_changes` and `on("change:name", …)`.
   */
  readonly module: string;
  /**
   * CSS for the module's elements. It applies to the whole page, so selectors should use a class
   * specific to the widget.
   */
  readonly style?: string;
  /** The initial state. */
  readonly state: State;
}

/** A listener for changes that come from the page. */
export type WidgetListener<State extends WidgetState> = (
  state: Readonly<State>,
  changed: readonly (keyof State & string)[],
) => void;

/** A widget. It is displayed as a cell's last value. */
export class Widget<State extends WidgetState> implements Displayable {
  readonly #options: WidgetOptions<State>;
  readonly #listeners = new Set<WidgetListener<State>>();
  #state: State;
  #comm: Comm | undefined;

  /** @throws A TypeError if a state name begins with "_", which the protocol reserves. */
  constructor(options: WidgetOptions<State>) {
    const reserved = Object.keys(options.state).find((name) =>
      name.startsWith("_"),
    );
    if (reserved !== undefined) {
      throw coded(
        "ERR_INVALID_VALUE",
        new TypeError(
          `Expected names of a widget's state that do not begin with "_", received "${reserved}"`,
        ),
      );
    }
    this.#options = options;
    this.#state = { ...options.state };
  }

  /** The current state. */
  get state(): Readonly<State> {
    return this.#state;
  }

  /**
   * Updates part of the state, here and on the page. Does not call listeners, which are for changes
   * by the reader.
   */
  set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    this.#send(change);
  }

  /**
   * Registers a listener for the reader's changes. It receives the new state and the names of the
   * changed fields.
   */
  onChange(listener: WidgetListener<State>): this {
    this.#listeners.add(listener);
    // The kernel shows a listener's output in the cell that registered it, so the comm must be open
    // by now.
    this.#open();
    return this;
  }

  /** Removes the widget from the page. */
  close(): void {
    const host = notebookHost();
    if (this.#comm === undefined || host === undefined) return;
    widgetDirectory(host).remove(this.#comm.id);
    this.#comm.close();
    this.#comm = undefined;
  }

  [jupyterDisplay](): MimeBundle {
    const text = `Widget ${JSON.stringify(this.#state)}`;
    const comm = this.#open();
    if (comm === undefined) return { "text/plain": text };
    return {
      "application/vnd.jupyter.widget-view+json": {
        version_major: 2,
        version_minor: 1,
        model_id: comm.id,
      },
      "text/plain": text,
    };
  }

  /** Opens the comm to the page, if there is a notebook. */
  #open(): Comm | undefined {
    const host = notebookHost();
    if (this.#comm !== undefined || host === undefined) return this.#comm;
    const { data, buffers } = stateMessage(this.#wholeState());
    const comm = host.openComm(
      "jupyter.widget",
      { ...data },
      { metadata: { version: PROTOCOL }, buffers },
    );
    comm.onMessage((message, received) => this.#receive(message, received));
    widgetDirectory(host).add(comm.id, () => this.#wholeState());
    this.#comm = comm;
    return comm;
  }

  /** Returns the widget's state and its rendering state. */
  #wholeState(): WidgetState {
    const { module, style } = this.#options;
    return { ...renderingState(module, style), ...this.#state };
  }

  #receive(
    message: Record<string, unknown>,
    buffers: readonly Uint8Array[],
  ): void {
    if (message.method === "request_state") this.#send(this.#wholeState());
    if (message.method !== "update") return;
    const { state, buffer_paths: paths } = message as {
      state: Partial<State>;
      buffer_paths?: readonly (readonly string[])[];
    };
    const change: Partial<State> = { ...state };
    paths?.forEach(([name], index) => {
      change[name as keyof State] = buffers[index] as State[keyof State];
    });
    this.#state = { ...this.#state, ...change };
    const changed = Object.keys(change);
    for (const listener of this.#listeners) listener(this.#state, changed);
  }

  #send(state: WidgetState): void {
    const { data, buffers } = stateMessage(state);
    this.#comm?.send({ method: "update", ...data }, { buffers });
  }
}
