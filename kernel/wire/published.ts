/**
 * Declares the messages that the kernel sends without a request for them: those on iopub, and the
 * question on stdin.
 *
 * Each is declared with its section of
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html.
 */
import type { Header, JsonObject } from "./message";
import {
  anyObject,
  checkFields,
  type ContentOf,
  declare,
  defaulted,
  type Fields,
  flag,
  integer,
  list,
  mimeBundle,
  oneOf,
  optional,
  required,
  rule,
  shape,
  text,
} from "./rules";

const display = {
  data: required(mimeBundle),
  metadata: required(anyObject),
  transient: optional(shape({ display_id: optional(text) })),
};

/** All messages on iopub, by type. */
export const published = {
  status: declare("Kernel status", {
    execution_state: required(oneOf("busy", "idle", "starting")),
  }),
  execute_input: declare("Code inputs", {
    code: required(text),
    execution_count: required(integer),
  }),
  stream: declare("Streams (stdout, stderr, etc)", {
    name: required(oneOf("stdout", "stderr")),
    text: required(text),
  }),
  display_data: declare("Display Data", display),
  update_display_data: declare("Update Display Data", display),
  execute_result: declare("Execution results", {
    execution_count: required(integer),
    data: required(mimeBundle),
    metadata: required(anyObject),
  }),
  error: declare("Execution errors", {
    ename: required(text),
    evalue: required(text),
    traceback: required(list(text)),
  }),
  clear_output: declare("Clear output", { wait: required(flag) }),
  comm_open: declare("Opening a Comm", {
    comm_id: required(text),
    target_name: required(text),
    data: required(anyObject),
  }),
  comm_msg: declare("Comm Messages", {
    comm_id: required(text),
    data: required(anyObject),
  }),
  comm_close: declare("Tearing Down Comms", {
    comm_id: required(text),
    data: required(anyObject),
  }),
  debug_event: declare("Debug event", {
    type: required(oneOf("event")),
    seq: required(integer),
    event: required(text),
    body: required(anyObject),
  }),
  shutdown_reply: declare("Kernel shutdown", {
    status: required(oneOf("ok")),
    restart: required(flag),
  }),
  iopub_welcome: declare("Welcome message", { subscription: required(text) }),
} as const;

/** The content of an input_request, on stdin. */
export const question = declare(
  "Messages on the stdin (ROUTER/DEALER) channel",
  { prompt: required(text), password: defaulted(flag, false) },
);

/** The header of every message (section "Message header"). */
const header = {
  msg_id: required(text),
  session: required(text),
  username: required(text),
  date: required(
    rule<string>("a date of ISO 8601", (value) =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(String(value)),
    ),
  ),
  msg_type: required(text),
  version: required(text),
};

/** The type of a message on iopub. */
export type PublishedType = keyof typeof published;

/** The content of a message on iopub. */
export type PublishedContent<Type extends PublishedType> = ContentOf<
  (typeof published)[Type]["fields"]
>;

/** The content of an input_request. */
export type QuestionContent = ContentOf<typeof question.fields>;

/**
 * Holds a message on iopub to its declaration.
 *
 * @throws {InvalidContent} If its type is not declared, or a field breaks its rule, is missing, or
 *   is not declared.
 */
export function checkPublished(type: string, content: JsonObject): void {
  oneOf<string>(...Object.keys(published)).check(type, {
    type: "a message on iopub",
    path: "msg_type",
  });
  const fields: Fields = published[type as PublishedType].fields;
  checkFields(fields, content, type);
}

/**
 * Holds an input_request to its declaration.
 *
 * @throws {InvalidContent} If a field breaks its rule, is missing, or is not declared.
 */
export function checkQuestion(content: JsonObject): void {
  checkFields(question.fields, content, "input_request");
}

/**
 * Holds the header of a message of the kernel to the specification.
 *
 * @throws {InvalidContent} If a field breaks its rule, is missing, or is not declared.
 */
export function checkHeader(sent: Header): void {
  checkFields(header, sent, "a header");
}
