/**
 * Links of a notebook's text, for slides that are stored elsewhere.
 */
import path from "node:path";

/** A link of Markdown that is no image, with a target without a space. */
const link = /(?<!!)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g;
/** Targets that mean the same everywhere. */
const isAbsolute = /^(?:[a-z][a-z+.-]*:|#)/i;

/**
 * Returns Markdown whose links to notebooks lead to their slides. The text of a link stays, without
 * a link, if its target is a file that is not beside the slides.
 *
 * @param names The notebooks that have slides, without folder and ending.
 */
export function withLinksToSlides(
  markdown: string,
  names: readonly string[],
): string {
  return markdown.replace(link, (whole, text: string, target: string) => {
    if (isAbsolute.test(target)) return whole;
    const name = path.posix.basename(target.split("#")[0]!, ".ipynb");
    return target.split("#")[0]!.endsWith(".ipynb") && names.includes(name)
      ? `[${text}](${name}.html)`
      : text;
  });
}
