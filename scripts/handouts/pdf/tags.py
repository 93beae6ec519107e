"""Rewrites the structure tree that Chromium writes: formulas, figures with captions, paragraphs, lists.

Chromium tags headings, tables, lists and links well. It puts a NonStruct around each piece of text,
knows no formulas, and nests the image of a figure in another figure.
"""

from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NullObject, NumberObject, TextStringObject

# What may hold text and other inline elements.
TEXT_BLOCKS = {"/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/Caption", "/Lbl"}
INLINE = {"/Span", "/Link", "/Code", "/Formula", "/Quote", "/Strong", "/Em"}
# Chromium's tags that PDF 1.7 does not have.
ROLES = {"/Strong": "/Span", "/Em": "/Span"}
CELLS = {"/TH", "/TD"}


class Content:
    """Marked content on a page."""

    def __init__(self, page, mcid):
        self.page, self.mcid = page, mcid


class Annotation:
    """A link on a page, as the structure tree refers to it."""

    def __init__(self, reference):
        self.reference = reference


class Element:
    """An element of the structure tree, with its kids in reading order."""

    def __init__(self, reference, dictionary, kids):
        self.reference, self.dictionary, self.kids = reference, dictionary, kids

    @property
    def tag(self):
        return self.dictionary["/S"]

    @tag.setter
    def tag(self, name):
        self.dictionary[NameObject("/S")] = NameObject(name)

    @property
    def alt(self):
        return self.dictionary.get("/Alt")

    @alt.setter
    def alt(self, text):
        self.dictionary[NameObject("/Alt")] = TextStringObject(text)

    def is_inline(self):
        return self.tag in INLINE or (self.tag == "/NonStruct" and all(is_inline(kid) for kid in self.kids))

    def contents(self):
        """Yield the marked contents below, in reading order."""
        for kid in self.kids:
            if isinstance(kid, Content):
                yield kid
            elif isinstance(kid, Element):
                yield from kid.contents()


def is_inline(kid):
    return not isinstance(kid, Element) or kid.is_inline()


