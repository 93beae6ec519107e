/**
 * Defines the handlers of requests that are answered immediately.
 */
import type { ErrorContent, ReplyContent } from "../wire/replies";
import type { AnyRequest, Request, RequestContent } from "../wire/requests";
import { errorContent } from "./refusal";

/** The requests that are answered immediately and leave cells and their variables as they are. */
export type AnsweredType =
  | "kernel_info_request"
  | "complete_request"
  | "inspect_request"
  | "is_complete_request"
  | "history_request"
  | "comm_info_request"
  | "create_subshell_request"
  | "delete_subshell_request"
  | "list_subshell_request";

/** Returns the content of the reply to a request with the given content. */
export type Handler<Type extends AnsweredType> = (
  content: RequestContent<Type>,
) => ReplyContent<Type> | Promise<ReplyContent<Type>>;

/** A handler for each of these requests. */
export type Handlers<Types extends AnsweredType = AnsweredType> = {
  readonly [Type in Types]: Handler<Type>;
};

/** Whether a request is answered by a handler. */
export function hasHandler(
  handlers: Handlers,
  request: AnyRequest,
): request is AnyRequest<AnsweredType> {
  return Object.hasOwn(handlers, request.type);
}

/**
 * Returns the handler's reply, or an error reply if it fails, because every request needs a reply.
 */
export async function answer<Type extends AnsweredType>(
  handlers: Handlers,
  { type, content }: Request<Type>,
): Promise<ReplyContent<Type> | ErrorContent> {
  try {
    const handler: Handler<Type> = handlers[type];
    return await handler(content);
  } catch (thrown) {
    return errorContent(thrown as Error);
  }
}
