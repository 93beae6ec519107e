#!/usr/bin/env bash
# Keras: with an integer update_freq, the TensorBoard callback leaves out the values of most epochs.
#
# Library:   keras 3.15.1 with tensorflow-cpu 2.21.0; read with tensorboard 2.21.0.
# Specified: the reference of keras.callbacks.TensorBoard. histogram_freq is the "frequency (in
#            epochs) at which to compute weight histograms". An integer update_freq says how often
#            losses and metrics are logged "every ... batches"; "batch" is a synonym for 1.
# Observed:  with update_freq=2 and 3 batches in an epoch, only every second epoch has a value of
#            epoch_loss, epoch_learning_rate and the histograms: an epoch is written only if the
#            number of batches so far is a multiple of update_freq. With update_freq=1, and with
#            "epoch", every epoch has them. (on_train_batch_begin leaves a summary context with
#            record_if open, and on_epoch_end writes within it.)
# Reports:   tensorflow/tensorflow#49109 and tensorflow/tensorboard#4975, of TensorFlow 2.4 (2021), both
#            open.
#
# Exit code 0: reproduced. 1: not reproduced.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv environment
environment/bin/pip install --quiet --disable-pip-version-check keras==3.15.1 tensorflow-cpu==2.21.0 tensorboard==2.21.0

cat > program.py << 'END'
import os
import sys

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
import keras
import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

x, y = np.ones((24, 2)), np.ones((24, 1))


def epochs(update_freq):
    """Train four epochs of three batches; return the epochs that have a loss and a histogram."""
    folder = f"logs-{update_freq}"
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="dense")])
    model.compile("sgd", "mse")
    callback = keras.callbacks.TensorBoard(folder, histogram_freq=1, update_freq=update_freq)
    model.fit(x, y, batch_size=8, epochs=4, verbose=0, callbacks=[callback])
    events = EventAccumulator(os.path.join(folder, "train"))
    events.Reload()
    histogram = next(tag for tag in events.Tags()["tensors"] if tag.endswith("dense/kernel/histogram"))
    return [[event.step for event in events.Tensors(tag)] for tag in ("epoch_loss", histogram)]


print(f"keras {keras.__version__}: four epochs of three batches, histogram_freq=1")
found = {freq: epochs(freq) for freq in ("epoch", 1, 2)}
for freq, (loss, histogram) in found.items():
    print(f"update_freq={freq!r:7}: epochs with epoch_loss {loss}, with a histogram {histogram}")
print("expected, each time: epochs with epoch_loss [0, 1, 2, 3], with a histogram [0, 1, 2, 3]")
every = [[0, 1, 2, 3]] * 2
again = found["epoch"] == every and found[1] == every and found[2] == [[1, 3]] * 2
print("Reproduced." if again else "Not reproduced.")
sys.exit(0 if again else 1)
END
environment/bin/python program.py