class StructureTree:
    """The structure tree of a document that a PdfWriter holds."""

    def __init__(self, writer):
        self.writer = writer
        self.root = writer.root_object["/StructTreeRoot"]
        kids = self.root["/K"]
        self.elements = [self._read(kid) for kid in (kids if isinstance(kids, list) else [self.root.raw_get("/K")])]

    def _read(self, reference):
        dictionary = reference.get_object()
        page = dictionary.raw_get("/Pg") if "/Pg" in dictionary else None
        kids = []
        value = dictionary.get("/K", [])
        for kid in value if isinstance(value, list) else [value]:
            target = kid.get_object()
            if isinstance(target, int):
                kids.append(Content(page, int(target)))
            elif target.get("/Type") == "/MCR":
                kids.append(Content(target.raw_get("/Pg") if "/Pg" in target else page, int(target["/MCID"])))
            elif target.get("/Type") == "/OBJR":
                kids.append(Annotation(target))
            else:
                kids.append(self._read(kid))
        return Element(reference, dictionary, kids)

    def _new(self, tag, kids):
        dictionary = DictionaryObject({NameObject("/Type"): NameObject("/StructElem"), NameObject("/S"): NameObject(tag)})
        return Element(self.writer._add_object(dictionary), dictionary, kids)

    def rewrite(self, formula_mark, decoration):
        """Change the tree; `write` puts it back into the document.

        :param formula_mark: the beginning of the alternative text of formulas.
        :param decoration: pairs of a page's object number and of marked content without text and images.
        """
        self.root[NameObject("/RoleMap")] = DictionaryObject({NameObject(k): NameObject(v) for k, v in ROLES.items()})
        for element in self.elements:
            self._undecorate(element, decoration)
            self._name(element, formula_mark)
            self._arrange(element)

    def _undecorate(self, element, decoration):
        """Remove backgrounds and borders."""
        element.kids = [
            kid for kid in element.kids if not (isinstance(kid, Content) and (kid.page.idnum, kid.mcid) in decoration)
        ]
        for kid in element.kids:
            if isinstance(kid, Element):
                self._undecorate(kid, decoration)

    def _name(self, element, formula_mark):
        if element.tag == "/Figure" and (element.alt or "").startswith(formula_mark):
            element.tag = "/Formula"
            element.alt = element.alt[len(formula_mark) :]
            element.kids = list(element.contents())
            return
        for kid in element.kids:
            if isinstance(kid, Element):
                self._name(kid, formula_mark)
        if element.tag == "/Figure" and any(isinstance(kid, Element) and kid.tag == "/Figure" for kid in element.kids):
            element.tag = "/Div"

    def _arrange(self, element):
        if element.tag in TEXT_BLOCKS | INLINE or (element.tag in CELLS and all(map(is_inline, element.kids))):
            element.kids = self._spliced(element.kids)
        elif element.tag == "/LI":
            labels = [kid for kid in element.kids if isinstance(kid, Element) and kid.tag == "/Lbl"]
            others = [kid for kid in element.kids if kid not in labels]
            body = self._new("/LBody", others)
            element.kids = labels + [body]
        elif element.tag == "/LBody" and all(map(is_inline, element.kids)):
            element.kids = self._spliced(element.kids)
        elif element.tag == "/Figure":
            element.kids = list(element.contents())
        else:
            element.kids = self._blocks(element.kids, element.tag)
        for kid in element.kids:
            if isinstance(kid, Element):
                self._arrange(kid)

    def _spliced(self, kids):
        """Return kids without the NonStruct elements among them."""
        result = []
        for kid in kids:
            result += self._spliced(kid.kids) if isinstance(kid, Element) and kid.tag == "/NonStruct" else [kid]
        return result

    def _blocks(self, kids, tag):
        """Return the blocks among kids; text between them becomes paragraphs."""
        result, run = [], []

        def end_run():
            if run:
                result.append(self._new("/P", list(run)))
                run.clear()

        for kid in kids:
            if isinstance(kid, Element) and kid.tag == "/NonStruct":
                end_run()
                if not kid.is_inline():
                    result.extend(self._blocks(kid.kids, tag))
                elif any(True for _ in kid.contents()):
                    kid.tag = "/P"
                    result.append(kid)
            elif is_inline(kid):
                run.append(kid)
            else:
                end_run()
                result.append(kid)
        end_run()
        return result

    def name_links(self, texts):
        """Give links their text as a description, if there are as many as texts. Return how many there are."""
        links = list(self._tagged(self.elements, "/Link"))
        for index, link in enumerate(links):
            for kid in link.kids:
                if isinstance(kid, Annotation):
                    annotation = kid.reference["/Obj"]
                    text = texts[index] if len(texts) == len(links) else "Link"
                    annotation[NameObject("/Contents")] = TextStringObject(text)
        return len(links)

    def _tagged(self, elements, tag):
        for element in elements:
            if isinstance(element, Element):
                if element.tag == tag:
                    yield element
                yield from self._tagged(element.kids, tag)

    def write(self):
        """Put the tree back into the document."""
        owners, annotations = {}, {}
        for element in self.elements:
            self._write(element, self.root.indirect_reference, owners, annotations)
        numbers = {}
        for page in self.writer.pages:
            if "/StructParents" in page:
                owned = owners.get(page.indirect_reference.idnum, {})
                numbers[int(page["/StructParents"])] = ArrayObject(
                    owned.get(mcid, NullObject()) for mcid in range(max(owned, default=-1) + 1)
                )
            for annotation in page.get("/Annots", []):
                reference = annotation
                target = annotation.get_object()
                if "/StructParent" in target and reference.idnum in annotations:
                    numbers[int(target["/StructParent"])] = annotations[reference.idnum]
        pairs = ArrayObject()
        for number in sorted(numbers):
            value = numbers[number]
            pairs += [NumberObject(number), self.writer._add_object(value) if isinstance(value, list) else value]
        self.root[NameObject("/ParentTree")] = self.writer._add_object(DictionaryObject({NameObject("/Nums"): pairs}))

    def _write(self, element, parent, owners, annotations):
        dictionary = element.dictionary
        dictionary[NameObject("/P")] = parent
        first = next((kid.page for kid in element.kids if isinstance(kid, Content)), None)
        if first is not None:
            dictionary[NameObject("/Pg")] = first
        elif "/Pg" in dictionary:
            del dictionary["/Pg"]
        kids = ArrayObject()
        for kid in element.kids:
            if isinstance(kid, Content):
                owners.setdefault(kid.page.idnum, {})[kid.mcid] = element.reference
                number = NumberObject(kid.mcid)
                kids.append(
                    number
                    if kid.page == first
                    else DictionaryObject(
                        {NameObject("/Type"): NameObject("/MCR"), NameObject("/Pg"): kid.page, NameObject("/MCID"): number}
                    )
                )
            elif isinstance(kid, Annotation):
                annotations[kid.reference.raw_get("/Obj").idnum] = element.reference
                kids.append(kid.reference)
            else:
                self._write(kid, element.reference, owners, annotations)
                kids.append(kid.reference)
        dictionary[NameObject("/K")] = kids
