/**
 * Answers requests whose content breaks a rule of the specification.
 */
import type { JsonObject } from "../wire/message";
import type { PublishedContent } from "../wire/published";
import { type ErrorContent, isReplied } from "../wire/replies";

/** What the reply to an execute_request has even if it failed, as in ipykernel. */
export const NO_RESULTS = { user_expressions: {}, payload: [] } as const;

/** Returns the content of an error reply. */
export function errorContent(error: Error): ErrorContent {
  return {
    status: "error",
    ename: error.name,
    evalue: error.message,
    traceback: [error.stack ?? error.message],
  };
}

/** Returns the error that a client sees; the stack of a refusal is of no use to it. */
export function errorOf({ name, message }: Error): PublishedContent<"error"> {
  return {
    ename: name,
    evalue: message,
    traceback: [`${name}: ${message}`],
  };
}

/**
 * Returns the reply to a request with invalid content, or undefined if messages of its type have no
 * reply.
 *
 * @param type The type of the request.
 * @param error The rule that is broken.
 * @param count The number of the latest counted cell.
 */
export function refusal(
  type: string,
  error: Error,
  count: number,
): JsonObject | undefined {
  if (!isReplied(type)) return undefined;
  const content: ErrorContent = { status: "error", ...errorOf(error) };
  return type === "execute_request"
    ? { ...content, ...NO_RESULTS, execution_count: count }
    : content;
}
