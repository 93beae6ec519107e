"""Shared code of the Python peers: the job, the table of models, data, timing and memory.

All durations are in seconds. The data are random values of the right shape, since the duration of a
step does not depend on the data.
"""

import argparse
import json
import pathlib
import resource
import statistics
import sys
import time

import numpy as np


def parse_job():
    """Parses the command line of bench/training.mjs, and reads the model's row of models.json.

    Returns:
        An argparse namespace: row, width, samples, epochs, predict_samples, started (ms since 1970).
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--width", type=int, required=True)
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--samples", type=int, required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--predict-samples", type=int, required=True)
    parser.add_argument("--started", type=float, required=True)
    job = parser.parse_args()
    rows = json.loads((pathlib.Path(__file__).parent / "models.json").read_text("utf8"))
    job.row = next(row for row in rows if row["name"] == job.model)
    job.row["batchSize"] = job.batch_size
    return job


def check_parameters(job, parameters):
    """Raises ValueError if, at width 1, the number of parameters differs from the table."""
    if job.width == 1 and parameters != job.row["parameters"]:
        raise ValueError(
            f"Expected model {job.model} to have {job.row['parameters']} parameters, received {parameters}"
        )


def images(n, shape, seed):
    """Returns random values in [0, 1), float32, (n, *shape)."""
    return np.random.default_rng(seed).random((n, *shape), dtype=np.float32)


def labels(n, row, seed):
    """Returns random class indices, (n, 1)."""
    return np.random.default_rng(seed).integers(0, row["layers"][-1]["units"], (n, 1))


class Stopwatch:
    """Times of the epochs of one training run.

    Call `begin_setup` before compiling the model, and `begin_epoch` and `end_epoch` around each
    epoch.
    """

    def __init__(self, job):
        self.started = job.started / 1000
        self.seconds_per_epoch = []
        # Start and end of each epoch in ms since 1970, for comparison with a profile's time stamps.
        self.epoch_spans = []
        self.data_seconds = 0.0

    def make_data(self, job):
        """Creates images and labels for training; its duration is excluded from all times."""
        began = time.perf_counter()
        x = images(job.samples, job.row["inputShape"], 1)
        y = labels(job.samples, job.row, 2)
        self.data_seconds = time.perf_counter() - began
        return x, y

    def begin_setup(self):
        self.setup_began = time.perf_counter()

    def begin_epoch(self):
        self.epoch_began = time.perf_counter()

    def end_epoch(self):
        ended = time.perf_counter()
        if not self.seconds_per_epoch:
            self.first_epoch = ended - self.setup_began
            self.start_to_first_epoch = time.time() - self.started - self.data_seconds
        self.seconds_per_epoch.append(ended - self.epoch_began)
        now = time.time() * 1000
        self.epoch_spans.append([now - self.seconds_per_epoch[-1] * 1000, now])


def times_of(action):
    """Times an action that is called again and again.

    Calls it for 0.6 seconds, and at least three times.

    Returns:
        The seconds of the first call, and the median of the second half of the calls. The first
        half warms up caches and compilers: in Node, a short function is slow for some hundred
        calls.
    """
    seconds = []
    spent = 0
    while len(seconds) < 3 or spent < 0.6:
        began = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - began)
        spent += seconds[-1]
    return seconds[0], statistics.median_high(seconds[len(seconds) // 2 :])


def measure_uses(job, evaluate, predict):
    """Times evaluation and prediction of a trained model.

    Args:
        evaluate: a function without arguments.
        predict: a function of images, (n, *shape), that returns once the predictions can be read.
    """
    shape = job.row["inputShape"]
    one, many = images(1, shape, 3), images(job.predict_samples, shape, 4)
    uses = {
        "evaluate": times_of(evaluate),
        "predictOne": times_of(lambda: predict(one)),
        "predictMany": times_of(lambda: predict(many)),
    }
    return {
        name: value
        for use, (first, median) in uses.items()
        for name, value in ((f"{use}First", first), (use, median))
    }


def peak_megabytes():
    """Returns the peak memory of the process, in MB of 2**20 bytes."""
    if sys.platform == "linux":
        for line in pathlib.Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS reports bytes, other systems kilobytes.
    return peak / 2**20 if sys.platform == "darwin" else peak / 1024


def report(stopwatch, parameters, peak_training, uses, version):
    """Prints the values as one line of JSON, with the same names as convnotes.ts."""
    print(
        json.dumps(
            {
                "parameters": parameters,
                "secondsPerEpoch": stopwatch.seconds_per_epoch,
                "epochSpans": stopwatch.epoch_spans,
                "firstEpoch": stopwatch.first_epoch,
                "startToFirstEpoch": stopwatch.start_to_first_epoch,
                **uses,
                "peakTrainingMegabytes": peak_training,
                "peakMegabytes": peak_megabytes(),
                "cpuSeconds": time.process_time(),
                "version": version,
            }
        )
    )
