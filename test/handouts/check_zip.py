"""Unpacks a file of handouts, and prints as JSON what is wrong in it.

    python check_zip.py FILE FOLDER WORD...

Each link of a page, a notebook or a Markdown file must lead to a file or an anchor that is there,
and no file may contain one of the words, such as the path of a folder of this machine.
"""

import functools
import json
import re
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote


class Page(HTMLParser):
    """Collects the links and the anchors of a page."""

    def __init__(self):
        super().__init__()
        self.links, self.anchors = [], set()

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src") and value:
                self.links.append(value)
            if name in ("id", "name") and value:
                self.anchors.add(value)


@functools.cache
def read_page(file):
    page = Page()
    page.feed(file.read_text(encoding="utf-8"))
    return page


def markdown_links(text):
    return re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", text)


def links_of(file):
    if file.suffix == ".html":
        return read_page(file).links
    if file.suffix == ".md":
        return markdown_links(file.read_text(encoding="utf-8"))
    if file.suffix == ".ipynb":
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        return [link for text in texts for link in markdown_links(text)]
    return []


def is_broken(file, link):
    """Return whether a link from a file leads nowhere. Addresses in the network are not tried."""
    if re.match(r"[a-zA-Z][\w+.-]*:", link):
        return False
    path, _, anchor = link.partition("#")
    target = (file.parent / unquote(path)) if path else file
    if not target.is_file():
        return True
    if not anchor or target.suffix != ".html":
        return False
    return unquote(anchor) not in read_page(target).anchors


def main(archive, folder, *words):
    with zipfile.ZipFile(archive) as packed:
        names = packed.namelist()
        damaged = packed.testzip()
        dates = sorted({"-".join(map(str, entry.date_time[:3])) for entry in packed.infolist()})
        packed.extractall(folder)
    files = [file for file in Path(folder).rglob("*") if file.is_file()]
    links = [(file, link) for file in files for link in links_of(file)]
    print(
        json.dumps(
            {
                "names": names,
                "damaged": damaged,
                "dates": dates,
                "links": len(links),
                "broken": [f"{file.name}: {link}" for file, link in links if is_broken(file, link)],
                "words": [f"{file.name}: {word}" for file in files for word in words if word.encode() in file.read_bytes()],
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
