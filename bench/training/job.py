"""What the Python peers share. The job, the table of models, data, clock and memory.

All durations are in seconds. The data are random numbers of the right shape: how long a step takes does not depend on
what is seen.
"""

import argparse
import json
import pathlib
import resource
import sys
import time

import numpy as np


def parse_job():
    """Reads the command line that bench/training.mjs gives, and the model's row of models.json.

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
    """Raises ValueError if, at width 1, a model has not the parameters that the table says."""
    if job.width == 1 and parameters != job.row["parameters"]:
        raise ValueError(
            f"Expected model {job.model} to have {job.row['parameters']} parameters, received {parameters}"
        )


def images(n, shape, seed):
    """Random numbers of [0, 1), float32, (n, *shape)."""
    return np.random.default_rng(seed).random((n, *shape), dtype=np.float32)


def labels(n, row, seed):
    """Random class numbers, (n, 1)."""
    return np.random.default_rng(seed).integers(0, row["layers"][-1]["units"], (n, 1))


class Stopwatch:
    """Times of the epochs of one training.

    `begin_set_up` is called before the model is compiled, the other two around each epoch.
    """

    def __init__(self, job):
        self.started = job.started / 1000
        self.seconds_per_epoch = []
        # When each epoch began and ended, in ms since 1970: what a profile's time stamps are compared with.
        self.epoch_spans = []
        self.data_seconds = 0.0

    def make_data(self, job):
        """Makes images and labels to train on; the time that takes is counted to nobody."""
        began = time.perf_counter()
        x = images(job.samples, job.row["inputShape"], 1)
        y = labels(job.samples, job.row, 2)
        self.data_seconds = time.perf_counter() - began
        return x, y

    def begin_set_up(self):
        self.set_up_began = time.perf_counter()

    def begin_epoch(self):
        self.epoch_began = time.perf_counter()

    def end_epoch(self):
        ended = time.perf_counter()
        if not self.seconds_per_epoch:
            self.first_epoch = ended - self.set_up_began
            self.start_to_first_epoch = time.time() - self.started - self.data_seconds
        self.seconds_per_epoch.append(ended - self.epoch_began)
        now = time.time() * 1000
        self.epoch_spans.append([now - self.seconds_per_epoch[-1] * 1000, now])


def seconds_of(action):
    """How long a call takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def measure_uses(job, evaluate, predict):
    """Times evaluation and prediction of a trained model.

    Args:
        evaluate: a function of nothing.
        predict: a function of images, (n, *shape), that returns when the predictions can be read.
    """
    shape = job.row["inputShape"]
    evaluations = [seconds_of(evaluate) for _ in range(2)]
    one = images(1, shape, 3)
    predict_one = [seconds_of(lambda: predict(one)) for _ in range(121)]
    many = images(job.predict_samples, shape, 4)
    predict_many = [seconds_of(lambda: predict(many)) for _ in range(2)]
    return {
        "evaluateFirst": evaluations[0],
        "evaluate": evaluations[1],
        "predictOneFirst": predict_one[0],
        "predictOne": sorted(predict_one[21:])[50],
        "predictManyFirst": predict_many[0],
        "predictMany": predict_many[1],
    }


def peak_megabytes():
    """The most memory the process has held, in MB of 2**20 bytes."""
    if sys.platform == "linux":
        for line in pathlib.Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes where others count kilobytes.
    return peak / 2**20 if sys.platform == "darwin" else peak / 1024


def report(stopwatch, parameters, peak_training, uses, version):
    """Prints the figures as one line of JSON, named as convnotes.ts names them."""
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
