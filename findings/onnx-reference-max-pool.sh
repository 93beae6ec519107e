#!/usr/bin/env bash
# ONNX: the reference implementation of MaxPool reads the attribute pads in another order than the
# specification.
#
# Library:   onnx 1.23.2 (onnx.reference.ReferenceEvaluator), compared with its own shape inference
#            and onnxruntime 1.32.0.
# Specified: the specification of MaxPool (operators, MaxPool-22, attribute pads): the format is
#            [x1_begin, x2_begin, ..., x1_end, x2_end, ...]. The API reference of
#            ReferenceEvaluator: an implementation of the ONNX specification in pure Python. (It
#            adds that mismatches may remain, and that the specification prevails. It lists no such
#            mismatch of MaxPool.)
# Observed:  with strides and dilations of 1, pads is read as [x1_begin, x1_end, x2_begin, x2_end].
#            The rows then get the padding of the columns, which gives another shape and other
#            values. With strides of 2 (another branch of the code) and with equal paddings the
#            result is right, which hides the bug.
# Reports:   none found for onnx. (Other libraries had the same bug, for example
#            root-project/root#22436.)
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
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

picture = np.arange(1, 10, dtype=np.float32).reshape(1, 1, 3, 3)


def run(strides):
    """Run MaxPool with one column of padding left and right, no row above or below."""
    node = helper.make_node("MaxPool", ["x"], ["y"], kernel_shape=[2, 2], pads=[0, 1, 0, 1], strides=strides)
    graph = helper.make_graph(
        [node], "pool",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 3, 3])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None] * 4)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    onnx.checker.check_model(model)
    inferred = onnx.shape_inference.infer_shapes(model).graph.output[0].type.tensor_type.shape
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return (
        [d.dim_value for d in inferred.dim],
        session.run(None, {"x": picture})[0],
        ReferenceEvaluator(model).run(None, {"x": picture})[0],
    )


print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}, MaxPool of 1 to 9, 2 x 2, pads [0, 1, 0, 1]")
inferred, runtime, reference = run([1, 1])
print("expected (shape inference): ", inferred)
print("expected (onnxruntime):     ", list(runtime.shape), runtime.ravel().astype(int).tolist())
print("actual (ReferenceEvaluator):", list(reference.shape), reference.ravel().astype(int).tolist())
other_inferred, other_runtime, other = run([2, 2])
print("with strides of 2, all three agree:", np.array_equal(other_runtime, other) and other_inferred == list(other.shape))
again = (
    inferred == [1, 1, 2, 4]
    and runtime.ravel().tolist() == [4, 5, 6, 6, 7, 8, 9, 9]
    and list(reference.shape) == [1, 1, 3, 3]
    and reference.ravel().tolist() == [5, 6, 6, 8, 9, 9, 8, 9, 9]
)
print("Reproduced." if again else "Not reproduced.")
sys.exit(0 if again else 1)
END
environment/bin/python program.py
