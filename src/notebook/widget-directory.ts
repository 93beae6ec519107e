/**
 * The open widgets, for a page that comes later or is loaded again.
 *
 * Such a page asks for all of them at once on a comm of its own
 * (https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md#control-widget-messages).
 */
import type { Comm, NotebookHost } from "./host";
import { stateMessage, type WidgetState } from "./widget-messages";

const CONTROL = "jupyter.widget.control";

/** The widgets of one notebook. */
class WidgetDirectory {
  readonly #states = new Map<string, () => WidgetState>();

  /** Lists a widget: the id of its comm, and how to get all of its state. */
  add(id: string, state: () => WidgetState): void {
    this.#states.set(id, state);
  }

  /** Lists a widget no longer. */
  remove(id: string): void {
    this.#states.delete(id);
  }

  /** Answers a page. */
  answer(comm: Comm): void {
    comm.onMessage((message) => {
      if (message.method === "request_states") this.#sendAll(comm);
    });
  }

  #sendAll(comm: Comm): void {
    const widgets = [...this.#states].map(
      ([id, state]) => [id, stateMessage(state())] as const,
    );
    const states = widgets.map(([id, { data }]) => [
      id,
      {
        model_name: data.state._model_name,
        model_module: data.state._model_module,
        model_module_version: data.state._model_module_version,
        state: data.state,
      },
    ]);
    comm.send(
      {
        method: "update_states",
        states: Object.fromEntries(states) as Record<string, unknown>,
        buffer_paths: widgets.flatMap(([id, { data }]) =>
          data.buffer_paths.map((way) => [id, ...way]),
        ),
      },
      { buffers: widgets.flatMap(([, { buffers }]) => buffers) },
    );
  }
}

const directories = new WeakMap<NotebookHost, WidgetDirectory>();

/** The directory of this notebook's widgets, which answers the page from the first call on. */
export function widgetDirectory(host: NotebookHost): WidgetDirectory {
  const known = directories.get(host);
  if (known) return known;
  const directory = new WidgetDirectory();
  directories.set(host, directory);
  host.registerCommTarget(CONTROL, (comm) => directory.answer(comm));
  return directory;
}
