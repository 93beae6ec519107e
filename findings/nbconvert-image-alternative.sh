#!/usr/bin/env bash
# nbconvert: HTML says that an image has no description, though its metadata has one.
#
# Library:   nbconvert 7.17.2.
# Specified: nbconvert's pull request 1112 (released in 6.0) reads the alternative text of an image
#            from the output's metadata, {"image/png": {"alt": …}}, beside width and height.
# Observed:  Only the template "classic" does. The default template "lab" uses width and height of
#            the same metadata, but writes "No description has been provided for this image" and
#            warns that alternative text is missing.
# Reports:   https://github.com/jupyter/nbconvert/issues/1993 asks for a default text, and does not
#            name this.
#
# Exit code 0: reproduced. 1: not reproduced.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv environment
environment/bin/pip install --quiet nbconvert==7.17.2

cat > program.py << 'END'
import importlib.metadata
import re

import nbformat
from nbconvert import HTMLExporter

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
METADATA = {"image/png": {"width": 300, "height": 200, "alt": "A falling curve"}}

notebook = nbformat.v4.new_notebook(
    cells=[
        nbformat.v4.new_code_cell(
            "draw()",
            outputs=[nbformat.v4.new_output("display_data", {"image/png": PNG}, metadata=METADATA)],
        )
    ]
)
nbformat.validate(notebook)

print(f"nbconvert {importlib.metadata.version('nbconvert')}, metadata of the image: {METADATA}")
seen = {}
for template in ["classic", "lab"]:
    page, _ = HTMLExporter(template_name=template).from_notebook_node(notebook)
    (tag,) = re.findall(r"<img[^>]*>", page)
    attributes = dict(re.findall(r'(alt|width|height)="([^"]*)"', tag))
    seen[template] = attributes
    print(f"template {template}: {attributes}")

again = (
    seen["classic"]["alt"] == "A falling curve"
    and seen["lab"]["alt"] == "No description has been provided for this image"
    and all(attributes["width"] == "300" for attributes in seen.values())
)
print("Reproduced." if again else "Not reproduced.")
raise SystemExit(0 if again else 1)
END
environment/bin/python program.py 2> /dev/null
