/**
 * Makes a built site independent of its folder: it works in any folder of a host, and its pages
 * open from a disk.
 *
 * VitePress writes the site's folder into every page, script and style sheet. Here it is a
 * placeholder. Pages and style sheets get a relative path instead; scripts get an expression that
 * is evaluated when the page is opened.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** Stands for the folder of the site; `config.mjs` tells VitePress. */
export const basePlaceholder = "/__convnotes_base__/";

/** The global variable with the folder of the site. */
const variable = "convnotesBase";

/** Replaces the placeholder in all files of a site. */
export function relocate(site: string): void {
  const changes: Readonly<Record<string, typeof relocatedPage>> = {
    ".html": relocatedPage,
    ".css": relocatedStyle,
    ".js": relocatedScript,
  };
  for (const name of readdirSync(site, { recursive: true, encoding: "utf8" })) {
    const change = changes[path.extname(name)];
    if (change === undefined) continue;
    const file = path.join(site, name);
    const text = readFileSync(file, "utf8");
    const toTop = path
      .relative(path.dirname(name), "")
      .split(path.sep)
      .join("/");
    const changed = change(text, toTop === "" ? "./" : `${toTop}/`);
    if (changed !== text) writeFileSync(file, changed);
  }
  // It cannot know its folder: a host shows it for addresses of any depth.
  rmSync(path.join(site, "404.html"), { force: true });
}

/** Returns a style sheet with relative paths. */
function relocatedStyle(css: string, toTop: string): string {
  return css.replaceAll(basePlaceholder, toTop);
}

/**
 * Returns a script in which strings with the mark are computed.
 *
 * @param script JavaScript. Marks outside of strings and templates are not found.
 */
export function relocatedScript(script: string): string {
  if (!script.includes(basePlaceholder)) return script;
  const file = ts.createSourceFile(
    "site.js",
    script,
    ts.ScriptTarget.Latest,
    false,
    ts.ScriptKind.JS,
  );
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    const isText =
      ts.isStringLiteral(node) ||
      ts.isNoSubstitutionTemplateLiteral(node) ||
      ts.isTemplateExpression(node);
    if (isText && node.getText(file).includes(basePlaceholder))
      found.push(node);
    // A template is computed as a whole.
    else ts.forEachChild(node, visit);
  };
  visit(file);
  let result = "";
  let done = 0;
  for (const node of found) {
    const text = node.getText(file);
    const replacement =
      text.slice(1, -1) === basePlaceholder
        ? `self.${variable}`
        : `${text}.replaceAll(${JSON.stringify(basePlaceholder)},self.${variable})`;
    // The space separates it from a keyword such as `return`.
    result += `${script.slice(done, node.getStart(file))} ${replacement}`;
    done = node.getEnd();
  }
  return result + script.slice(done);
}

/** Returns a page with relative paths, which starts VitePress's scripts if a host serves it. */
function relocatedPage(html: string, toTop: string): string {
  const scripts: string[] = [];
  const preloads: string[] = [];
  const rest = html
    .replace(
      /\s*<script type="module" src="([^"]*)"><\/script>/g,
      (_, source: string) => {
        scripts.push(source.replace(basePlaceholder, ""));
        return "";
      },
    )
    .replace(
      /\s*<link rel="modulepreload" href="([^"]*)">/g,
      (_, source: string) => {
        preloads.push(source.replace(basePlaceholder, ""));
        return "";
      },
    )
    // From a disk, a browser refuses to preload fonts. The style sheet loads them.
    .replace(/\s*<link rel="preload" [^>]*as="font"[^>]*>/g, "");
  return rest
    .replace(
      /(<meta charset="utf-8">)/,
      `$1\n    <script>${starter(toTop, scripts, preloads)}</script>`,
    )
    .replaceAll(basePlaceholder, toTop)
    .replace(
      // From a disk, a link to a folder would list its files.
      /(<a\b[^>]*?\shref=")((?:\.\.?\/)(?:[^"#?:]*\/)?)((?:#[^"]*)?")/g,
      "$1$2index.html$3",
    );
}

/**
 * The script at the head of a page.
 *
 * Browsers do not run modules from a disk: there, the page stays as it is. Elsewhere the links of
 * navigation become absolute, because VitePress keeps them while it replaces the text by that of a
 * page in another folder.
 */
function starter(
  toTop: string,
  scripts: readonly string[],
  preloads: readonly string[],
): string {
  return `(() => {
      const top = new URL(${JSON.stringify(toTop)}, location.href);
      self.${variable} = decodeURI(top.pathname);
      if (location.protocol === "file:") {
        document.documentElement.classList.add("from-disk");
        return;
      }
      for (const file of ${JSON.stringify(preloads)}) {
        document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href: top.href + file }));
      }
      addEventListener("DOMContentLoaded", async () => {
        for (const link of document.querySelectorAll("a[href^='.']")) link.setAttribute("href", link.pathname + link.hash);
        for (const file of ${JSON.stringify(scripts)}) await import(top.href + file);
      });
    })();`;
}
