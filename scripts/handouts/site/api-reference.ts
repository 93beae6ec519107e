/**
 * Writes the API reference as Markdown, with TypeDoc.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root, runProgram } from "../program";

/** An entry of the sidebar, as VitePress's `DefaultTheme.SidebarItem`. */
export interface SidebarItem {
  readonly text: string;
  readonly link?: string;
  readonly collapsed?: boolean;
  readonly items?: readonly SidebarItem[];
}

/** What users import, by the module's folder in the reference. */
const modules = [
  { folder: "index", text: "convnotes" },
  { folder: "engine", text: "convnotes/engine" },
  { folder: "keras", text: "convnotes/keras" },
];

/** The kinds of members, by their folder. */
const kinds = [
  { folder: "functions", text: "Functions" },
  { folder: "classes", text: "Classes" },
  { folder: "variables", text: "Variables" },
  { folder: "interfaces", text: "Interfaces" },
  { folder: "type-aliases", text: "Types" },
];

/** Members that a page lists in a table. */
const tables = ["parameters", "interfaceProperties"];

/**
 * Writes the reference of the library to `pages/api/`: a page for each module and member.
 *
 * @returns Its part of the sidebar.
 * @throws Error With the code ERR_PROCESS if TypeDoc fails.
 */
export async function writeApiReference(
  pages: string,
  signal: AbortSignal,
): Promise<SidebarItem[]> {
  const folder = path.join(pages, "api");
  mkdirSync(folder, { recursive: true });
  const typedoc = path.join(root, "node_modules", "typedoc", "bin", "typedoc");
  await runProgram(
    process.execPath,
    [
      typedoc,
      ...["--plugin", "typedoc-plugin-markdown", "--out", folder],
      ...["--entryFileName", "index", "--useHTMLEncodedBrackets", "true"],
      ...["--hidePageHeader", "true", "--hideBreadcrumbs", "true"],
      ...tables.flatMap((members) => [`--${members}Format`, "table"]),
    ],
    signal,
  );
  writeFileSync(path.join(folder, "index.md"), overview());
  for (const module of modules) {
    // TypeDoc calls a module by the path of its file.
    const page = path.join(folder, module.folder, "index.md");
    const text = readFileSync(page, "utf8");
    writeFileSync(page, text.replace(/^# .*$/m, `# ${module.text}`));
  }
  return modules.map((module) => ({
    text: module.text,
    link: `/api/${module.folder}/index.html`,
    collapsed: true,
    items: kinds.flatMap((kind) => membersOf(folder, module.folder, kind)),
  }));
}

function membersOf(
  folder: string,
  module: string,
  kind: { readonly folder: string; readonly text: string },
): SidebarItem[] {
  const members = path.join(folder, module, kind.folder);
  let files: string[];
  try {
    files = readdirSync(members);
  } catch {
    // No module has members of every kind.
    return [];
  }
  const names = files.map((file) => path.basename(file, ".md"));
  names.sort((a, b) => a.localeCompare(b, "en"));
  return [
    {
      text: kind.text,
      items: names.map((name) => ({
        text: name,
        link: `/api/${module}/${kind.folder}/${name}.html`,
      })),
    },
  ];
}

function overview(): string {
  const { version } = JSON.parse(
    readFileSync(path.join(root, "src", "package.json"), "utf8"),
  ) as { readonly version: string };
  const lines = [
    ["convnotes", "index", "data sets, models, training, plots, labs"],
    ["convnotes/engine", "engine", "TensorFlow.js with compiled training"],
    ["convnotes/keras", "keras", "layers, losses and optimizers as in Keras"],
  ].map(
    ([name, module, about]) =>
      `| [\`${name}\`](${module}/index.md) | ${about} |`,
  );
  return `# API reference

Everything that notebooks and programs import from the library, version ${version}, generated from
its source.

| module | contents |
| ------ | -------- |
${lines.join("\n")}
`;
}
