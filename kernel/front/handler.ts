/**
 * Defines the handlers of requests that are answered immediately.
 */
import type { JsonObject } from "../wire/message";

/** Returns the content of the reply to a request with the given content. */
export type Handler = (content: JsonObject) => JsonObject | Promise<JsonObject>;
