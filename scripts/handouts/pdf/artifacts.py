"""Marks what is no content of a page as artifacts: running heads, backgrounds and borders.

Chromium writes one operator at the end of each line, so that content streams are read line by line.
"""

import re

PATH_STARTS = {b"m", b"re"}
PATH = PATH_STARTS | {b"l", b"c", b"v", b"y", b"h"}
PAINT = {b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s"}
BEGIN, END = b"/Artifact BMC", b"EMC"
MARK = re.compile(rb"^/\w+ <</MCID (\d+) ?>> ?BDC$")


def without_decoration(data):
    """Turn marked content without text and images into artifacts.

    :returns: the changed content stream, and the numbers (MCID) that it no longer has.
    """
    lines = data.split(b"\n")
    begins, has_content = {}, set()
    number = None
    for index, line in enumerate(lines):
        match = MARK.match(line)
        if match:
            number = int(match[1])
            begins.setdefault(number, []).append(index)
        elif line == END:
            number = None
        elif number is not None and line.rsplit(b" ", 1)[-1] in (b"Tj", b"TJ", b"Do", b"sh"):
            has_content.add(number)
    decoration = set(begins) - has_content
    for each in decoration:
        for index in begins[each]:
            lines[index] = BEGIN
    return b"\n".join(lines), decoration


def with_artifacts(data):
    """Return a content stream in which all that is painted is either tagged or an artifact."""
    lines = data.split(b"\n")
    result = []
    depth, path, text = 0, None, None
    for line in lines:
        operator = line.rsplit(b" ", 1)[-1]
        if operator.endswith((b"BDC", b"BMC")):
            depth += 1
        elif operator == b"EMC":
            depth -= 1
        result.append(line)
        if operator in PATH_STARTS and path is None:
            path = len(result) - 1
        elif operator == b"BT":
            text = len(result) - 1 if depth == 0 else None
        elif operator == b"ET" and text is not None:
            if not any(each.endswith((b"BDC", b"BMC")) for each in result[text:]):
                result.insert(text, BEGIN)
                result.append(END)
            text = None
        elif depth == 0 and operator in PAINT and path is not None:
            result.insert(path, BEGIN)
            result.append(END)
        elif depth == 0 and operator in (b"Do", b"sh"):
            result.insert(len(result) - 1, BEGIN)
            result.append(END)
        if operator not in PATH:
            path = None
    return b"\n".join(result)
