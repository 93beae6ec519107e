"""Runs a notebook cell by cell in a kernel and prints each event as one line of JSON.

    .venv/bin/python scripts/lessons/execute.py notebooks/lesson-1.ipynb out

writes out/lesson-1.ipynb and out/lesson-1.html; if a cell fails, it writes
out/lesson-1.failed.ipynb instead. Cells run in the notebook's folder, without a time limit. The
kernel inherits the environment, so CONVNOTES_MODE and CONVNOTES_DATA reach the lesson.

The lines on standard output (nothing else is written there) are objects with an "event":

    start     notebook, kernel, cells (number of code cells)
    cell      index (from 1, of the code cells), label (the heading above), source (its first line)
    progress  text: what the cell shows at the moment, in one line
    done      index, seconds
    error     index, label, source (whole), ename, evalue, traceback (lines), notebook (the failed one's path)
    finished  notebook, page, seconds, remark (on figures without an image, or null)

Exit code 0 after "finished"; 1 after "error", or if the notebook cannot be run at all (standard
error has the reason); 130 if SIGINT, SIGTERM, SIGHUP or, with --stop-on-end-of-input, the end of
standard input stopped the run. In none of these cases does a kernel or a partly written file remain.
"""

import argparse
import asyncio
import json
import os
import re
import signal
import sys
import time
from pathlib import Path

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# Before the run installs its handlers there is nothing to clean up. Set before the imports below,
# which take seconds.
for number in STOP_SIGNALS:
    signal.signal(number, lambda *_: os._exit(130))

# Imported first: it makes the other imports fast.
from export import page_of
from atomic_write import write_atomically
from convnotes_images import add_images
from convnotes_node import NodeError

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

# Standard output carries only events, so that nothing a library or the kernel process prints comes
# between the lines of JSON. Everything else goes to standard error.
EVENTS = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)


def unmarked(heading):
    """Return a heading's text without Markdown markup for code and emphasis."""
    return re.sub(r"[`*]", "", heading).strip()


def emit(event, **fields):
    """Write one event as a line of JSON."""
    EVENTS.write(json.dumps({"event": event, **fields}, ensure_ascii=False) + "\n")
    EVENTS.flush()


class LessonClient(NotebookClient):
    """nbclient's client, which also reports what a running cell shows."""

    def process_message(self, msg, cell, cell_index):
        content = msg["content"]
        if msg["msg_type"] in ("display_data", "update_display_data"):
            # A single line is progress. A table or the text of a figure is output to be read later.
            text = content["data"].get("text/plain", "")
            emit_progress(text if isinstance(text, str) and "\n" not in text.strip() else "")
        elif msg["msg_type"] == "stream":
            emit_progress(content["text"].rstrip().rsplit("\n", 1)[-1])
        return super().process_message(msg, cell, cell_index)


def emit_progress(text):
    """Report a line, without its color escape sequences, unless it is blank."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text).strip()
    if text:
        emit("progress", text=text)


def labels_of(notebook):
    """Return, for each cell, the text of the nearest Markdown heading above it."""
    label, labels = "", []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            headings = re.findall(r"^#+\s+(.+)$", cell.source, re.MULTILINE)
            label = unmarked(headings[-1]) if headings else label
        labels.append(label)
    return labels


def first_line(source):
    """Return the first line that is neither blank nor a comment, else the first non-blank one."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    return next((line for line in lines if not line.startswith("//")), lines[0])


