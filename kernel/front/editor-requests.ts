/**
 * Handles requests for completion, inspection and code completeness
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html#completion and the sections after
 * it).
 *
 * Clients count in code points, TypeScript in UTF-16 code units.
 */
import type { Compiler } from "../compiler/compiler";
import { type JsonObject, textOf } from "../wire/message";
import { toCodePoints, toCodeUnits } from "./code-points";
import { describeName } from "./description";
import type { Handler } from "./handler";
import { nameQuestion } from "./pager";

/** Returns the handlers and their request types. */
export function editorHandlers(compiler: Compiler): [string, Handler][] {
  return [
    ["complete_request", (content) => complete(compiler, content)],
    ["inspect_request", (content) => inspect(compiler, content)],
    ["is_complete_request", (content) => isComplete(compiler, content)],
  ];
}

async function complete(
  compiler: Compiler,
  { code, cursor_pos }: JsonObject,
): Promise<JsonObject> {
  const source = textOf(code);
  const offset = toCodeUnits(source, Number(cursor_pos ?? source.length));
  const list = await compiler.complete(source, offset);
  const start = toCodePoints(source, list.start);
  const end = toCodePoints(source, list.end);
  return {
    status: "ok",
    matches: list.entries.map(({ name }) => name),
    cursor_start: start,
    cursor_end: end,
    metadata: {
      // An extension of ipykernel that JupyterLab and VS Code read: one entry per match, in order.
      _jupyter_types_experimental: list.entries.map(
        ({ name, kind, signature }) => ({
          text: name,
          type: kind,
          start,
          end,
          ...(signature === undefined ? {} : { signature }),
        }),
      ),
    },
  };
}

async function inspect(
  compiler: Compiler,
  { code, cursor_pos, detail_level }: JsonObject,
): Promise<JsonObject> {
  const source = textOf(code);
  const offset = toCodeUnits(source, Number(cursor_pos ?? source.length));
  const level = detail_level === 1 ? 1 : 0;
  const data = await describeName(compiler, source, offset, level);
  const found = data !== undefined;
  return { status: "ok", found, data: data ?? {}, metadata: {} };
}

async function isComplete(
  compiler: Compiler,
  { code }: JsonObject,
): Promise<JsonObject> {
  const source = textOf(code);
  if (nameQuestion(source)) return { status: "complete" };
  const { status, indent } = await compiler.completeness(source);
  return status === "incomplete" ? { status, indent } : { status };
}
