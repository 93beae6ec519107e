"""Adds an image beside each Plotly figure of a notebook, for readers that cannot draw figures.

Code hosts, LaTeX, slides, Markdown and pages without JavaScript show the image; JupyterLab and the
page of a notebook still prefer the figure.
"""

from convnotes_node import NodeError, run_node

PLOTLY = "application/vnd.plotly.v1+json"
PNG = "image/png"


def add_images(notebook):
    """Draw the figures that have no image, and add the images to the notebook's outputs.

    The metadata of an image has its size on a page and its alternative text, the figure's text.

    :param notebook: nbformat's NotebookNode; changed in place.
    :returns: None, or a sentence that says why figures have no image.
    """
    outputs = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if PLOTLY in output.get("data", {}) and PNG not in output.data
    ]
    if not outputs:
        return None
    try:
        result = run_node("draw-images.mjs", [output.data[PLOTLY] for output in outputs])
    except NodeError as error:
        return f"The figures have no images: {error}"
    for output, image in zip(outputs, result["images"]):
        if image is None:
            continue
        output.data[PNG] = image["png"]
        output.metadata[PNG] = {
            "width": image["width"],
            "height": image["height"],
            "alt": output.data.get("text/plain", "A Plotly figure."),
        }
    if "reason" in result:
        return f"The figures have no images: {result['reason']}."
    missing = result["images"].count(None)
    return f"plotly.js could not draw {missing} of {len(outputs)} figures as images." if missing else None
