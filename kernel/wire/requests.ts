/**
 * Declares the messages that the kernel handles, and checks each once, when it has arrived.
 *
 * Each is declared with its section of
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html. A required field with a second
 * argument is one that clients may leave out all the same.
 */
import type { Message } from "./message";
import {
  anyObject,
  type ContentOf,
  declare,
  defaulted,
  dictionary,
  type Fields,
  flag,
  integer,
  oneOf,
  optional,
  readContent,
  required,
  text,
} from "./rules";

/** All messages that clients send and the kernel handles, by type. */
export const requests = {
  execute_request: declare("Execute", {
    code: required(text, ""),
    silent: defaulted(flag, false),
    store_history: defaulted(flag, true),
    user_expressions: defaulted(dictionary(text), {}),
    allow_stdin: defaulted(flag, true),
    stop_on_error: defaulted(flag, true),
  }),
  inspect_request: declare("Introspection", {
    code: required(text, ""),
    /** In code points. Absent for the end of the code. */
    cursor_pos: optional(integer),
    detail_level: defaulted(oneOf(0, 1), 0),
  }),
  complete_request: declare("Completion", {
    code: required(text, ""),
    /** In code points. Absent for the end of the code. */
    cursor_pos: optional(integer),
  }),
  history_request: declare("History", {
    output: defaulted(flag, false),
    raw: defaulted(flag, true),
    hist_access_type: required(oneOf("range", "tail", "search"), "tail"),
    session: defaulted(integer, 0),
    start: defaulted(integer, 0),
    stop: optional(integer),
    n: optional(integer),
    pattern: defaulted(text, "*"),
    unique: defaulted(flag, false),
  }),
  is_complete_request: declare("Code completeness", {
    code: required(text, ""),
  }),
  comm_info_request: declare("Comm info", {
    /** Absent for all targets. */
    target_name: optional(text),
  }),
  kernel_info_request: declare("Kernel info", {}),
  shutdown_request: declare("Kernel shutdown", {
    restart: required(flag, false),
  }),
  interrupt_request: declare("Kernel interrupt", {}),
  create_subshell_request: declare("Create subshell", {}),
  delete_subshell_request: declare("Delete subshell", {
    subshell_id: required(text),
  }),
  list_subshell_request: declare("List subshells", {}),
  debug_request: declare("Debug request", {
    type: defaulted(text, "request"),
    seq: required(integer, 0),
    command: required(text, ""),
    arguments: defaulted(anyObject, {}),
  }),
  comm_open: declare("Opening a Comm", {
    comm_id: required(text),
    target_name: required(text, ""),
    data: required(anyObject, {}),
  }),
  comm_msg: declare("Comm Messages", {
    comm_id: required(text),
    data: required(anyObject, {}),
  }),
  comm_close: declare("Tearing Down Comms", {
    comm_id: required(text),
    data: required(anyObject, {}),
  }),
  input_reply: declare(
    "Messages on the stdin (ROUTER/DEALER) channel",
    // Nothing but `value` is in the reply; its `status` is not sent by all clients.
    { value: required(text, "") },
  ),
} as const;

/** The type of a message that the kernel handles. */
export type RequestType = keyof typeof requests;

/** The checked content of a request. */
export type RequestContent<Type extends RequestType> = ContentOf<
  (typeof requests)[Type]["fields"]
>;

/** A request whose content has been checked. */
export interface Request<Type extends RequestType> {
  readonly type: Type;
  readonly content: RequestContent<Type>;
  /** The message that it came in, to which the replies refer. */
  readonly message: Message;
}

/** A request of one of these types, by default of any, which its `type` tells. */
export type AnyRequest<Type extends RequestType = RequestType> = {
  readonly [Each in Type]: Request<Each>;
}[Type];

/** An execute_request. */
export type ExecuteRequest = Request<"execute_request">;

/** The type of a message of a comm. */
export type CommType = "comm_open" | "comm_msg" | "comm_close";

/** A message of a comm. */
export type CommRequest = AnyRequest<CommType>;

/** Whether the kernel handles messages of this type. */
export function isRequestType(type: string): type is RequestType {
  return Object.hasOwn(requests, type);
}

/**
 * Checks a received message of a type that the kernel handles.
 *
 * @throws {InvalidContent} If a field breaks its rule, or is required and absent.
 */
export function readRequest(message: Message, type: RequestType): AnyRequest {
  const { fields } = requests[type];
  return {
    type,
    content: readContent<Fields>(fields, message.content, type),
    message,
  } as AnyRequest;
}
