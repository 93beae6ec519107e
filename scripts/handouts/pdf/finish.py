"""Finishes the PDF that Chromium has printed. Used by `npm run handouts`.

    .venv/bin/python scripts/handouts/pdf/finish.py pages FILE

writes the page of each named destination as JSON, counted from 1, and

    .venv/bin/python scripts/handouts/pdf/finish.py finish < REQUEST

writes the finished document. The request is JSON: `source` and `target` (paths), `title`,
`language`, `top` (the upper margin in points), `links` (the texts of the links in reading order),
`headings` (the texts of the headings), `formula_mark` and `file_host` (how Chromium's input marks
formulas and links to other documents).
"""

import json
import os
import sys
from pathlib import Path
from xml.sax.saxutils import escape

from artifacts import with_artifacts, without_decoration
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from tags import StructureTree

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def pages_of(file):
    """Return the page number of each named destination."""
    reader = PdfReader(file)
    numbers = {page.indirect_reference.idnum: index + 1 for index, page in enumerate(reader.pages)}
    destinations = reader.root_object.get("/Dests", {})
    return {name[1:]: numbers[target[0].indirect_reference.idnum] for name, target in destinations.items()}


def finish(request):
    """Write the finished document. Return its number of pages and of links."""
    writer = PdfWriter(clone_from=request["source"])
    writer.pdf_header = "%PDF-1.7"
    decoration = {pair for page in writer.pages for pair in mark_artifacts(writer, page)}
    tree = StructureTree(writer)
    tree.rewrite(request["formula_mark"], decoration)
    links = tree.name_links(request["links"])
    tree.write()
    move_destinations(writer, request["top"])
    if "/Outlines" in writer.root_object:
        separate_words(writer.root_object["/Outlines"], {without_spaces(text): text for text in request["headings"]})
    for page in writer.pages:
        set_file_links(page, request["file_host"])
        page[NameObject("/Tabs")] = NameObject("/S")
    set_metadata(writer, request["title"], request["language"])
    # What the rewritten tree no longer refers to.
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    write_atomically(writer, Path(request["target"]))
    return {"pages": len(writer.pages), "links": links}


def move_destinations(writer, top):
    """Chromium counts the height of destinations without the margin of the page."""
    for target in writer.root_object.get("/Dests", {}).values():
        move(target.get_object(), top)


def move(destination, top):
    if destination[1] == "/XYZ":
        destination[2] = NumberObject(0)
        # A little more than the line itself, so that it is not at the very edge.
        destination[3] = NumberObject(round(float(destination[3]) - top + 6))


def mark_artifacts(writer, page):
    """Rewrite a page's content. Return pairs of its object number and of marked content that is decoration."""
    contents = page["/Contents"]
    parts = contents if isinstance(contents, ArrayObject) else [contents]
    data, decoration = without_decoration(b"\n".join(part.get_object().get_data() for part in parts))
    stream = DecodedStreamObject()
    stream.set_data(with_artifacts(data))
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    return [(page.indirect_reference.idnum, number) for number in decoration]


def set_file_links(page, file_host):
    """Links between the chapters' documents work wherever their folder is."""
    for annotation in page.get("/Annots", []):
        annotation = annotation.get_object()
        action = annotation.get("/A", {})
        if action.get("/URI", "").startswith(file_host):
            name = TextStringObject(action["/URI"][len(file_host) :])
            file = DictionaryObject(
                {NameObject("/Type"): NameObject("/Filespec"), NameObject("/F"): name, NameObject("/UF"): name}
            )
            annotation[NameObject("/A")] = DictionaryObject(
                {
                    NameObject("/S"): NameObject("/GoToR"),
                    NameObject("/F"): file,
                    NameObject("/D"): ArrayObject([NumberObject(0), NameObject("/Fit")]),
                }
            )


def without_spaces(text):
    return "".join(text.split())


def separate_words(entry, headings):
    """Chromium joins the words at the end of a line and at the beginning of the next one."""
    child = entry.get("/First")
    while child is not None:
        child = child.get_object()
        heading = headings.get(without_spaces(child["/Title"]))
        if heading is not None:
            child[NameObject("/Title")] = TextStringObject(heading)
        separate_words(child, headings)
        child = child.get("/Next")


def set_metadata(writer, title, language):
    root = writer.root_object
    writer.metadata = {"/Title": title, "/Creator": "convnotes"}
    root[NameObject("/Lang")] = TextStringObject(language)
    root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    root[NameObject("/ViewerPreferences")] = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    stream = DecodedStreamObject()
    stream.set_data(XMP.format(title=escape(title), language=escape(language)).encode("utf-8"))
    stream[NameObject("/Type")] = NameObject("/Metadata")
    stream[NameObject("/Subtype")] = NameObject("/XML")
    root[NameObject("/Metadata")] = writer._add_object(stream)


def write_atomically(writer, target):
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with part.open("wb") as file:
            writer.write(file)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def main():
    sys.setrecursionlimit(20_000)
    command, *arguments = sys.argv[1:]
    result = pages_of(arguments[0]) if command == "pages" else finish(json.load(sys.stdin))
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
