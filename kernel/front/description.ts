/**
 * The front process's words for what the compiler knows of a name.
 */
import type { Compiler } from "../compiler/compiler";
import type { JsonObject } from "../wire/message";

/** What is known of the name at the offset, as text and as Markdown; level 1 adds its source. */
export async function describeName(
  compiler: Compiler,
  source: string,
  offset: number,
  level: 0 | 1,
): Promise<JsonObject | undefined> {
  const found = await compiler.inspect(source, offset);
  if (found === undefined) return undefined;
  const { signature, documentation } = found;
  const declared = level === 1 ? found.source : undefined;
  return {
    "text/plain": [signature, documentation, declared]
      .filter(Boolean)
      .join("\n\n"),
    "text/markdown": [
      inFence(signature),
      documentation,
      declared && inFence(declared),
    ]
      .filter(Boolean)
      .join("\n\n"),
  };
}

/** A block of TypeScript in Markdown, its fence longer than any in the text. */
function inFence(code: string): string {
  const longest = Math.max(
    2,
    ...[...code.matchAll(/`+/g)].map(([{ length }]) => length),
  );
  const fence = "`".repeat(longest + 1);
  return `${fence}typescript\n${code}\n${fence}`;
}
