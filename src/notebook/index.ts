/**
 * What a Jupyter kernel for JavaScript and the libraries of its notebooks share.
 */
export { clock } from "./clock";
export { coded, type ErrorCode } from "./coded-error";
export { display, type DisplayHandle } from "./display";
export {
  notebookHost,
  notebookHostKey,
  type Comm,
  type CommExtras,
  type CommListener,
  type CommOpener,
  type DisplayOptions,
  type NotebookHost,
} from "./host";
export { escapeHtml } from "./html";
export {
  isDisplayable,
  jupyterDisplay,
  toMimeBundle,
  type Displayable,
  type MimeBundle,
} from "./mime";
export type { InterruptibleRuns } from "./interruptible-runs";
export type { RepairableState } from "./repairable-state";
export {
  extensionsKey,
  registerExtension,
  type ExtensionModule,
  type ExtensionRegistry,
  type RuntimeExtension,
} from "./runtime-extension";
export { base64, jsonObject, mimeBundle } from "./sendable";
export { slider, type SliderOptions, type SliderState } from "./slider";
export { table, Table, type TableOptions, type TableValue } from "./table";
export {
  tableHtml,
  tableText,
  type TableColumn,
  type TableContent,
} from "./table-format";
export type { ValueDescription, ValueDisplay } from "./value-display";
export {
  Widget,
  type WidgetListener,
  type WidgetOptions,
  type WidgetState,
} from "./widget";
