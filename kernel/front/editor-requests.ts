/**
 * Handles requests for completion, inspection and code completeness
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html#completion and the sections after
 * it).
 *
 * Clients count in code points, TypeScript in UTF-16 code units.
 */
import type { Compiler } from "../compiler/compiler";
import type { ReplyContent } from "../wire/replies";
import type { RequestContent } from "../wire/requests";
import { toCodePoints, toCodeUnits } from "./code-points";
import { describeName } from "./description";
import type { Handlers } from "./handler";
import { nameQuestion } from "./pager";

/** Returns the handlers by request type. */
export function editorHandlers(
  compiler: Compiler,
): Handlers<"complete_request" | "inspect_request" | "is_complete_request"> {
  return {
    complete_request: (content) => complete(compiler, content),
    inspect_request: (content) => inspect(compiler, content),
    is_complete_request: (content) => isComplete(compiler, content),
  };
}

async function complete(
  compiler: Compiler,
  { code, cursor_pos = code.length }: RequestContent<"complete_request">,
): Promise<ReplyContent<"complete_request">> {
  const offset = toCodeUnits(code, cursor_pos);
  const list = await compiler.complete(code, offset);
  const start = toCodePoints(code, list.start);
  const end = toCodePoints(code, list.end);
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
  {
    code,
    cursor_pos = code.length,
    detail_level,
  }: RequestContent<"inspect_request">,
): Promise<ReplyContent<"inspect_request">> {
  const offset = toCodeUnits(code, cursor_pos);
  const data = await describeName(compiler, code, offset, detail_level);
  const found = data !== undefined;
  return { status: "ok", found, data: data ?? {}, metadata: {} };
}

async function isComplete(
  compiler: Compiler,
  { code }: RequestContent<"is_complete_request">,
): Promise<ReplyContent<"is_complete_request">> {
  if (nameQuestion(code)) return { status: "complete" };
  const { status, indent } = await compiler.completeness(code);
  return status === "incomplete" ? { status, indent } : { status };
}
