/**
 * Things on the page that a reader moves and that code hears of.
 *
 * A widget is a state that both sides know, and a module in JavaScript that draws it in the browser. It speaks the protocol of
 * Jupyter's widgets (https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md) and is drawn by anywidget
 * (https://anywidget.dev), which the set-up installs.
 */
import { notebookHost, type Comm } from "./host";
import { jupyterDisplay, type Displayable, type MimeBundle } from "./mime";
import { widgetDirectory } from "./widget-directory";
import {
  drawingState,
  stateMessage,
  type WidgetState,
} from "./widget-messages";

/** Version of the protocol of widgets' messages. */
const PROTOCOL = "2.1.0";

export type { WidgetState };

/** What a widget is made of. */
export interface WidgetOptions<State extends WidgetState> {
  /**
   * An ES module that draws it: `export default { render({ model, el }) { … } }`, where `model` has `get`, `set`, `save_changes` and
   * `on("change:name", …)`.
   */
  readonly module: string;
  /** Styles for what the module draws. They hold for the whole page, so their selectors had better name a class of the widget's own. */
  readonly style?: string;
  /** The state at the beginning. */
  readonly state: State;
}

/** Hears of a change that came from the page. */
export type WidgetListener<State extends WidgetState> = (
  state: Readonly<State>,
  changed: readonly (keyof State & string)[],
) => void;

/** A widget. As a cell's last value it shows itself. */
export class Widget<State extends WidgetState> implements Displayable {
  readonly #options: WidgetOptions<State>;
  readonly #listeners = new Set<WidgetListener<State>>();
  #state: State;
  #comm: Comm | undefined;

  /** @throws A TypeError if the state has a name that begins with "_", as the protocol's own do. */
  constructor(options: WidgetOptions<State>) {
    const reserved = Object.keys(options.state).find((name) =>
      name.startsWith("_"),
    );
    if (reserved !== undefined) {
      throw new TypeError(
        `Expected names of a widget's state that do not begin with "_", received "${reserved}"`,
      );
    }
    this.#options = options;
    this.#state = { ...options.state };
  }

  /** The state as it is now. */
  get state(): Readonly<State> {
    return this.#state;
  }

  /** Changes a part of the state, here and on the page. Listeners are not called: they hear of the reader's changes. */
  set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    this.#send(change);
  }

  /** Calls the listener, from now on, with the state after each change that the reader makes, and the names of what has changed. */
  onChange(listener: WidgetListener<State>): this {
    this.#listeners.add(listener);
    // The kernel shows what a listener prints in the cell that has set it, so the line must be open by now.
    this.#open();
    return this;
  }

  /** Takes the widget off the page. */
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

  /** Opens the line to the page; there is none in plain Node. */
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

  /** The state, and how it is drawn. */
  #wholeState(): WidgetState {
    const { module, style } = this.#options;
    return { ...drawingState(module, style), ...this.#state };
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
