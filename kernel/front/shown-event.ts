/**
 * Converts what a cell prints and displays to messages on iopub.
 */
import type { ShownEvent } from "../runtime/channel";
import type { PublishedContent, PublishedType } from "../wire/published";

/** An event whose message belongs to the output of a cell. */
type OutputEvent = Extract<
  ShownEvent,
  { readonly kind: "stream" | "clear" | "display" }
>;

/** Publishes a message on iopub. */
export type Publish = <Type extends PublishedType>(
  type: Type,
  content: PublishedContent<Type>,
) => void;

/** Publishes an event of the runtime. */
export function publishOutput(event: OutputEvent, publish: Publish): void {
  switch (event.kind) {
    case "stream":
      publish("stream", { name: event.name, text: event.text });
      return;
    case "clear":
      publish("clear_output", { wait: event.wait });
      return;
    case "display": {
      const { data, metadata, displayId, update } = event;
      const transient =
        displayId === undefined ? {} : { display_id: displayId };
      const content = { data, metadata, transient };
      publish(update ? "update_display_data" : "display_data", content);
    }
  }
}
