// VitePress's configuration for the book site.

import { defineConfig } from "vitepress";
import { adaptMarkdown, searchableHtml, slug } from "./markdown.mjs";

/**
 * Stands for the folder of the site in what VitePress writes. `relocate.ts` replaces it.
 */
export const basePlaceholder = "/__convnotes_base__/";

/** Three maps of a convolution; in the page, so that browsers ask for no file. */
const icon = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><g fill="#3451b2" stroke="#fff"><path d="M1 1h9v9H1z"/><path d="M3.5 3.5h9v9h-9z"/><path d="M6 6h9v9H6z"/></g></svg>`,
)}`;

/**
 * @typedef {object} SiteContents
 * @property {string} title
 * @property {string} description
 * @property {{ text: string, link: string, activeMatch?: string }[]} nav
 * @property {import("vitepress").DefaultTheme.SidebarMulti} sidebar By the beginning of a path
 * @property {Record<string, Record<string, string | null>>} links For a page's source, links as
 *   written and as on the site; null for what the site does not have.
 */

/**
 * Returns the configuration.
 *
 * @param {SiteContents} contents
 */
export function siteConfig({ title, description, nav, sidebar, links }) {
  return defineConfig({
    title,
    description,
    lang: "en-US",
    base: basePlaceholder,
    metaChunk: true,
    head: [
      ["link", { rel: "icon", href: icon }],
      ["script", { defer: "", src: `${basePlaceholder}figures.js` }],
    ],
    markdown: {
      anchor: { slugify: slug },
      // The usual themes have too little contrast for comments.
      theme: {
        light: "github-light-high-contrast",
        dark: "github-dark-high-contrast",
      },
      config: (md) => adaptMarkdown(md, links),
    },
    themeConfig: {
      nav,
      sidebar,
      outline: { level: [2, 3], label: "On this page" },
      docFooter: { prev: "Previous page", next: "Next page" },
      externalLinkIcon: true,
      search: {
        provider: "local",
        options: {
          _render: (source, env, md) => searchableHtml(md.render(source, env)),
        },
      },
    },
    // Images are files of the site already.
    vue: { template: { transformAssetUrls: false } },
    vite: {
      logLevel: "warn",
      // Notebooks with many figures make pages of more than the usual size.
      build: { chunkSizeWarningLimit: 20_000 },
      plugins: [smallKatexFonts()],
    },
  });
}

/** Keeps KaTeX's fonts as WOFF2 only, which every current browser reads. */
function smallKatexFonts() {
  return {
    name: "convnotes:katex-fonts",
    enforce: /** @type {const} */ ("pre"),
    /** @type {(code: string, id: string) => string | undefined} */
    transform: (code, id) =>
      /katex(\.min)?\.css/.test(id)
        ? code.replace(/,\s*url\([^)]*\.(woff|ttf)\)\s*format\([^)]*\)/g, "")
        : undefined,
  };
}
