/**
 * Handouts: slides, one self-contained HTML file for each notebook, with reveal.js.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { HandoutStep } from "./handout";
import { readNotebook } from "./notebook";
import { slidesNotebook } from "./slides/notebook";
import { writeSlides } from "./slides/program";

/**
 * Writes `slides/NAME.html` for each chapter. The metadata `slideshow` of the cells says where a
 * slide begins; what is too much for a slide continues below it. Figures are images, drawn by a
 * local browser if the notebook has none; without a browser, the slides have their text.
 */
export const slides: HandoutStep = {
  name: "slides",
  about: "slides for any browser, offline, with speaker's notes",
  async run({ chapters, out, log, signal }) {
    const folder = path.join(out, "slides");
    mkdirSync(folder, { recursive: true });
    const names = chapters.map(({ name }) => name);
    const jobs = chapters.map(({ name, file, title }) => ({
      notebook: slidesNotebook(readNotebook(file), names),
      name: title,
      folder: path.dirname(path.resolve(file)),
      page: path.join(folder, `${name}.html`),
    }));
    const written: string[] = [];
    const remarks = await writeSlides(jobs, {
      signal,
      onPage(page) {
        const relative = path.relative(out, page);
        written.push(relative);
        log(relative);
      },
    });
    if (remarks !== "") log(remarks);
    return written;
  },
};
