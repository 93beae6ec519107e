/**
 * Which data sets' images a handout shows, and what their licenses ask for.
 */
import { catalog } from "../../src/data/catalog/catalog";
import type { DatasetEntry } from "../../src/data/catalog/dataset-entry";

/** How figures and outputs name the set of their images; see src/plots/caption.ts. */
const caption =
  /Data: ([^<>"\\\n]{1,40}?), (?:the publisher(?:'|&#0?39;|&#x27;|&apos;|’)s files|unverified copy)/g;

/**
 * Returns the data sets whose images a text shows or whose figures were made of them, by the
 * captions of its figures. Synthetic images belong to no set.
 *
 * @param text A notebook's JSON, or a page.
 */
export function dataSetsIn(text: string): DatasetEntry[] {
  const titles = new Set([...text.matchAll(caption)].map(([, title]) => title));
  return Object.values(catalog).filter(({ title }) => titles.has(title));
}

/** Returns the line that credits a data set, for the end of a page that shows its images. */
export function creditOf({ title, citation, license }: DatasetEntry): string {
  return `Images of ${title}: ${citation}. License: ${license}.`;
}

/**
 * Returns the file about the licenses of the data sets, in Markdown.
 *
 * @param shown For each set's name, the paths of the files that show its images.
 */
export function licensesText(
  shown: Readonly<Record<string, readonly string[]>>,
): string {
  return `# Licenses of the data sets

The texts and the code of these handouts are under the license in the file LICENSE. The images in
their figures come from the data sets below. Whoever passes these handouts on must keep this file
with them. Synthetic images, which a figure names as such, are drawn by the code and are under its
license.

${Object.values(catalog)
  .map((entry) => section(entry, shown[entry.name] ?? []))
  .join("\n")}`;
}

function section(entry: DatasetEntry, files: readonly string[]): string {
  const { title, description, citation, homepage, license } = entry;
  return `## ${title}

${description}.

- Authors and reference: ${citation}.
- Publisher: <${homepage}>
- License: ${license}.
${conditions(license)}- Figures that show these images, or runs on them, are in${files.length === 0 ? " no file of these handouts." : ":"}
${files.map((file) => `  - ${file}\n`).join("")}`;
}

/** What a license asks of those who pass the images on. */
function conditions(license: string): string {
  if (license.startsWith("none")) {
    return "- The publisher states no license for the images. Ask it before you publish them.\n";
  }
  if (license.includes("Share Alike") || license.includes("SA")) {
    return "- Name the authors, link the license (<https://creativecommons.org/licenses/by-sa/3.0/>), and pass changed images on under the same license.\n";
  }
  return "";
}
