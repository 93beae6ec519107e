/**
 * Draws the gallery into a folder: a PNG for each exhibit, and the page that shows them.
 */
import fs from "node:fs";
import path from "node:path";
import { coded } from "../../src/notebook/coded-error";
import { gallery } from "./gallery";
import { indexPage, type Drawn } from "./index-page";
import {
  compare,
  referenceFile,
  removeOthers,
  writeReference,
} from "./references";
import { Studio } from "./studio";

/** Options of {@link drawGallery}. */
export interface GalleryOptions {
  /** The folder of the images and the page; created if missing. */
  readonly folder: string;
  /** Names of the exhibits, or parts of names; all exhibits if empty. */
  readonly names: readonly string[];
  /** Whether to renew references. */
  readonly update: boolean;
  /** Called before each exhibit. */
  readonly report: (done: number, total: number, name: string) => void;
}

/** The result of {@link drawGallery}. */
export interface GalleryResult {
  readonly page: string;
  readonly drawn: readonly Drawn[];
  /** Names of the references that were written and deleted. */
  readonly written: readonly string[];
  readonly deleted: readonly string[];
}

/**
 * Draws exhibits and compares them with their references.
 *
 * With `update`, writes the references that are missing or differ; where `names` selects exhibits,
 * all of these. Without `names` it also deletes references without an exhibit. Throws a RangeError
 * if a name selects nothing, and a NoBrowserError if no browser can draw.
 */
export async function drawGallery({
  folder,
  names,
  update,
  report,
}: GalleryOptions): Promise<GalleryResult> {
  const all = gallery.flatMap(({ title, tolerance, exhibits }) =>
    exhibits.map((exhibit) => ({ ...exhibit, subject: title, tolerance })),
  );
  const unknown = names.find(
    (name) => !all.some((exhibit) => exhibit.name.includes(name)),
  );
  if (unknown !== undefined) {
    throw coded(
      "ERR_UNKNOWN_NAME",
      new RangeError(
        `Expected names of exhibits (${all.map(({ name }) => name).join(", ")}), received ${unknown}`,
      ),
    );
  }
  const selected = all.filter(
    (exhibit) =>
      names.length === 0 || names.some((name) => exhibit.name.includes(name)),
  );
  const drawn: Drawn[] = [];
  const written: string[] = [];
  const studio = await Studio.open();
  try {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    for (const { name, about, subject, tolerance, make } of selected) {
      report(drawn.length, selected.length, name);
      const png = await studio.draw(await make());
      fs.writeFileSync(path.join(folder, `${name}.png`), png);
      let verdict = compare(name, png, tolerance);
      if (update && (verdict.state !== "same" || names.length > 0)) {
        await writeReference(name, png);
        written.push(name);
        verdict = compare(name, png, tolerance);
      }
      const reference =
        verdict.state === "new"
          ? undefined
          : path.relative(folder, referenceFile(name));
      drawn.push({ name, about, subject, reference, ...verdict });
    }
  } finally {
    await studio.close();
  }
  const deleted =
    update && names.length === 0
      ? removeOthers(all.map(({ name }) => name))
      : [];
  const page = path.join(folder, "index.html");
  fs.writeFileSync(page, indexPage(drawn));
  return { page, drawn, written, deleted };
}
