"""Measures reading CIFAR-10's files with NumPy, in a separate process.

Run by bench/data.mjs. Prints one line of JSON: seconds, seconds of CPU time, peak resident memory
in bytes, and with --digest the SHA-256 of all images and labels. Without --folder nothing is read,
which gives the memory of the process itself.
"""

import argparse
import gzip
import hashlib
import json
import os
import re
import resource
import sys
import time

import numpy as np

TRAIN = [f"data_batch_{number}.bin" for number in range(1, 6)]
TEST = ["test_batch.bin"]


def concatenated(paths):
    """Read the files in the usual way: transpose every file, then concatenate them."""
    images, labels = [], []
    for path in paths:
        records = np.fromfile(path, np.uint8).reshape(-1, 3073)
        planes = records[:, 1:].reshape(-1, 3, 32, 32)
        images.append(np.ascontiguousarray(planes.transpose(0, 2, 3, 1)))
        labels.append(records[:, :1])
    return np.concatenate(images), np.concatenate(labels)


def in_place(paths):
    """Read the files with fewer copies: transpose every file directly into the result."""
    rows = sum(os.path.getsize(path) for path in paths) // 3073
    images = np.empty((rows, 32, 32, 3), np.uint8)
    labels = np.empty((rows, 1), np.uint8)
    begin = 0
    for path in paths:
        records = np.fromfile(path, np.uint8).reshape(-1, 3073)
        end = begin + len(records)
        images[begin:end] = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        labels[begin:end] = records[:, :1]
        begin = end
    return images, labels


def gzipped(paths):
    """Read a gzipped IDX file of images and one of labels, as Fashion-MNIST's publisher does."""
    with gzip.open(paths[0], "rb") as file:
        images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)
    with gzip.open(paths[1], "rb") as file:
        labels = np.frombuffer(file.read(), np.uint8, offset=8)
    return images, labels


CIFAR = (TRAIN, TEST)
FASHION = tuple(
    [f"{split}-images-idx3-ubyte.gz", f"{split}-labels-idx1-ubyte.gz"] for split in ("train", "t10k")
)
WAYS = {
    "concatenated": (concatenated, CIFAR),
    "in place": (in_place, CIFAR),
    "gzipped": (gzipped, FASHION),
}


def peak_memory():
    """Return the peak memory in bytes.

    Linux counts it from the program's start; getrusage also includes the parent.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return int(re.search(r"VmHWM:\s*(\d+) kB", status.read())[1]) * 1024
    except FileNotFoundError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--way", choices=WAYS, default="concatenated")
    parser.add_argument("--folder")
    parser.add_argument("--digest", action="store_true")
    arguments = parser.parse_args()
    if arguments.folder is None:
        print(json.dumps({"peak": peak_memory()}))
        return
    read, parts = WAYS[arguments.way]
    parts = [[os.path.join(arguments.folder, name) for name in names] for names in parts]
    began = time.perf_counter()
    began_cpu = time.process_time()
    splits = [read(paths) for paths in parts]
    seconds = time.perf_counter() - began
    cpu_seconds = time.process_time() - began_cpu
    peak = peak_memory()
    digest = hashlib.sha256()
    if arguments.digest:
        for images, labels in splits:
            digest.update(images.tobytes())
            digest.update(labels.tobytes())
    result = {"seconds": seconds, "cpuSeconds": cpu_seconds, "peak": peak}
    print(json.dumps({**result, "digest": digest.hexdigest()}))


main()
