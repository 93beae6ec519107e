/**
 * Code in Markdown, in which links and HTML mean nothing.
 */

/** A fenced block, up to its end or that of the text; or code within a line. */
const code =
  /^[ \t]*(?<fence>`{3,}|~{3,})[^\n]*(?:\n[\s\S]*?(?:^[ \t]*\k<fence>[`~]*[ \t]*$|(?![\s\S]))|(?![\s\S]))|(?<ticks>`+)(?!`)[^\n]*?(?<!`)\k<ticks>(?!`)/gm;

/**
 * Returns a Markdown text with spaces in place of its code. Line breaks stay, so that lines and
 * characters keep their places.
 */
export function withoutCode(markdown: string): string {
  return markdown.replace(code, (block) => block.replace(/[^\n]/g, " "));
}
