"""Training runs of the lessons in Keras, with the models of their sources, and weights and images from a folder.

Used by lessons.test.ts. The folder of a run contains images and labels as bytes, and the initial weights.
"""

import math
import pathlib

import keras
import numpy as np
from keras import layers, models


def lesson_1():
    model = models.Sequential()
    model.add(keras.Input((32, 32, 3)))
    model.add(layers.Conv2D(32, (3, 3), activation="relu"))
    model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Conv2D(64, (3, 3), activation="relu"))
    model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Conv2D(64, (3, 3), activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(64, activation="relu"))
    model.add(layers.Dense(10, activation="softmax"))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return model, {"loss": loss, "metrics": ["accuracy"]}


def lesson_3(*first):
    hidden = [layers.Dense(16, activation="relu"), layers.Dense(8, activation="relu")]
    model = models.Sequential([*first, layers.Flatten(), *hidden, layers.Dense(10, activation="softmax")])
    return model, {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}


def lesson_3a():
    return lesson_3(keras.Input((28, 28)))


def lesson_3b():
    convolution = layers.Conv2D(32, (4, 4), activation="relu")
    return lesson_3(keras.Input((28, 28, 1)), convolution, layers.MaxPooling2D(pool_size=(2, 2), strides=2))


def lesson_4():
    model = models.Sequential()
    model.add(keras.Input((32, 32, 3)))
    model.add(layers.Conv2D(filters=32, kernel_size=(3, 3), padding="same", activation="relu"))
    model.add(layers.Conv2D(filters=32, kernel_size=(3, 3), padding="same", activation="relu"))
    model.add(layers.MaxPool2D(pool_size=(2, 2), strides=2, padding="valid"))
    model.add(layers.Dropout(0))
    model.add(layers.Flatten())
    model.add(layers.Dense(units=128, activation="relu"))
    model.add(layers.Dense(units=10, activation="softmax"))
    return model, {"loss": "sparse_categorical_crossentropy", "metrics": ["sparse_categorical_accuracy"]}


class AdamOfTfjs(keras.optimizers.Adam):
    """tfjs's Adam: epsilon is added to the root after bias correction, not before."""

    def update_step(self, gradient, variable, learning_rate):
        given = self.epsilon
        power = keras.ops.power(keras.ops.cast(self.beta_2, "float32"), keras.ops.cast(self.iterations + 1, "float32"))
        self.epsilon = given * keras.ops.sqrt(1 - power)
        super().update_step(gradient, variable, learning_rate)
        self.epsilon = given


class Losses(keras.callbacks.Callback):
    """Records loss and metrics of each batch; Keras reports the mean since the last reset."""

    def __init__(self):
        super().__init__()
        self.batches = []

    def on_train_batch_begin(self, batch, logs=None):
        self.model.reset_metrics()

    def on_train_batch_end(self, batch, logs=None):
        self.batches.append(short_names(logs))


def short_names(logs):
    return {name.replace("sparse_categorical_accuracy", "accuracy"): float(value) for name, value in logs.items()}


def read_images(folder, name, shape):
    return np.fromfile(folder / f"{name}-images", "u1").reshape(-1, *shape)


def read_labels(folder, name, shape):
    return np.fromfile(folder / f"{name}-labels", "u1").reshape(-1, *shape)


def set_weights(model, values):
    sizes = [math.prod(weight.shape) for weight in model.weights]
    assert sum(sizes) == values.size, f"Expected {sum(sizes)} weights, received {values.size}"
    pieces = np.split(values, np.cumsum(sizes)[:-1])
    model.set_weights([piece.reshape(weight.shape) for piece, weight in zip(pieces, model.weights)])


def train(folder, name, form, imageShape, labelShape, batchSize):
    """Trains one epoch in order, and writes the weights to the folder, as `keras-weights` or `tfjs-weights`.

    `form` selects the implementation of Adam, "keras" or "tfjs".
    """
    folder = pathlib.Path(folder)
    model, settings = {"1": lesson_1, "3a": lesson_3a, "3b": lesson_3b, "4": lesson_4}[name]()
    optimizer = {"keras": keras.optimizers.Adam, "tfjs": AdamOfTfjs}[form]()
    # Without XLA: compiling would take longer than training, and only the rounding differs.
    model.compile(optimizer, **settings, jit_compile=False)
    set_weights(model, np.fromfile(folder / "weights", "<f4"))
    images = {split: read_images(folder, split, imageShape) for split in ("train", "validation", "test")}
    labels = {split: read_labels(folder, split, labelShape) for split in images}
    x = {split: pixels / 255.0 for split, pixels in images.items()}
    losses = Losses()
    run = model.fit(
        x["train"],
        labels["train"],
        batch_size=batchSize,
        epochs=1,
        shuffle=False,
        verbose=0,
        validation_data=(x["validation"], labels["validation"]),
        callbacks=[losses],
    )
    np.concatenate([weight.ravel() for weight in model.get_weights()]).astype("<f4").tofile(folder / f"{form}-weights")
    count = len(labels["train"])
    sizes = [min(batchSize, count - begin) for begin in range(0, count, batchSize)]
    means = {
        key: float(np.average([batch[key] for batch in losses.batches], weights=sizes)) for key in losses.batches[0]
    }
    validation = {key: values[0] for key, values in run.history.items() if key.startswith("val_")}
    evaluations = {
        kind: short_names(model.evaluate(inputs, labels["test"], verbose=0, return_dict=True))
        for kind, inputs in {"scaled": x["test"], "unscaled": images["test"].astype("float32")}.items()
    }
    return {
        "losses": [batch["loss"] for batch in losses.batches],
        "epoch": means | short_names(validation),
        "evaluations": evaluations,
    }
