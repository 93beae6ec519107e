"""The reference reader and writer of safetensors, in one process for many files."""

import struct
from pathlib import Path

import ml_dtypes
import safetensors
from safetensors.numpy import load_file, save_file

TYPES = {
    "BOOL": np.bool_, "U8": np.uint8, "I8": np.int8, "I16": np.int16, "U16": np.uint16,
    "I32": np.int32, "U32": np.uint32, "I64": np.int64, "U64": np.uint64, "F16": np.float16,
    "BF16": ml_dtypes.bfloat16, "F32": np.float32, "F64": np.float64,
}  # fmt: skip


def read(path):
    """Types, shapes and values of a file, and its metadata."""
    with safetensors.safe_open(path, framework="numpy") as file:
        metadata = file.metadata() or {}
    tensors = load_file(path)
    return {
        "metadata": metadata,
        "tensors": {
            name: {"type": str(each.dtype), "shape": list(each.shape), "bytes": each.tobytes().hex()}
            for name, each in tensors.items()
        },
    }


def write(path, tensors):
    """Writes a file; returns each tensor's values as float64 texts, which keep every bit."""
    arrays = {
        name: np.frombuffer(bytes.fromhex(each["bytes"]), TYPES[each["type"]]).reshape(each["shape"])
        for name, each in tensors.items()
    }
    save_file(arrays, path, {"writer": "reference"})
    return {name: [str(value) for value in np.ravel(each).tolist()] for name, each in arrays.items()}


def verdict(path):
    """Whether the reference reads a file."""
    try:
        load_file(path)
        return "read"
    except Exception as error:
        return f"refused: {error}"


folder = Path(given["folder"])
result = {
    "read": {name: read(folder / name) for name in given.get("read", [])},
    "written": {name: write(folder / name, each) for name, each in given.get("write", {}).items()},
    "verdicts": {name: verdict(folder / name) for name in given.get("judge", [])},
}
