/**
 * Runs export.py, which writes slides.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { coded } from "../../../src/notebook/coded-error";
import type { Notebook } from "../notebook";

/** Slides to write. */
export interface SlidesJob {
  readonly notebook: Notebook;
  /** The title of a notebook without headings. */
  readonly name: string;
  /** The folder of the notebook's own images. */
  readonly folder: string;
  /** Path of the HTML file. */
  readonly page: string;
}

const root = path.join(__dirname, "..", "..", "..");

/** How much of the program's standard error is kept, in characters. */
const keptCharacters = 4000;

/**
 * Writes the slides of notebooks, one after another.
 *
 * @param onPage Called with the path of each file that has been written.
 * @returns Remarks on figures without an image, one a line, or "".
 * @throws Error ERR_PROCESS if a notebook cannot be exported, ERR_INTERRUPTED after an abort. The
 *   files written until then stay; none is incomplete.
 */
export async function writeSlides(
  jobs: readonly SlidesJob[],
  { signal, onPage }: { signal: AbortSignal; onPage: (page: string) => void },
): Promise<string> {
  const child = spawn(
    path.join(root, ".venv", "bin", "python"),
    [path.join(__dirname, "export.py")],
    { stdio: ["pipe", "pipe", "pipe"] },
  );
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  let remarks = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    remarks = (remarks + text).slice(-keptCharacters);
  });
  createInterface({ input: child.stdout }).on("line", onPage);
  // A program that ends early closes its input; its code says so.
  child.stdin.on("error", () => undefined).end(JSON.stringify(jobs));
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject).on("close", resolve);
    });
    if (signal.aborted)
      throw coded("ERR_INTERRUPTED", new Error("Slides: stopped on request"));
    if (code !== 0)
      throw coded(
        "ERR_PROCESS",
        new Error(
          `Expected export.py to write slides, received code ${code}:\n${remarks.trim()}`,
        ),
      );
    return remarks.trim();
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
