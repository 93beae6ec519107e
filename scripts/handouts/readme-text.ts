/**
 * The README of the zip file: what is what, and how to begin.
 */

/** What each folder is, in the order in which the README names them. */
const folders: Readonly<Record<string, string>> = {
  site: "the course as a website; open site/index.html",
  pages: "a page of each notebook as it was run",
  pdf: "the same for printing",
  slides: "slides for teaching",
  student: "notebooks and pages with gaps, without answers",
  solution: "notebooks and pages with solutions, for teachers",
};

/**
 * Returns the README, with lines of at most 78 characters for any editor.
 *
 * @param files The paths of all handouts, with "/".
 */
export function readmeText(files: readonly string[]): string {
  const present = Object.entries(folders).filter(([folder]) =>
    files.some((file) => file.startsWith(`${folder}/`)),
  );
  const has = (folder: string) => present.some(([name]) => name === folder);
  return `CONVOLUTIONAL NEURAL NETWORKS IN TYPESCRIPT
Handouts of the course convnotes

HOW TO BEGIN

Unpack everything into one folder and open index.html in a browser. It links
to all other files and needs no network. On a learning platform, upload the
file as a folder and choose index.html as its start page.

WHAT IS WHAT

  ${"index.html".padEnd(18)}the start page
${present.map(([folder, about]) => `  ${`${folder}/`.padEnd(18)}${about}\n`).join("")}  ${"LICENSE".padEnd(18)}the license of the texts and the code
  ${"DATA-LICENSES.md".padEnd(18)}the licenses of the images
${
  has("solution")
    ? `
The folder solution/ is for teachers. Remove it, and the links to it in
index.html, before students get this folder. If there are site/, pages/, pdf/
and slides/, they have folded answers, too.
`
    : ""
}
THE NOTEBOOKS

The files that end in .ipynb are Jupyter notebooks in TypeScript. They need
the Jupyter kernel "convnotes" and the library of the course:

  1. Install Node 20 or newer and Python 3.10 to 3.13.
  2. In the course's source code: npm run setup
  3. Open the notebooks with it: npm run lab
     or install its kernel for any Jupyter:
     npx convnotes kernel install --user

A notebook may be in any folder. The environment variable CONVNOTES_MODE says
how long it runs: quick (a minute, few images, no downloads) or full.
A cell with a gap ends with the error "Step ... is not written yet" until its
code is written. The check below it says whether the code is right.

The pages, PDFs and slides need nothing but a browser or a PDF reader.
`;
}
