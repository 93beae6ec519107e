"""Prepares a notebook for its page: text, formulas and code as HTML, a table of contents.

The template in notebooks/template names PagePreprocessor in its conf.json, so that every use of the
template runs it: `npm run page`, `jupyter nbconvert --template convnotes`, and JupyterLab's
File > Save and Export.
"""

import base64
import html
import re
from pathlib import Path

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.filters.strings import strip_files_prefix
from nbconvert.preprocessors import Preprocessor

from convnotes_node import run_node

PACKAGES = Path(__file__).resolve().parents[2] / "node_modules"
PLOTLY = "application/vnd.plotly.v1+json"
# Languages that the parser of JupyterLab's editor highlights; nbconvert highlights the others.
LANGUAGES = ("typescript", "javascript", "ts", "js", "tsx", "jsx")


class PagePreprocessor(Preprocessor):
    """Adds what the template shows: `cell.metadata.page_html`, and `resources.page`."""

    def preprocess(self, notebook, resources):
        """Return the notebook with HTML in the metadata of its cells. See the module's comment."""
        pieces = Pieces()
        outline = Outline()
        path = resources.get("metadata", {}).get("path", "")
        language = notebook.metadata.get("language_info", notebook.metadata.get("kernelspec", {}))
        highlighted = (language.get("name") in LANGUAGES) or (language.get("language") in LANGUAGES)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                renderer = PageRenderer(pieces, outline, path, cell.get("attachments", {}))
                cell.metadata["page_html"] = strip_files_prefix(markdown_html(renderer, cell.source))
            elif cell.cell_type == "code":
                if highlighted:
                    cell.metadata["page_html"] = pieces.code(cell.source)
                for output in cell.outputs:
                    prepare_output(output, PageRenderer(pieces, outline, path, {}))
        pieces.render()
        for cell in notebook.cells:
            if "page_html" in cell.metadata:
                cell.metadata["page_html"] = pieces.filled(cell.metadata["page_html"])
            for output in cell.get("outputs", []):
                if "page_html" in output.get("metadata", {}):
                    output.data["text/html"] = pieces.filled(output.metadata.pop("page_html"))
        title = pieces.plain(outline.title) if outline.title else resources.get("metadata", {}).get("name", "Notebook")
        notebook.metadata.setdefault("title", html.unescape(title))
        resources["page"] = {
            "plotly": plotly_script() if has_live_figures(notebook) else "",
            "katex_css": katex_css(pieces.formula_html) if pieces.formula_html else "",
            "contents": [{**entry, "html": pieces.plain(entry["html"])} for entry in outline.entries],
            "has_heading": outline.title is not None,
        }
        return notebook, resources


def markdown_html(renderer, source):
    return with_named_headers(MarkdownWithMath(renderer=renderer).render(source))


def with_named_headers(text):
    """Replace empty header cells, which a screen reader announces as headers without a name."""
    return re.sub(r"<th\b([^>]*)>\s*</th>", r"<td\1></td>", text)


def prepare_output(output, renderer):
    """Render an output's Markdown or LaTeX, unless the page shows another form of it."""
    data = output.get("data", {})
    if "text/html" in data:
        data["text/html"] = with_named_headers(data["text/html"])
        return
    if PLOTLY in data:
        return
    for kind in ("text/markdown", "text/latex"):
        if kind in data:
            renderer.in_output = True
            output.metadata["page_html"] = markdown_html(renderer, data[kind])
            return


def is_live(output):
    """Return whether a page draws a figure: not if its image shows all there is."""
    figure = output.get("data", {}).get(PLOTLY)
    static = figure is not None and figure.get("config", {}).get("staticPlot")
    return figure is not None and not (static and "image/png" in output.data)


def has_live_figures(notebook):
    return any(is_live(output) for cell in notebook.cells for output in cell.get("outputs", []))


class Pieces:
    """Formulas and code whose HTML one call of Node generates; marks stand for them until then."""

    MARK = re.compile("\ue000([fc])(\\d+)\ue001([.,;:!?)]*)")
    # Formulas that are so short keep together with the punctuation after them.
    SHORT = 24

    def __init__(self):
        self.formulas, self.codes = [], []
        self.formula_html, self.code_html = [], []

    def formula(self, tex, display):
        self.formulas.append({"tex": tex, "display": display})
        return f"\ue000f{len(self.formulas) - 1}\ue001"

    def code(self, text):
        self.codes.append(text)
        return f"\ue000c{len(self.codes) - 1}\ue001"

    def render(self):
        """Generate the HTML of all pieces. A formula that KaTeX cannot parse stays as written."""
        if not self.formulas and not self.codes:
            return
        result = run_node("render.mjs", {"formulas": self.formulas, "codes": self.codes})
        self.code_html = result["codes"]
        self.formula_html = [
            rendered if rendered is not None else html.escape(self.source(formula), quote=False)
            for formula, rendered in zip(self.formulas, result["formulas"])
        ]

    def source(self, formula):
        mark = "$$" if formula["display"] else "$"
        return f"{mark}{formula['tex']}{mark}"

    def filled(self, text):
        """Return text with HTML in place of its marks."""
        return self.MARK.sub(self._filled_mark, text)

    def _filled_mark(self, mark):
        kind, index, punctuation = mark[1], int(mark[2]), mark[3]
        if kind == "c":
            return self.code_html[index] + punctuation
        rendered = self.formula_html[index]
        if punctuation and len(self.formulas[index]["tex"]) <= self.SHORT:
            return f'<span class="convnotes-together">{rendered}{punctuation}</span>'
        return rendered + punctuation

    def plain(self, text):
        """Return HTML as text without elements, with formulas as written."""
        text = self.MARK.sub(
            lambda mark: html.escape(self.formulas[int(mark[2])]["tex"], quote=False) + mark[3], text
        )
        return re.sub(r"<[^>]*>", "", text)


