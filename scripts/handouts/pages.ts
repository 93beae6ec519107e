/**
 * The step `pages`: a page of each executed notebook, for any browser, offline.
 */
import { statSync } from "node:fs";
import path from "node:path";
import { coded } from "../../src/notebook/coded-error";
import { exportPages, megabytes } from "./export-pages";
import type { HandoutContext, HandoutStep } from "./handout";
import { readNotebook } from "./notebook";

/** The largest page in bytes, half of which is plotly.js. Lesson 3 shows the most images. */
const maxBytes = (name: string) => (name === "lesson-3" ? 3.5e6 : 3.0e6);

/** Makes `pages/lesson-1.html` and so on. */
export const pages: HandoutStep = {
  name: "pages",
  about: "a page of each notebook: one HTML file with everything it needs",
  run: async (context: HandoutContext) => {
    const files = await exportPages(
      context.chapters.map((chapter) => ({
        chapter,
        notebook: readNotebook(chapter.file),
      })),
      "pages",
      context,
    );
    for (const [index, file] of files.entries()) {
      const { size } = statSync(path.join(context.out, file));
      const most = maxBytes(context.chapters[index]!.name);
      if (size <= most) continue;
      throw coded(
        "ERR_INVALID_STATE",
        new Error(
          `Expected ${file} to have at most ${megabytes(most)}, received ${megabytes(size)}.`,
        ),
      );
    }
    return files;
  },
};
