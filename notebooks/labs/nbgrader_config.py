"""nbgrader's configuration for the labs; docs/teaching.md describes how to use it.

Copy it to the folder of the course, and each lab to source/LAB/LAB.ipynb there.
"""

import json
import os
import queue
import sys

from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import start_new_kernel
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor

c = get_config()  # noqa: F821

KERNEL = "convnotes"

c.CourseDirectory.course_id = "convnotes"

# The labs are written in TypeScript: nbgrader knows no stub for it.
c.ClearSolutions.code_stub = {
    "typescript": "// YOUR CODE HERE\nreturn notWritten();"
}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"

# Seconds for one cell. An endless loop is interrupted then, and the cells after it run. The longest
# cell of a lab trains for some seconds in quick mode, and several times as long on a busy machine.
c.Execute.timeout = 120
c.Execute.interrupt_on_timeout = True

# How long a cell of the hooks below may take, in seconds.
HOOK_SECONDS = 300

has_library = False


def require_library(notebooks, **_):
    """Ends the command if the library cannot be imported where the notebooks are.

    Otherwise every cell would fail, and every student would get no points. nbgrader only logs what
    a hook raises, except what ends the program.
    """
    global has_library
    if has_library:
        return
    folder = os.path.dirname(os.path.abspath(notebooks[0])) if notebooks else os.getcwd()
    reason = cell_error('import { check } from "convnotes"; void check;', folder)
    if reason is not None:
        raise SystemExit(
            "Nothing was graded. Expected a kernel "
            f'"{KERNEL}" that can import "convnotes" in {folder}, received: {reason}'
        )
    has_library = True


def add_images(notebooks, **_):
    """Adds an image beside each figure of graded notebooks: feedback is a page without plotly.js."""
    for notebook in map(os.path.abspath, notebooks):
        code = f"""
            import {{ addFigureImages }} from "convnotes";
            const {{ failed }} = await addFigureImages({json.dumps(notebook)});
            if (failed > 0) throw new Error(`plotly.js could not draw ${{failed}} of them.`);
        """
        reason = cell_error(code, os.path.dirname(notebook))
        if reason is not None:
            print(f"The feedback shows figures as text: {reason}", file=sys.stderr)


class SpacedTables(NbGraderPreprocessor):
    """Separates the columns of tables: the page of nbgrader's feedback sets no space between them."""

    def preprocess(self, nb, resources):
        resources["inlining"]["css"].append(
            ".output table { border-collapse: collapse; }"
            ".output :is(th, td) { padding: 0.1em 0.6em; }"
            ".output thead { border-bottom: 1px solid; }"
        )
        return nb, resources


def cell_error(code, folder):
    """Runs a cell in a new kernel in a folder. Returns why it failed, or None if it did not."""
    try:
        manager, client = start_new_kernel(
            kernel_name=KERNEL, startup_timeout=HOOK_SECONDS, cwd=folder
        )
    except NoSuchKernel:
        return 'no kernel of this name (jupyter kernelspec list; convnotes kernel install)'
    except RuntimeError as error:
        return f"a kernel that does not start: {error}"
    try:
        reply = client.execute_interactive(
            code,
            timeout=HOOK_SECONDS,
            store_history=False,
            output_hook=lambda _: None,
        )["content"]
        if reply["status"] == "ok":
            return None
        return f'{reply["ename"]}: {reply["evalue"]}'
    except (queue.Empty, TimeoutError):
        return f"no answer within {HOOK_SECONDS} seconds"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


c.Autograde.pre_convert_hook = require_library
c.GenerateFeedback.pre_convert_hook = add_images
c.GenerateFeedback.preprocessors = [GetGrades, CSSHTMLHeaderPreprocessor, SpacedTables]
