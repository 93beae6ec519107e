"""nbgrader's configuration for the labs; docs/teaching.md describes how to use it.

Copy it to the folder of the course, and each lab to source/LAB/LAB.ipynb there.
"""

import os
import queue

from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import start_new_kernel

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

# How long the check below may take, in seconds.
CHECK_SECONDS = 300

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
    reason = library_error(folder)
    if reason is not None:
        raise SystemExit(
            "Nothing was graded. Expected a kernel "
            f'"{KERNEL}" that can import "convnotes" in {folder}, received: {reason}'
        )
    has_library = True


def library_error(folder):
    """Returns why the library cannot be imported in a folder, or None if it can."""
    try:
        manager, client = start_new_kernel(
            kernel_name=KERNEL, startup_timeout=CHECK_SECONDS, cwd=folder
        )
    except NoSuchKernel:
        return 'no kernel of this name (jupyter kernelspec list; convnotes kernel install)'
    except RuntimeError as error:
        return f"a kernel that does not start: {error}"
    try:
        reply = client.execute_interactive(
            'import { check } from "convnotes"; void check;',
            timeout=CHECK_SECONDS,
            store_history=False,
            output_hook=lambda _: None,
        )["content"]
        if reply["status"] == "ok":
            return None
        return f'{reply["ename"]}: {reply["evalue"]}'
    except (queue.Empty, TimeoutError):
        return f"no answer within {CHECK_SECONDS} seconds"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


c.Autograde.pre_convert_hook = require_library
