"""Exports an executed notebook as one self-contained HTML page.

Used by execute.py; can also be called directly, on an executed notebook:

    .venv/bin/python scripts/lessons/export.py out/lesson-1.ipynb out/lesson-1.html
"""

import base64
import re
import sys
from pathlib import Path

# Skips a schema check for international web addresses. Its grammar takes two seconds to build, and
# notebooks have no such addresses.
sys.modules.setdefault("rfc3987_syntax", None)

import nbformat
from nbconvert import HTMLExporter

from atomic_write import write_atomically

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "node_modules"


def page_of(notebook):
    """Return the HTML page of a notebook, rendered with the template in notebooks/template.

    :param notebook: nbformat's NotebookNode; its outputs are shown as they are.
    :raises FileNotFoundError: if plotly.js or KaTeX is not installed.
    """
    plotly = PACKAGES / "plotly.js-dist-min"
    katex = PACKAGES / "katex" / "dist"
    for file in (plotly / "plotly.min.js", katex / "katex.min.js", katex / "contrib" / "auto-render.min.js"):
        if not file.is_file():
            raise FileNotFoundError(f"Expected the npm packages plotly.js-dist-min and katex, received no {file}")
    exporter = HTMLExporter(
        template_name="convnotes",
        extra_template_basedirs=[str(ROOT / "notebooks" / "template")],
        extra_template_paths=[str(plotly), str(katex), str(katex / "contrib")],
    )
    resources = {"metadata": {"name": title_of(notebook)}, "katex_css": katex_css(katex)}
    page, _ = exporter.from_notebook_node(notebook, resources=resources)
    return page


def title_of(notebook):
    """Return the text of the first Markdown heading, or "Notebook" if there is none."""
    for cell in notebook.cells:
        heading = cell.cell_type == "markdown" and re.search(r"^#+\s+(.+)$", cell.source, re.MULTILINE)
        if heading:
            return unmarked(heading.group(1))
    return "Notebook"


def unmarked(heading):
    """Return a heading's text without Markdown markup for code and emphasis."""
    return re.sub(r"[`*]", "", heading).strip()


def katex_css(katex):
    """Return KaTeX's style sheet with its fonts inlined as WOFF2, which every browser reads."""

    def inlined(match):
        font = base64.b64encode((katex / match.group(1)).read_bytes()).decode("ascii")
        return f'src:url(data:font/woff2;base64,{font}) format("woff2")'

    css = (katex / "katex.min.css").read_text(encoding="utf-8")
    return re.sub(r"src:url\((fonts/[\w-]+\.woff2)\)[^;}]*", inlined, css)


def main(arguments):
    if len(arguments) != 2:
        return f"Expected two arguments, an executed notebook and the page to write, received {len(arguments)}"
    source, page = map(Path, arguments)
    try:
        write_atomically(page, page_of(nbformat.read(source, as_version=4)))
    except (OSError, nbformat.reader.NotJSONError) as error:
        return f"{source} could not be exported: {error}"
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
