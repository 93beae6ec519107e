"""Runs the project's Node programs, with JSON as their input and output."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


class NodeError(RuntimeError):
    """A Node program failed; the message has the end of its standard error."""


def node_path():
    """Return Node's path: the one that runs the project's kernel, else the one on the search path."""
    kernel = Path(sys.prefix) / "share" / "jupyter" / "kernels" / "convnotes" / "kernel.json"
    try:
        path = json.loads(kernel.read_text(encoding="utf-8"))["argv"][0]
        if Path(path).is_file():
            return path
    except (OSError, ValueError, LookupError):
        pass
    return shutil.which("node") or "node"


def run_node(program, value):
    """Run a program of this folder on a value, and return the value that it writes.

    :raises NodeError: if the program fails or Node is missing.
    """
    try:
        done = subprocess.run(
            [node_path(), str(FOLDER / program)], input=json.dumps(value), capture_output=True, encoding="utf-8"
        )
    except OSError as error:
        raise NodeError(f"Expected Node to run {program}, received: {error}") from error
    if done.returncode != 0:
        raise NodeError(f"Expected {program} to succeed, received code {done.returncode}: {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout)
