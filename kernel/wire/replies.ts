/**
 * Declares the replies of the kernel.
 *
 * Each is declared with its section of
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html.
 */
import type { RequestType } from "./requests";
import type { JsonObject } from "./message";
import {
  anyObject,
  checkFields,
  type ContentOf,
  declare,
  type Declaration,
  dictionary,
  either,
  type Fields,
  flag,
  integer,
  list,
  mimeBundle,
  oneOf,
  optional,
  required,
  type Rule,
  rule,
  shape,
  text,
} from "./rules";

const ok = required(oneOf("ok"));

/** The fields of every reply with the status "error" (section "Request-Reply"). */
const errorFields = {
  status: required(oneOf("error")),
  ename: required(text),
  evalue: required(text),
  traceback: required(list(text)),
};

/** The fields of a reply with the status "aborted", and of no other. */
const abortedFields = { status: required(oneOf("aborted")) };

/** An entry of a history: its output only if the request asks for outputs. */
export type HistoryEntry = readonly [
  session: number,
  line: number,
  input: string | readonly [input: string, output: string | null],
];

const historyEntry: Rule<HistoryEntry> = rule(
  "a list of a session, a line and an input",
  (value) =>
    Array.isArray(value) &&
    value.length === 3 &&
    Number.isInteger(value[0]) &&
    Number.isInteger(value[1]) &&
    (typeof value[2] === "string" ||
      (Array.isArray(value[2]) &&
        value[2].length === 2 &&
        typeof value[2][0] === "string" &&
        (value[2][1] === null || typeof value[2][1] === "string"))),
);

/** The value of a user expression. */
const expressionValue = either(
  shape({
    status: ok,
    data: required(mimeBundle),
    metadata: required(anyObject),
  }),
  shape(errorFields),
);

/** The value of a user expression, or its error. */
export type ExpressionValue = ReturnType<typeof expressionValue.check>;

/** The kernel's only payload, which shows a page of help. */
const pagePayload = shape({
  source: required(oneOf("page")),
  data: required(mimeBundle),
  start: required(integer),
});

/** A payload that shows a page of help. */
export type PagePayload = ReturnType<typeof pagePayload.check>;

/** Matches of a completion with their kinds, an extension of ipykernel that clients read. */
const completionMetadata = shape({
  _jupyter_types_experimental: optional(
    list(
      shape({
        text: required(text),
        type: required(text),
        start: required(integer),
        end: required(integer),
        signature: optional(text),
      }),
    ),
  ),
});

/** All replies, by the type of their requests: their fields when the request succeeds. */
export const replies = {
  execute_request: declare("Execution results", {
    status: ok,
    execution_count: required(integer),
    user_expressions: required(dictionary(expressionValue)),
    payload: required(list(pagePayload)),
  }),
  inspect_request: declare("Introspection", {
    status: ok,
    found: required(flag),
    data: required(mimeBundle),
    metadata: required(anyObject),
  }),
  complete_request: declare("Completion", {
    status: ok,
    matches: required(list(text)),
    cursor_start: required(integer),
    cursor_end: required(integer),
    metadata: required(completionMetadata),
  }),
  history_request: declare("History", {
    status: ok,
    history: required(list(historyEntry)),
  }),
  is_complete_request: declare("Code completeness", {
    status: required(oneOf("complete", "incomplete", "invalid", "unknown")),
    /** For "incomplete" only. */
    indent: optional(text),
  }),
  comm_info_request: declare("Comm info", {
    status: ok,
    comms: required(dictionary(shape({ target_name: required(text) }))),
  }),
  kernel_info_request: declare("Kernel info", {
    status: ok,
    protocol_version: required(
      rule<string>("a version such as 5.5", (value) =>
        /^\d+\.\d+$/.test(String(value)),
      ),
    ),
    implementation: required(text),
    implementation_version: required(text),
    language_info: required(
      shape({
        name: required(text),
        version: required(text),
        mimetype: required(text),
        file_extension: required(text),
        pygments_lexer: optional(text),
        codemirror_mode: optional(either(text, anyObject)),
        nbconvert_exporter: optional(text),
      }),
    ),
    banner: required(text),
    debugger: optional(flag),
    supported_features: optional(list(text)),
    help_links: optional(
      list(shape({ text: required(text), url: required(text) })),
    ),
  }),
  shutdown_request: declare("Kernel shutdown", {
    status: ok,
    restart: required(flag),
  }),
  interrupt_request: declare("Kernel interrupt", { status: ok }),
  create_subshell_request: declare("Create subshell", {
    status: ok,
    subshell_id: required(text),
  }),
  delete_subshell_request: declare("Delete subshell", { status: ok }),
  list_subshell_request: declare("List subshells", {
    status: ok,
    subshell_id: required(list(text)),
  }),
  // A response of the Debug Adapter Protocol, which has no status.
  debug_request: declare("Debug request", {
    type: required(oneOf("response")),
    seq: required(integer),
    request_seq: required(integer),
    success: required(flag),
    command: required(text),
    message: optional(text),
    body: required(anyObject),
  }),
} as const satisfies Partial<Record<RequestType, Declaration>>;

/** The fields of failed executions, with some that successful ones have too, as in ipykernel. */
const failedExecution = {
  ...errorFields,
  execution_count: required(integer),
  user_expressions: required(anyObject),
  payload: required(list(pagePayload)),
};

/** The type of a request that is replied to. */
export type RepliedType = keyof typeof replies;

/** Whether a message of this type is replied to. */
export function isReplied(type: string): type is RepliedType {
  return Object.hasOwn(replies, type);
}

/** The content of the error reply to any request but an execute_request. */
export type ErrorContent = ContentOf<typeof errorFields>;

/** The content of a reply. */
export type ReplyContent<Type extends RepliedType> =
  | ContentOf<(typeof replies)[Type]["fields"]>
  | (Type extends "execute_request"
      ? ContentOf<typeof failedExecution> | ContentOf<typeof abortedFields>
      : ErrorContent);

/**
 * Holds the content of a reply to its declaration.
 *
 * @throws {InvalidContent} If a field breaks its rule, is missing, or is not declared.
 */
export function checkReply(type: RepliedType, content: JsonObject): void {
  checkFields(
    replyFields(type, content.status),
    content,
    `the reply to ${type}`,
  );
}

function replyFields(type: RepliedType, status: unknown): Fields {
  const isExecution = type === "execute_request";
  if (status === "error") return isExecution ? failedExecution : errorFields;
  if (status === "aborted" && isExecution) return abortedFields;
  return replies[type].fields;
}
