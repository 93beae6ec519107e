"""Trains one model of the course with Keras and prints one line of JSON.

Run by bench/training.mjs. KERAS_BACKEND selects the engine: tensorflow or jax.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras  # noqa: E402
from keras import layers  # noqa: E402

from job import Stopwatch, check_parameters, measure_uses, parse_job, peak_megabytes, report  # noqa: E402


def build(row, width):
    """Returns the model of a table row.

    `width` multiplies the filters and units of all layers except the last.
    """
    model = keras.Sequential([keras.Input(row["inputShape"])])
    for index, layer in enumerate(row["layers"]):
        model.add(build_layer(layer, 1 if index == len(row["layers"]) - 1 else width))
    return model


def build_layer(layer, width):
    penalty = keras.regularizers.L2(layer["l2"]) if "l2" in layer else None
    activation = layer.get("activation")
    match layer["kind"]:
        case "convolution":
            return layers.Conv2D(
                layer["filters"] * width,
                layer["kernelSize"],
                padding=layer["padding"],
                activation=activation,
                kernel_regularizer=penalty,
            )
        case "dense":
            return layers.Dense(layer["units"] * width, activation=activation, kernel_regularizer=penalty)
        case "maxPooling":
            return layers.MaxPooling2D(layer["poolSize"])
        case "dropout":
            return layers.Dropout(layer["rate"])
        case "batchNormalization":
            return layers.BatchNormalization()
        case "relu":
            return layers.ReLU()
        case "flatten":
            return layers.Flatten()
        case kind:
            raise ValueError(f"Expected a layer's kind to be known to the Keras peer, received {kind}")


class EpochTimes(keras.callbacks.Callback):
    """Passes the epochs to the stopwatch."""

    def __init__(self, stopwatch):
        super().__init__()
        self.stopwatch = stopwatch

    def on_epoch_begin(self, epoch, logs=None):
        self.stopwatch.begin_epoch()

    def on_epoch_end(self, epoch, logs=None):
        self.stopwatch.end_epoch()


def main():
    job = parse_job()
    row = job.row
    keras.utils.set_random_seed(1)
    stopwatch = Stopwatch(job)
    x, y = stopwatch.make_data(job)
    model = build(row, job.width)
    check_parameters(job, model.count_params())
    stopwatch.begin_setup()
    # A final softmax costs nothing in Keras on TensorFlow, which finds the logits behind it.
    from_logits = row["layers"][-1].get("activation") != "softmax"
    model.compile(
        optimizer=keras.optimizers.Adam(row["learningRate"]),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits),
        metrics=["accuracy"],
    )
    model.fit(
        x, y, batch_size=row["batchSize"], epochs=job.epochs, verbose=0, callbacks=[EpochTimes(stopwatch)]
    )
    peak_training = peak_megabytes()
    uses = measure_uses(
        job,
        lambda: model.evaluate(x, y, batch_size=row["evaluateBatchSize"], verbose=0),
        lambda batch: model.predict(batch, verbose=0),
    )
    if keras.backend.backend() == "jax":
        import jax as engine
    else:
        import tensorflow as engine
    version = f"Keras {keras.__version__}, {engine.__name__} {engine.__version__}"
    report(stopwatch, model.count_params(), peak_training, uses, version)


if __name__ == "__main__":
    main()