class Outline:
    """The headings of a page: one of the first level, and no level skipped below it."""

    def __init__(self):
        self.title = None
        self.entries = []
        self._open = []
        self._ids = set()

    def add(self, level, text):
        """Return the level and the id of a heading on the page."""
        if self.title is None:
            self.title = text
            return 1, self._id(text)
        while self._open and self._open[-1] >= level:
            self._open.pop()
        self._open.append(level)
        shown, identity = min(len(self._open) + 1, 6), self._id(text)
        if shown <= 3:
            self.entries.append({"level": shown, "id": identity, "html": text})
        return shown, identity

    def _id(self, text):
        # Like nbconvert's and JupyterLab's, so that links within notebooks work.
        words = html.unescape(re.sub(r"<[^>]*>|\ue000.*?\ue001", "", text)).strip()
        base = words.replace(" ", "-") or "section"
        identity, number = base, 2
        while identity in self._ids:
            identity, number = f"{base}-{number}", number + 1
        self._ids.add(identity)
        return identity


class PageRenderer(IPythonRenderer):
    """nbconvert's renderer of Markdown, with the page's headings, formulas and code."""

    def __init__(self, pieces, outline, path, attachments):
        super().__init__(escape=False, embed_images=bool(path), path=path, attachments=attachments)
        self.pieces, self.outline, self.in_output = pieces, outline, False

    def heading(self, text, level, **attributes):
        if self.in_output:
            return f"<p><strong>{text}</strong></p>\n"
        level, identity = self.outline.add(level, text)
        return f'<h{level} id="{html.escape(identity)}">{text}</h{level}>\n'

    def inline_math(self, body):
        return self.pieces.formula(body, False)

    def block_math(self, body):
        return self.pieces.formula(body, True)

    def latex_environment(self, name, body):
        return self.pieces.formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", True)

    def _html_embed_images(self, text):
        # nbconvert parses the text as a whole document, which closes a <details> before its content.
        return super()._html_embed_images(text) if "<img" in text else text

    def block_code(self, code, info=None):
        if (info or "").strip().split(None, 1)[:1] and info.split()[0] in LANGUAGES:
            return f'<div class="highlight"><pre>{self.pieces.code(code)}</pre></div>\n'
        return super().block_code(code, info)


def plotly_script():
    """Return the source of plotly.js.

    :raises FileNotFoundError: if it is not installed.
    """
    return npm_file("plotly.js-cartesian-dist-min", "plotly-cartesian.min.js").read_text(encoding="utf-8")


def npm_file(package, *parts):
    file = PACKAGES.joinpath(package, *parts)
    if not file.is_file():
        raise FileNotFoundError(f"Expected the npm package {package}, received no {file}")
    return file


def katex_css(formulas):
    """Return KaTeX's style sheet with the fonts that formulas use inlined as WOFF2.

    A font is used if one of the style sheet's classes that select it occurs in the formulas.
    """
    css = npm_file("katex", "dist", "katex.min.css").read_text(encoding="utf-8")
    used = {name for formula in formulas for classes in re.findall(r'class="([^"]*)"', formula) for name in classes.split()}
    faces = {"KaTeX_Main"}
    for selectors, rules in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        for family in re.findall(r"KaTeX_\w+", rules) if "@font-face" not in selectors else ():
            for selector in selectors.split(","):
                names = set(re.findall(r"\.([\w-]+)", selector)) - {"katex"}
                if names <= used:
                    faces.add(family)

    def inlined(match):
        face = match.group(0)
        family = re.search(r"font-family:[\"']?(\w+)", face).group(1)
        if family not in faces:
            return ""
        source = re.search(r"url\((fonts/[\w-]+\.woff2)\)", face).group(1)
        font = base64.b64encode(npm_file("katex", "dist", source).read_bytes()).decode("ascii")
        return re.sub(r"src:[^;}]*", f'src:url(data:font/woff2;base64,{font}) format("woff2")', face)

    return re.sub(r"@font-face\{[^}]*\}", inlined, css)