async def execute(notebook, source, kernel):
    """Run the notebook's code cells in place, in the folder of its source, and report each.

    :param source: the path the notebook was read from.
    :param kernel: the kernelspec's name.
    :raises CellExecutionError: if a cell fails; the notebook then holds the outputs up to it.
    :raises DeadKernelError: if the kernel's process ends.
    """
    # A cell that is not reached must not keep its output of an earlier run.
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    labels = labels_of(notebook)
    indices = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]
    emit("start", notebook=str(source), kernel=kernel, cells=len(indices))
    manager = AsyncKernelManager(kernel_name=kernel)
    await manager.start_kernel(cwd=str(source.parent))
    group = manager.provisioner.pgid
    client = LessonClient(
        notebook, km=manager, timeout=None, iopub_timeout=30, record_timing=False, coalesce_streams=True
    )
    client.kc = manager.client()
    try:
        client.kc.start_channels()
        await client.kc.wait_for_ready(timeout=120)
        info = await client.async_wait_for_reply(client.kc.kernel_info())
        notebook.metadata["language_info"] = info["content"]["language_info"]
        for position, index in enumerate(indices, start=1):
            cell = notebook.cells[index]
            emit("cell", index=position, label=labels[index], source=first_line(cell.source))
            started = time.monotonic()
            try:
                await client.async_execute_cell(cell, index, execution_count=position)
            except (CellExecutionError, DeadKernelError) as error:
                error.cell_fields = {"index": position, "label": labels[index], "source": cell.source}
                raise
            emit("done", index=position, seconds=round(time.monotonic() - started, 3))
    finally:
        client.kc.stop_channels()
        await manager.shutdown_kernel()
        kill_group(group)


def kill_group(group):
    """Kill what remains of the kernel's process group, such as a runtime busy in native code."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass


async def until_stopped(work, watch_input):
    """Await the work. If a stop signal or the end of standard input comes first, cancel it.

    Return whether the work was completed. A second signal changes nothing: all that remains then is
    to end the kernel, which takes a few seconds at most.
    """
    task = asyncio.ensure_future(work)
    stopped = False

    def stop():
        nonlocal stopped
        if not stopped:
            stopped = True
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop)
    if watch_input:
        loop.add_reader(0, lambda: os.read(0, 4096) or (loop.remove_reader(0), stop()))
    try:
        await task
    except (Exception, asyncio.CancelledError):
        # The error that a canceled cell raises inside nbclient ("Kernel died") would be
        # misleading.
        if not stopped:
            raise
    return not stopped


async def run_lesson(source, out, kernel, watch_input):
    """Execute a notebook file and write the results. Return the exit code."""
    notebook = nbformat.read(source, as_version=4)
    executed, failed, page = (out / f"{source.stem}{ending}" for ending in (".ipynb", ".failed.ipynb", ".html"))
    started = time.monotonic()
    try:
        if not await until_stopped(execute(notebook, source, kernel), watch_input):
            return 130
    except (CellExecutionError, DeadKernelError) as error:
        if not hasattr(error, "cell_fields"):
            raise
        write_atomically(failed, nbformat.writes(notebook))
        emit("error", **error.cell_fields, **reason_of(notebook, error), notebook=str(failed))
        return 1
    remark = add_images(notebook)
    write_atomically(executed, nbformat.writes(notebook))
    write_atomically(page, page_of(notebook, source.stem, str(source.parent)))
    failed.unlink(missing_ok=True)
    seconds = round(time.monotonic() - started, 3)
    emit("finished", notebook=str(executed), page=str(page), seconds=seconds, remark=remark)
    return 0


def reason_of(notebook, error):
    """Return an error's name, message and traceback lines, as shown by the cell that failed."""
    if isinstance(error, DeadKernelError):
        return {"ename": "DeadKernelError", "evalue": "The kernel's process ended while the cell ran", "traceback": []}
    shown = [
        output
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "error"
    ]
    return {"ename": error.ename, "evalue": error.evalue, "traceback": shown[-1].traceback if shown else []}


def main():
    parser = argparse.ArgumentParser(description="Runs a notebook cell by cell and prints each event as a line of JSON.")
    parser.add_argument("notebook", type=Path)
    parser.add_argument("out", type=Path, help="folder for the executed notebook and its page")
    parser.add_argument("--kernel", default="convnotes", help="name of the kernelspec")
    parser.add_argument("--stop-on-end-of-input", action="store_true", help="stop when standard input ends")
    arguments = parser.parse_args()
    try:
        return asyncio.run(
            run_lesson(
                arguments.notebook.resolve(), arguments.out.resolve(), arguments.kernel, arguments.stop_on_end_of_input
            )
        )
    except NoSuchKernel as error:
        return f"Expected a Jupyter kernel named {error.name!r}, received no such kernelspec. npm run setup installs it."
    except (OSError, NodeError, RuntimeError, nbformat.reader.NotJSONError) as error:
        return f"{arguments.notebook} could not be run: {error}"


if __name__ == "__main__":
    sys.exit(main())
