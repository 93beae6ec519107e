/**
 * Formats TypeScript's "quick info" (what an editor shows on hover) as text and Markdown.
 */

interface DisplayPart {
  readonly text: string;
}

interface Tag {
  readonly name: string;
  readonly text?: readonly DisplayPart[];
}

/** The fields of `ts.QuickInfo` used here; every TypeScript version has them. */
interface QuickInfo {
  readonly displayParts?: readonly DisplayPart[];
  readonly documentation?: readonly DisplayPart[];
  readonly tags?: readonly Tag[] | undefined;
}

/** Headings of documentation sections with the JSDoc tags they contain, in display order. */
const HEADINGS: readonly [heading: string, names: readonly string[]][] = [
  ["Deprecated", ["deprecated"]],
  ["Parameters", ["param", "arg", "argument"]],
  ["Type parameters", ["typeParam", "template"]],
  ["Returns", ["returns", "return"]],
  ["Throws", ["throws", "exception"]],
  ["Examples", ["example"]],
];

/** Tags for other tools, such as the headings of a website in `@doc`. */
const HIDDEN_TAGS = new Set([
  "doc",
  "internal",
  "hidden",
  "packageDocumentation",
]);

const join = (parts: readonly DisplayPart[] = []): string =>
  parts.map((part) => part.text).join("");

/** Returns the signature, such as "(alias) function scale(images: NdArray): tf.Tensor4D". */
export function signature(info: QuickInfo): string {
  return join(info.displayParts);
}

/**
 * Returns the doc comment as Markdown: its text, sections such as "Parameters", then a list of
 * other tags.
 */
export function documentation(info: QuickInfo): string {
  const tags = (info.tags ?? []).filter(({ name }) => !HIDDEN_TAGS.has(name));
  const sections = HEADINGS.map(([heading, names]) => {
    const found = tags.filter(({ name }) => names.includes(name));
    if (found.length === 0) return "";
    return `**${heading}**\n\n${sectionOf(heading, found.map(textOf))}`.trim();
  });
  const known = new Set(HEADINGS.flatMap(([, names]) => names));
  const others = tags
    .filter(({ name }) => !known.has(name))
    .map((tag) => `- *@${tag.name}* ${textOf(tag)}`.trimEnd());
  return [withLinks(join(info.documentation)), ...sections, others.join("\n")]
    .filter((text) => text !== "")
    .join("\n\n");
}

function textOf(tag: Tag): string {
  return withLinks(join(tag.text)).trim();
}

function sectionOf(heading: string, texts: readonly string[]): string {
  if (heading === "Examples") return texts.map(exampleOf).join("\n\n");
  if (heading.endsWith("arameters")) return texts.map(parameterOf).join("\n");
  return texts.join("\n\n");
}

/** Formats "radius - In meters." as a list item with the name as code. */
function parameterOf(text: string): string {
  const [, name = "", rest = ""] =
    /^(\S+)\s*(?:[-:]\s+)?([^]*)$/.exec(text) ?? [];
  const lines = rest.replaceAll("\n", "\n  ");
  return lines === "" ? `- \`${name}\`` : `- \`${name}\`: ${lines}`;
}

/**
 * Formats an example as a code block, unless it is already Markdown. A `<caption>` is placed above
 * it.
 */
function exampleOf(text: string): string {
  const [, caption = "", code = ""] =
    /^(?:<caption>([^]*?)<\/caption>)?\s*([^]*)$/.exec(text) ?? [];
  const block = code.includes("```")
    ? code
    : `\`\`\`typescript\n${code}\n\`\`\``;
  return caption === "" ? block : `${caption}\n\n${block}`;
}

/** Replaces `{@link name text}` with Markdown: a URL becomes a link, a name becomes code. */
function withLinks(text: string): string {
  return text.replace(
    /\{@link(?:code|plain)?\s+([^\s|}]+)(?:\s*\|\s*|\s+)?([^}]*)\}/g,
    (_all, target: string, label: string) => {
      const shown = label.trim();
      if (/^https?:/.test(target)) return `[${shown || target}](${target})`;
      return shown === "" ? `\`${target}\`` : shown;
    },
  );
}
