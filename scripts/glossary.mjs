// `npm run glossary`: writes the places of the terms into docs/glossary.md.

import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setup } from "./setup.mjs";
import { acceptOnlyHelp } from "./setup/help.mjs";
import { inProject, root } from "./setup/project.mjs";

acceptOnlyHelp(`npm run glossary

Looks up in the notebooks where each term of docs/glossary.md is explained and treated. Writes the ends of the entries
and the index. Definitions stay as they are.`);

await setup({ quiet: true });
const load = createRequire(import.meta.url);
load("ts-node").register({ transpileOnly: true, cwd: root });
const { glossaryFile, readGlossary, withPlaces } = load(
  "./glossary/document.ts",
);
const { readSections } = load("./glossary/sections.ts");
try {
  const written = await withPlaces(
    root,
    readGlossary(root),
    readSections(root),
  );
  writeFileSync(inProject(glossaryFile), written);
} catch (error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code !== "ERR_FILE_FORMAT" && code !== "ERR_UNKNOWN_NAME") throw error;
  console.error(message);
  process.exitCode = 1;
}
