#!/usr/bin/env bash
# Plotly's renderer for JupyterLab ignores the size and the text of a stored image.
#
# Library:   plotly 7.1.0 (its JupyterLab extension jupyterlab-plotly), jsdom 26.1.0, Node 20 or
#            newer.
# Specified: an output's metadata may give the width and height at which its image is displayed
#            (https://nbformat.readthedocs.io/en/latest/format_description.html#display-data).
#            JupyterLab's own renderer of image/png sets both, and `alt`.
# Observed:  for an output with a figure and an image/png, the renderer shows the image until the
#            pointer is on it. It has neither width, height nor alt, so an image with two pixels per
#            CSS pixel is twice as large as its figure, and has no text.
#
# Exit code 0: reproduced. 1: not reproduced.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv environment
environment/bin/pip install --quiet --disable-pip-version-check --no-deps plotly==7.1.0
npm install --silent --no-audit --no-fund jsdom@26.1.0

cat > program.js << 'END'
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { JSDOM } = require("jsdom");

const extension = path.resolve("environment/share/jupyter/labextensions/jupyterlab-plotly");
const { version, jupyterlab } = JSON.parse(readFileSync(path.join(extension, "package.json"), "utf8"));

/** A page with JupyterLab's place for extensions, in which the extension is loaded. */
async function loadExtension() {
  const { window } = new JSDOM("<!doctype html><body></body>", {
    runScripts: "dangerously",
    resources: "usable",
    url: pathToFileURL(path.join(extension, "page.html")).href,
    beforeParse(page) {
      page._JUPYTERLAB = {};
      // What plotly.js and Lumino need when they are loaded, and jsdom does not have.
      page.URL.createObjectURL = () => "blob:";
      page.setImmediate = setImmediate;
      page.DragEvent = page.MouseEvent;
    },
  });
  const script = window.document.createElement("script");
  script.src = pathToFileURL(path.join(extension, jupyterlab._build.load)).href;
  await new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = reject;
    window.document.head.append(script);
  });
  const container = window._JUPYTERLAB["jupyterlab-plotly"];
  await container.init({});
  const { default: plugins } = (await container.get(jupyterlab._build.mimeExtension))();
  return [plugins].flat()[0].rendererFactory;
}

(async () => {
  const figure = "application/vnd.plotly.v1+json";
  const image =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";
  const factory = await loadExtension();
  const renderer = factory.createRenderer({ mimeType: figure });
  await renderer.renderModel({
    data: { [figure]: { data: [{ y: [1, 2] }], layout: {} }, "image/png": image },
    metadata: { "image/png": { width: 300, height: 200, alt: "two points" } },
  });
  const shown = renderer.node.querySelector("img");
  const seen = ["width", "height", "alt"].map((name) => shown.getAttribute(name));
  console.log(`jupyterlab-plotly ${version}, a figure with a stored image of 300 x 200`);
  console.log("expected: width 300, height 200, alt two points");
  console.log(`observed: width ${seen[0]}, height ${seen[1]}, alt ${seen[2]}, style ${shown.getAttribute("style")}`);
  const again = shown.src.startsWith("data:image/png") && seen.every((value) => value === null);
  console.log(again ? "Reproduced." : "Not reproduced.");
  process.exit(again ? 0 : 1);
})();
END
node program.js
