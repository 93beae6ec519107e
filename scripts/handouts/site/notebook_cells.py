"""Writes the cells of notebooks as HTML, their figures as files. Used by the step `site` of `npm run handouts`.

    .venv/bin/python scripts/handouts/site/notebook_cells.py JOB.json

The job has `notebooks`, a list of objects with `name`, `file` and `folder` (of the notebook's own
images), `figures`, the folder for images and data, and `out`, a folder for `NAME.html`. Writes a
remark to standard output if figures have no image.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

# Skips a schema check for international web addresses. Its grammar takes two seconds to build, and
# notebooks have no such addresses.
sys.modules.setdefault("rfc3987_syntax", None)

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "pages"))

import nbformat
from nbconvert import HTMLExporter

from convnotes_images import PLOTLY, PNG, add_images
from convnotes_page import is_live


def store_figures(notebook, name, folder):
    """Write the figures and images of a notebook as files.

    The metadata `site` of an output gets the names of its files: `image`, and `figure` with a
    script that sets `convnotesFigures[figure]` if JavaScript is to draw the figure.
    """
    number = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if PNG not in data and PLOTLY not in data:
                continue
            number += 1
            files = {}
            if PNG in data:
                files["image"] = stored(folder, f"{name}-{number}", "png", base64.b64decode(data[PNG]))
            if PLOTLY in data and is_live(output):
                figure = json.dumps(data[PLOTLY], separators=(",", ":"))
                key = f"{name}-{number}-{digest(figure.encode())}"
                script = f"(self.convnotesFigures??={{}})[{json.dumps(key)}]={figure};\n"
                (folder / f"{key}.js").write_text(script, encoding="utf-8")
                files["figure"] = key
            output.metadata["site"] = files


def stored(folder, name, ending, content):
    file = f"{name}-{digest(content)}.{ending}"
    (folder / file).write_bytes(content)
    return file


def digest(content):
    """Return eight digits, so that a browser does not show a stored figure of an earlier site."""
    return hashlib.sha256(content).hexdigest()[:8]


def main():
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    figures, out = Path(job["figures"]), Path(job["out"])
    notebooks = [(entry, nbformat.read(entry["file"], as_version=4)) for entry in job["notebooks"]]
    # All figures at once: starting the browser takes longer than drawing.
    cells = [cell for _, notebook in notebooks for cell in notebook.cells]
    remark = add_images(nbformat.NotebookNode(cells=cells))
    exporter = HTMLExporter(
        template_name="site",
        extra_template_basedirs=[str(HERE / "template"), str(ROOT / "notebooks" / "template")],
    )
    for entry, notebook in notebooks:
        store_figures(notebook, entry["name"], figures)
        resources = {"metadata": {"name": entry["name"], "path": entry["folder"]}}
        html, _ = exporter.from_notebook_node(notebook, resources=resources)
        (out / f"{entry['name']}.html").write_text(html, encoding="utf-8")
    if remark:
        print(remark)


if __name__ == "__main__":
    main()
