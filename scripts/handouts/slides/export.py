"""Writes the slides of notebooks: one self-contained HTML file each. Used by slides.ts.

    .venv/bin/python scripts/handouts/slides/export.py < notebooks.json

reads a list of { notebook, name, folder, page } from standard input: a notebook's content, its name,
the folder of its own images, and the path of the file to write. Prints the path of each file, and
remarks on figures without an image to standard error.
"""

import json
import sys
from pathlib import Path

# Skips a schema check for international web addresses, as scripts/lessons/export.py does.
sys.modules.setdefault("rfc3987_syntax", None)

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "scripts" / "pages"), str(ROOT / "scripts" / "lessons")]

import nbformat
from nbconvert import HTMLExporter

from atomic_write import write_atomically
from convnotes_images import add_images
from convnotes_page import npm_file


def reveal_js():
    """Return what the template takes from reveal.js: style sheet, script, and the plugin for notes.

    :raises FileNotFoundError: if reveal.js is not installed.
    """
    read = lambda *parts: npm_file("reveal.js", "dist", *parts).read_text(encoding="utf-8")
    return {"css": read("reveal.css"), "script": read("reveal.js"), "notes": read("plugin", "notes.js")}


def slides_of(notebook, name, folder):
    """Return the HTML of a notebook's slides, made with notebooks/template/convnotes-slides.

    :param notebook: nbformat's NotebookNode, with slide types in the metadata of its cells.
    :param name: the title of a notebook without headings.
    :param folder: the folder of the notebook's own images.
    :raises NodeError: if formulas and code cannot be rendered.
    :raises ValueError: if no cell is on a slide.
    """
    exporter = HTMLExporter(
        template_name="convnotes-slides", extra_template_basedirs=[str(ROOT / "notebooks" / "template")]
    )
    resources = {"metadata": {"name": name, "path": folder}, "reveal_js": reveal_js()}
    text, _ = exporter.from_notebook_node(notebook, resources=resources)
    return text


def main():
    remarks = set()
    for job in json.load(sys.stdin):
        notebook = nbformat.reads(json.dumps(job["notebook"]), as_version=4)
        remark = add_images(notebook)
        remarks.update([remark] if remark else [])
        write_atomically(Path(job["page"]), slides_of(notebook, job["name"], job["folder"]))
        print(job["page"], flush=True)
    for remark in sorted(remarks):
        print(remark, file=sys.stderr)


if __name__ == "__main__":
    main()
