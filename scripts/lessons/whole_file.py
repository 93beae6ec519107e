"""Files that are either whole or absent."""

import os


def write_whole(path, text):
    """Write text to a path so that at no moment the path names a part of it.

    The text goes to a hidden neighbour, which then takes the name; it is removed if anything stops the writing.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
