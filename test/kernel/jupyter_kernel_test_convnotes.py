"""Runs Jupyter's conformance tests (jupyter_kernel_test) against the kernel.

    .venv/bin/python test/kernel/jupyter_kernel_test_convnotes.py

`conformance.test.ts` runs this file as part of `npm test`.
"""

import unittest

import jupyter_kernel_test
from jupyter_kernel_test import ensure_sync

# Time limit of an answer, in seconds; long, because the speed of the machine is not tested.
PATIENCE = 120
jupyter_kernel_test.TIMEOUT = PATIENCE


class ConvnotesKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "convnotes"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("oops")'
    completion_samples = [
        {"text": "Mat", "matches": {"Math"}},
        {"text": "Math.ab", "matches": {"abs"}},
        {"text": "const ok = Number.isIn", "matches": {"isInteger"}},
    ]
    complete_code_samples = ["1 + 1", "function f() { return 1 }", "for (const x of [1]) {\n}"]
    invalid_code_samples = ["const = 1", "}", "1 +* 2"]
    incomplete_code_samples = ["function f() {", "const x = [1,", "`template"]
    code_generate_error = 'throw new Error("thrown on purpose")'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[1, 2].map((x) => x * 2)", "result": "[ 2, 4 ]"},
    ]
    code_display_data = [
        {
            "code": 'import { display } from "tslab"; display.html("<b>bold</b>")',
            "mime": "text/html",
        },
    ]
    code_history_pattern = "6 ? 7"
    supported_history_operations = ("tail", "range", "search")
    code_clear_output = '(globalThis as any)[Symbol.for("convnotes.notebook")].clear()'
    code_inspect_sample = "Math.sqrt"
    code_page_something = "Math.sqrt?"

    def execute_helper(self, code, timeout=PATIENCE, **options):
        """Uses the time limit of the reply for iopub messages too; Jupyter's limit is 0.1 s."""
        channel = self.kc.iopub_channel
        get = ensure_sync(channel.get_msg)
        channel.get_msg = lambda timeout: get(timeout=max(timeout, PATIENCE))
        try:
            return super().execute_helper(code, timeout, **options)
        finally:
            del channel.get_msg


class ConvnotesWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "convnotes"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()
