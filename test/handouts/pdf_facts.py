"""Reads what the tests of the PDF handouts check, and writes it as JSON.

    .venv/bin/python test/handouts/pdf_facts.py FILE

Content streams are read line by line: Chromium writes one operator at the end of each line.
"""

import json
import sys

from pypdf import PdfReader

MATRIX = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def multiplied(one, other):
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def placed(matrix, x, y):
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def painted(data):
    """Return where a page's content stream paints text and images: kind, box, whether it is an artifact."""
    result, stack, current = [], [], MATRIX
    line_matrix, marks, untagged = MATRIX, [], 0
    for line in data.decode("latin-1").split("\n"):
        words = line.split(" ")
        operator = words[-1]
        if operator.endswith("BDC") or operator == "BMC":
            marks.append("Artifact" in line)
        elif operator == "EMC":
            marks.pop()
        elif operator == "q":
            stack.append(current)
        elif operator == "Q":
            current = stack.pop()
        elif operator == "cm":
            current = multiplied(tuple(map(float, words[:6])), current)
        elif operator == "BT":
            line_matrix = MATRIX
        elif operator == "Tm":
            line_matrix = tuple(map(float, words[:6]))
        elif operator in ("Tj", "TJ", "Do"):
            if "Td" in words:
                x, y = map(float, words[:2])
                line_matrix = multiplied((1, 0, 0, 1, x, y), line_matrix)
            if not marks:
                untagged += 1
            whole = multiplied(line_matrix, current) if operator != "Do" else current
            corners = [placed(whole, 0, 0), placed(whole, 1, 1)] if operator == "Do" else [placed(whole, 0, 0)] * 2
            xs, ys = zip(*corners)
            kind = "image" if operator == "Do" else "text"
            box = [round(value, 1) for value in (min(xs), min(ys), max(xs), max(ys))]
            result.append({"kind": kind, "box": box, "artifact": any(marks)})
    return result, untagged


def elements(root):
    """Yield each element of the structure tree with its parent's tag."""
    def walk(element, parent):
        element = element.get_object()
        if not isinstance(element, dict) or "/S" not in element:
            return
        yield element, parent
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            yield from walk(kid, element["/S"])

    kids = root["/K"]
    for kid in kids if isinstance(kids, list) else [root.raw_get("/K")]:
        yield from walk(kid, None)


def tags_below(element):
    return [each["/S"] for each, _ in elements({"/K": [element]})]


def outline(entry, level, pages):
    child = entry.get("/First")
    while child is not None:
        child = child.get_object()
        page, _, _, top, *_ = child["/Dest"]
        yield {
            "title": child["/Title"],
            "level": level,
            "tag": child["/SE"]["/S"] if "/SE" in child else None,
            "page": pages[page.get_object().indirect_reference.idnum],
            "top": float(top),
        }
        yield from outline(child, level + 1, pages)
        child = child.get("/Next")


def facts(file):
    reader = PdfReader(file)
    root = reader.root_object
    numbers = {page.indirect_reference.idnum: index + 1 for index, page in enumerate(reader.pages)}
    tree = list(elements(root["/StructTreeRoot"]))
    by_tag = lambda tag: [element for element, _ in tree if element["/S"] == tag]
    pages, untagged = [], 0
    for page in reader.pages:
        found, loose = painted(page["/Contents"].get_data())
        untagged += loose
        pages.append({"size": [float(page.mediabox.width), float(page.mediabox.height)], "text": page.extract_text(), "painted": found})
    annotations = [annotation.get_object() for page in reader.pages for annotation in page.get("/Annots", [])]
    return {
        "language": root.get("/Lang"),
        "marked": bool(root.get("/MarkInfo", {}).get("/Marked")),
        "showsTitle": bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")),
        "title": reader.metadata.title,
        "untagged": untagged,
        "pages": pages,
        "outline": list(outline(root["/Outlines"], 1, numbers)),
        "tags": {tag: len(by_tag(tag)) for tag in sorted({element["/S"] for element, _ in tree})},
        "figures": [element.get("/Alt") for element in by_tag("/Figure")],
        "formulas": [element.get("/Alt") for element in by_tag("/Formula")],
        "tables": [[tag for tag in tags_below(element)] for element in by_tag("/Table")],
        "items": [sorted(set(tags_below(kid)[0] for kid in element["/K"])) for element in by_tag("/LI")],
        "links": [
            {"contents": each.get("/Contents"), "to": each.get("/Dest", each.get("/A", {}).get("/URI") or each.get("/A", {}).get("/F", {}).get("/F"))}
            for each in annotations
            if each["/Subtype"] == "/Link"
        ],
    }


if __name__ == "__main__":
    sys.setrecursionlimit(20_000)
    json.dump(facts(sys.argv[1]), sys.stdout)
