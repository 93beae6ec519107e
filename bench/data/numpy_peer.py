"""Measures reading CIFAR-10's files with NumPy, in a separate process.

Run by bench/data.mjs. Prints one line of JSON: seconds, peak resident memory in bytes, and with
--digest the SHA-256 of all images and labels. Without --folder nothing is read, which gives the
memory of the process itself.
"""

import argparse
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


WAYS = {"concatenated": concatenated, "in place": in_place}


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
    read = WAYS[arguments.way]
    parts = [[os.path.join(arguments.folder, name) for name in names] for names in (TRAIN, TEST)]
    began = time.perf_counter()
    splits = [read(paths) for paths in parts]
    seconds = time.perf_counter() - began
    peak = peak_memory()
    digest = hashlib.sha256()
    if arguments.digest:
        for images, labels in splits:
            digest.update(images.tobytes())
            digest.update(labels.tobytes())
    print(json.dumps({"seconds": seconds, "peak": peak, "digest": digest.hexdigest()}))


main()
