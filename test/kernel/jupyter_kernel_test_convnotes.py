"""The kernel against Jupyter's own conformance tests (jupyter_kernel_test).

    .venv/bin/python test/kernel/jupyter_kernel_test_convnotes.py

`conformance.test.ts` runs this file as part of `npm test`.
"""

import unittest

import jupyter_kernel_test


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


class ConvnotesWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "convnotes"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()
