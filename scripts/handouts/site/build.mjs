// Builds a site with VitePress: `node build.mjs FOLDER`. The folder has `site.json` with the
// contents and `pages/` with the Markdown. The built site is in FOLDER/site.

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vitepress";

const folder = path.resolve(process.argv[2] ?? "");
const pages = path.join(folder, "pages");
const settings = path.join(pages, ".vitepress");

/** @param {string} name */
const beside = (name) =>
  JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));

// VitePress takes its configuration and its theme from here; both stay where they are.
mkdirSync(path.join(settings, "theme"), { recursive: true });
writeFileSync(
  path.join(settings, "config.mjs"),
  `import { readFileSync } from "node:fs";
import { siteConfig } from ${beside("config.mjs")};
export default siteConfig(JSON.parse(readFileSync(${JSON.stringify(path.join(folder, "site.json"))}, "utf8")));
`,
);
writeFileSync(
  path.join(settings, "theme", "index.mjs"),
  `export { default } from ${beside("theme/index.mjs")};\n`,
);
// VitePress links Vue into the package of the working folder: this one, not the clone.
writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }\n');
process.chdir(folder);
await build(pages, { outDir: path.join(folder, "site") });
