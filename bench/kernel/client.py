"""Measures one Jupyter kernel over ZeroMQ with jupyter_client and prints one line of JSON.

Run by bench/kernel.mjs. All durations are in milliseconds, from the request to the kernel's "idle" and its reply.
"""

import argparse
import json
import statistics
import time

from jupyter_client.manager import KernelManager

# The cells of each language: a minimal one, a small one, the imports of TensorFlow.js and of
# convnotes, and a small tensor cell.
CELLS = {
    "typescript": {
        "least": "1 + 1",
        "small": "const a = 1 + 1; a",
        "import": 'import * as tf from "@tensorflow/tfjs-node";',
        "library": 'import { tf } from "convnotes";',
        "tensor": "const t{n} = tf.tensor([1, 2, 3]).mul({n}); t{n}.shape",
    },
    "deno": {"least": "1 + 1", "small": "const a = 1 + 1; a"},
    "python": {"least": "1 + 1", "small": "a = 1 + 1; a"},
}


class Kernel:
    """A newly started kernel."""

    def __init__(self, name, folder):
        self.began = time.perf_counter()
        self.sequence = 0
        self.manager = KernelManager(kernel_name=name)
        self.manager.start_kernel(cwd=folder)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)

    def run(self, code):
        """Runs a cell and returns its duration. Raises RuntimeError if it fails."""
        began = time.perf_counter()
        request = self.client.execute(code)
        while True:
            message = self.client.get_iopub_msg(timeout=120)
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "error":
                raise RuntimeError(f"{code}: {message['content']['evalue']}")
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
        self.client.get_shell_msg(timeout=120)
        return (time.perf_counter() - began) * 1000

    def median(self, code):
        """Runs a cell 50 times and returns the median of its durations."""
        return statistics.median(self.run(code) for _ in range(50))

    def has_debugger(self):
        """Tells whether the kernel says that it has a debugger."""
        content = self.client.kernel_info(reply=True, timeout=120)["content"]
        return content.get("debugger", False) or "debugger" in content.get("supported_features", [])

    def debug(self, command, **arguments):
        """Sends a request to the kernel's debugger. Raises RuntimeError if it is refused."""
        self.sequence += 1
        request = {"type": "request", "seq": self.sequence, "command": command, "arguments": arguments}
        message = self.client.session.msg("debug_request", request)
        self.client.control_channel.send(message)
        while True:
            reply = self.client.get_control_msg(timeout=120)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                break
        if not reply["content"].get("success", False):
            raise RuntimeError(f"{command}: {reply['content']}")

    def attach_debugger(self):
        """Turns the debugger on with JupyterLab's requests."""
        self.debug(
            "initialize",
            clientID="bench",
            adapterID="",
            linesStartAt1=True,
            columnsStartAt1=True,
            pathFormat="path",
            locale="en",
        )
        self.debug("attach")

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--language", required=True, choices=sorted(CELLS))
    parser.add_argument("--folder", required=True)
    parser.add_argument("--cells", type=int, required=True)
    options = parser.parse_args()
    cells = CELLS[options.language]
    kernel = Kernel(options.kernel, options.folder)
    try:
        kernel.run(cells["least"])
        figures = {"launch": (time.perf_counter() - kernel.began) * 1000}
        figures["small"] = kernel.median(cells["small"])
        has_debugger = kernel.has_debugger()
        if "import" in cells:
            figures["import"] = kernel.run(cells["import"])
            times = [kernel.run(cells["tensor"].replace("{n}", str(n))) for n in range(options.cells)]
            figures["tensorEarly"] = statistics.median(times[5:15])
            figures["tensorLate"] = statistics.median(times[-10:])
            figures["tensor"] = statistics.median(times)
    finally:
        kernel.close()
    if has_debugger:
        kernel = Kernel(options.kernel, options.folder)
        try:
            kernel.run(cells["least"])
            kernel.median(cells["small"])
            kernel.attach_debugger()
            figures["attached"] = kernel.median(cells["small"])
            kernel.debug("disconnect", restart=False, terminateDebuggee=False)
            figures["detached"] = kernel.median(cells["small"])
        finally:
            kernel.close()
    if "library" in cells:
        kernel = Kernel(options.kernel, options.folder)
        try:
            kernel.run(cells["least"])
            figures["library"] = kernel.run(cells["library"])
        except RuntimeError:
            pass  # The kernel cannot import it, for example tslab's.
        finally:
            kernel.close()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
