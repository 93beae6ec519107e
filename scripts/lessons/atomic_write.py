"""Writes files atomically."""

import os


def write_atomically(path, text):
    """Write text to a path that never names a partly written file.

    The text is written to a hidden file beside it, which is then renamed, or removed if writing
    fails.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
