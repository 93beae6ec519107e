#!/usr/bin/env bash
# ONNX Runtime: a valid model that resizes some axes between two transpositions does not load.
#
# Library:   onnxruntime 1.32.0, execution provider CPU; the model is checked by onnx 1.23.2 and run
#            by its reference implementation.
# Specified: the specification of Resize (operators, Resize-18, attribute axes): scales and sizes then
#            have the elements of those axes only. onnxruntime's documentation of operators lists
#            Resize of opsets 18 and 19 for CPU.
# Observed:  by default the session fails while it moves the transpositions past Resize: it arranges
#            sizes as if they were those of all axes. Without optimizations, or without
#            transpositions, the same operator runs and is right.
# Reports:   none found for the CPU provider. (microsoft/onnxruntime pull request 21954 prevents it
#            where a provider changes the layout.)
#
# Exit code 0: reproduced. 1: not reproduced.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv environment
environment/bin/pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6

cat > program.py << 'END'
import sys
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

images = np.arange(1, 5, dtype=np.float32).reshape(1, 2, 2, 1)
nodes = [
    helper.make_node("Transpose", ["x"], ["first"], perm=[0, 3, 1, 2]),
    helper.make_node("Resize", ["first", "", "", "sizes"], ["resized"], axes=[2, 3], mode="nearest"),
    helper.make_node("Transpose", ["resized"], ["y"], perm=[0, 2, 3, 1]),
]
graph = helper.make_graph(
    nodes, "resize",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 2, 2, 1])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 4, 2, 1])],
    [numpy_helper.from_array(np.array([4, 2]), "sizes")],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
onnx.checker.check_model(model, full_check=True)


def run(level):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        return session.run(None, {"x": images})[0].ravel().astype(int).tolist()
    except Exception as error:
        return str(error)


levels = onnxruntime.GraphOptimizationLevel
expected = ReferenceEvaluator(model).run(None, {"x": images})[0].ravel().astype(int).tolist()
plain, default = run(levels.ORT_DISABLE_ALL), run(levels.ORT_ENABLE_ALL)
print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}, images of 2 x 2 resized to 4 x 2")
print("expected (reference):    ", expected)
print("without optimizations:   ", plain)
print("actual (by default):     ", default)
again = expected == plain == [1, 2, 1, 2, 3, 4, 3, 4] and isinstance(default, str)
print("Reproduced." if again else "Not reproduced.")
sys.exit(0 if again else 1)
END
environment/bin/python program.py
