"""Checks ONNX files with onnx and runs them with onnxruntime: one call for many files.

Reads given["folder"]/NAME.onnx and the inputs NAME.I.bin; writes the outputs NAME.out.I.bin.
"""

from collections import Counter
from pathlib import Path

import onnx
import onnxruntime

TYPES = {"float32": np.float32, "int32": np.int32, "bool": np.bool_}


def axes(value):
    """Lengths and names of a graph's input or output."""
    dimensions = value.type.tensor_type.shape.dim
    return [each.dim_param or each.dim_value or None for each in dimensions]


def double_transposes(graph):
    """Transpositions that directly follow another one."""
    producer = {output: node for node in graph.node for output in node.output}
    follows = lambda node: producer.get(node.input[0])
    return [
        node.name
        for node in graph.node
        if node.op_type == "Transpose" and getattr(follows(node), "op_type", "") == "Transpose"
    ]


def run(folder, case):
    path = folder / f"{case['name']}.onnx"
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    feeds = {}
    for index, each in enumerate(case["inputs"]):
        values = np.fromfile(folder / f"{case['name']}.{index}.bin", TYPES[each["type"]])
        feeds[session.get_inputs()[index].name] = values.reshape(each["shape"])
    outputs = session.run(None, feeds)
    for index, output in enumerate(outputs):
        output.astype(np.float32).tofile(folder / f"{case['name']}.out.{index}.bin")
    return {
        "outputs": [{"shape": list(each.shape), "type": str(each.dtype)} for each in outputs],
        "classes": outputs[0].argmax(-1).ravel().tolist(),
        "inputPorts": {each.name: axes(each) for each in model.graph.input},
        "outputPorts": {each.name: axes(each) for each in model.graph.output},
        "operators": Counter(node.op_type for node in model.graph.node),
        "doubleTransposes": double_transposes(model.graph),
        "weights": [each.name for each in model.graph.initializer],
        "producer": [model.producer_name, model.producer_version],
        "graphName": model.graph.name,
        "description": model.doc_string,
        "metadata": {each.key: each.value for each in model.metadata_props},
        "opset": [each.version for each in model.opset_import],
    }


def attempt(folder, case):
    try:
        return run(folder, case)
    except Exception as error:
        return {"error": str(error)}


result = [attempt(Path(given["folder"]), case) for case in given["cases"]]
