/**
 * Formats the compiler's information about a name as text and Markdown.
 */
import type { Compiler } from "../compiler/compiler";
import type { JsonObject } from "../wire/message";

/**
 * Returns a MIME bundle that describes the name at the offset, or undefined if there is no
 * information. Level 1 adds its source.
 */
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
      codeBlock(signature),
      documentation,
      declared && codeBlock(declared),
    ]
      .filter(Boolean)
      .join("\n\n"),
  };
}

/** Returns a Markdown code block of TypeScript, with a fence longer than any in the code. */
function codeBlock(code: string): string {
  const longest = Math.max(
    2,
    ...[...code.matchAll(/`+/g)].map(([{ length }]) => length),
  );
  const fence = "`".repeat(longest + 1);
  return `${fence}typescript\n${code}\n${fence}`;
}
