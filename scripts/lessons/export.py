"""Exports executed notebooks as pages: one self-contained HTML file each. Used by `npm run page`.

    .venv/bin/python scripts/lessons/export.py NOTEBOOK... [--out FOLDER] [--images]

writes a page beside each notebook, or to the folder. Figures without an image get one on the page,
if a browser can draw it; with --images, the notebook's file gets it, too.
"""

import argparse
import sys
from pathlib import Path

# Skips a schema check for international web addresses. Its grammar takes two seconds to build, and
# notebooks have no such addresses.
sys.modules.setdefault("rfc3987_syntax", None)

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "pages"))

import nbformat
from nbconvert import HTMLExporter

from atomic_write import write_atomically
from convnotes_images import add_images
from convnotes_node import NodeError


def page_of(notebook, name="Notebook", folder=""):
    """Return the HTML page of a notebook, rendered with the template in notebooks/template.

    :param notebook: nbformat's NotebookNode; its outputs are shown as they are.
    :param name: the title of a notebook without headings.
    :param folder: the folder of the notebook's own images; they are not embedded if it is empty.
    :raises FileNotFoundError: if plotly.js or KaTeX is not installed.
    :raises NodeError: if formulas and code cannot be rendered.
    """
    exporter = HTMLExporter(
        template_name="convnotes", extra_template_basedirs=[str(ROOT / "notebooks" / "template")]
    )
    page, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": name, "path": folder}})
    return page


def export(source, out, store_images):
    """Write the page of a notebook file. Return its path and a remark on its images, or None."""
    notebook = nbformat.read(source, as_version=4)
    before = nbformat.writes(notebook)
    remark = add_images(notebook)
    text = nbformat.writes(notebook)
    if store_images and text != before:
        write_atomically(source, text + "\n")
    page = (out or source.parent) / f"{source.stem}.html"
    write_atomically(page, page_of(notebook, source.stem, str(source.parent)))
    return page, remark


def main():
    parser = argparse.ArgumentParser(description="Exports executed notebooks as self-contained HTML pages.")
    parser.add_argument("notebooks", nargs="+", type=Path, metavar="NOTEBOOK")
    parser.add_argument("--out", type=Path, help="folder for the pages; by default, that of each notebook")
    parser.add_argument("--images", action="store_true", help="also add the figures' images to the notebooks")
    arguments = parser.parse_args()
    remarks = set()
    for source in arguments.notebooks:
        try:
            page, remark = export(source.resolve(), arguments.out, arguments.images)
        except (OSError, NodeError, nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
            return f"{source} could not be exported: {error}"
        print(f"{page} ({page.stat().st_size / 1e6:.1f} MB)")
        remarks.update([remark] if remark else [])
    for remark in sorted(remarks):
        print(remark, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
