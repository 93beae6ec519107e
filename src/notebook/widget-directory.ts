/**
 * Registry of the open widgets, for pages that connect later or are reloaded.
 *
 * Such a page requests the state of all widgets on a separate comm
 * (https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md#control-widget-messages).
 */
import type { Comm, NotebookHost } from "./host";
import { stateMessage, type WidgetState } from "./widget-messages";

const CONTROL = "jupyter.widget.control";

/** The open widgets of one notebook. */
class WidgetDirectory {
  readonly #states = new Map<string, () => WidgetState>();

  /** Adds a widget: the id of its comm, and a function that returns its whole state. */
  add(id: string, state: () => WidgetState): void {
    this.#states.set(id, state);
  }

  /** Removes a widget. */
  remove(id: string): void {
    this.#states.delete(id);
  }

  /** Answers state requests on a comm that a page opened. */
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
          data.buffer_paths.map((path) => [id, ...path]),
        ),
      },
      { buffers: widgets.flatMap(([, { buffers }]) => buffers) },
    );
  }
}

const directories = new WeakMap<NotebookHost, WidgetDirectory>();

/** Returns the directory of a notebook's widgets. The first call registers the comm target. */
export function widgetDirectory(host: NotebookHost): WidgetDirectory {
  const existing = directories.get(host);
  if (existing) return existing;
  const directory = new WidgetDirectory();
  directories.set(host, directory);
  host.registerCommTarget(CONTROL, (comm) => directory.answer(comm));
  return directory;
}
