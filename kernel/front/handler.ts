/**
 * The front process's form: how a request that is answered at once is answered.
 */
import type { JsonObject } from "../wire/message";

/** Answers a request by the content of its reply. */
export type Handler = (content: JsonObject) => JsonObject | Promise<JsonObject>;
