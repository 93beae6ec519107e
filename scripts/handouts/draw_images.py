"""Stores an image beside each figure of notebooks, for every handout made of them.

    .venv/bin/python scripts/handouts/draw_images.py NOTEBOOK...

changes the notebooks, and prints the name of each. A remark on standard error says which figures
have no image, and why.
"""

import sys
from pathlib import Path

# See scripts/lessons/export.py.
sys.modules.setdefault("rfc3987_syntax", None)

ROOT = Path(__file__).resolve().parents[2]
for folder in ("pages", "lessons"):
    sys.path.insert(0, str(ROOT / "scripts" / folder))

import nbformat

from atomic_write import write_atomically
from convnotes_images import add_images


def main(paths):
    remarks = set()
    for path in map(Path, paths):
        notebook = nbformat.read(path, as_version=4)
        before = nbformat.writes(notebook)
        remark = add_images(notebook)
        text = nbformat.writes(notebook)
        if text != before:
            write_atomically(path, text + "\n")
        print(path.stem)
        remarks.update([remark] if remark else [])
    for remark in sorted(remarks):
        print(remark, file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
