// Shows the stored image of a Plotly figure at its own size, with its alternative text.
//
// Plotly's extension of JupyterLab shows this image until the pointer is on it, and ignores the
// image's metadata: an image with two pixels per CSS pixel is twice as large as the figure
// (https://nbformat.readthedocs.io/en/latest/format_description.html#display-data).

const FIGURE = "application/vnd.plotly.v1+json";
const IMAGE = "image/png";
/** Plotly's extension has this rank. */
const RANK = 2;

/**
 * Extends Plotly's renderer, if JupyterLab has it.
 *
 * @param {import("./shared.mjs").RenderMime} rendermime
 */
export function sizeStoredImages(rendermime) {
  const factory = rendermime.getFactory(FIGURE);
  if (factory === undefined) return;
  rendermime.addFactory(
    {
      safe: factory.safe,
      mimeTypes: [FIGURE],
      createRenderer(options) {
        const renderer = factory.createRenderer(options);
        const { renderModel } = renderer;
        renderer.renderModel = async (model) => {
          setSize(renderer.node, model.metadata[IMAGE]);
          await renderModel.call(renderer, model);
        };
        return renderer;
      },
    },
    RANK,
  );
}

/**
 * @param {HTMLElement} node The renderer's element.
 * @param {{ width?: number; height?: number; alt?: string } | undefined} metadata
 */
function setSize(node, metadata) {
  const image = /** @type {HTMLImageElement | null} */ (
    node.querySelector("img.plot-img")
  );
  if (image === null) return;
  const { width, height, alt = "" } = metadata ?? {};
  image.alt = alt;
  const isSized = width !== undefined && height !== undefined;
  Object.assign(image.style, {
    width: isSized ? `${width}px` : "",
    maxWidth: isSized ? "100%" : "",
    aspectRatio: isSized ? `${width} / ${height}` : "",
  });
}
