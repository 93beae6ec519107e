// Adapts VitePress's Markdown: links and anchors as on code hosts, HTML of notebooks, search.

/** @typedef {import("vitepress").MarkdownRenderer} MarkdownRenderer */

/**
 * Returns the anchor of a heading, as code hosts make it, so that links between documents work on
 * both.
 *
 * @param {string} heading Text without Markdown.
 */
export function slug(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, "")
    .replaceAll(" ", "-");
}

/**
 * Adds to a renderer what the site needs.
 *
 * @param {MarkdownRenderer} md
 * @param {Record<string, Record<string, string | null>>} links For a page's source, links as
 *   written and as on the site; null for what the site does not have.
 */
export function adaptMarkdown(md, links) {
  md.core.ruler.push("convnotes-links", ({ tokens, env }) => {
    const known = links[env.relativePath] ?? {};
    for (const { children } of tokens) {
      /** @type {boolean[]} */
      const open = [];
      for (const token of children ?? []) {
        const image =
          token.type === "image" && known[token.attrGet("src") ?? ""];
        if (image) token.attrSet("src", image);
        if (token.type === "link_open") {
          if (token.attrGet("class") === "header-anchor")
            token.attrSet("tabindex", "-1");
          const place = known[token.attrGet("href") ?? ""];
          if (typeof place === "string") token.attrSet("href", place);
          open.push(place === null);
          if (place === null) asText(token);
        } else if (token.type === "link_close" && open.pop()) {
          asText(token);
        }
      }
    }
  });

  // Indented code, as in doc comments, gets the box and the colors of fenced code.
  md.core.ruler.push("convnotes-indented-code", ({ tokens, env }) => {
    const info = env.relativePath?.startsWith("api/") ? "ts" : "";
    for (const token of tokens)
      if (token.type === "code_block")
        Object.assign(token, { type: "fence", tag: "code", info });
  });

  // Vue evaluates braces in text, and entities keep it from doing so.
  const text = md.renderer.rules.text;
  md.renderer.rules.text = (...parameters) =>
    (text?.(...parameters) ?? "").replaceAll("{{", "&#123;&#123;");

  // VitePress checks the links in Markdown; this adds those in the HTML of notebooks.
  const block = md.renderer.rules.html_block;
  md.renderer.rules.html_block = (tokens, index, options, env, self) => {
    for (const [, href] of tokens[index].content.matchAll(
      /<a\b[^>]*?\shref="([^"#:]+)[^":]*"/g,
    )) {
      (env.links ??= []).push(`./${href}`);
    }
    return block?.(tokens, index, options, env, self) ?? tokens[index].content;
  };
}

/** @param {{ type: string, tag: string, nesting: number, content: string }} token */
function asText(token) {
  Object.assign(token, { type: "text", tag: "", nesting: 0, content: "" });
}

/**
 * Returns a page's HTML for the index of the search: formulas once, as they are written, and words
 * of neighboring table cells apart.
 *
 * @param {string} html
 */
export function searchableHtml(html) {
  return html
    .replace(
      /<span class="katex">.*?<annotation[^>]*>(.*?)<\/annotation>.*?<\/math><\/span>(<span[^>]*aria-hidden="true"[^>]*>)/gs,
      " $1 $2",
    )
    .replaceAll("&#10;", "\n")
    .replace(/<(?=\/?(td|th|li|p|div|pre|summary|br)\b)/g, " <");
}
