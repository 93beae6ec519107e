"""Trains lesson 0's third network in Keras, as in its source.

Counts the live units of its dense layer after each epoch. Used by third-network.test.ts. The images are read from a folder of raw bytes.
"""

import pathlib

import keras
import numpy as np
from keras import layers, regularizers


def build():
    """Return the network, and its part up to the dense layer of 64 units."""

    def l2():
        return regularizers.l2(0.01)

    inputs = keras.Input((32, 32, 3))
    x = layers.Conv2D(32, 3, padding="same", kernel_regularizer=l2())(inputs)
    x = keras.activations.relu(layers.BatchNormalization()(x))
    x = layers.MaxPooling2D()(x)
    x = layers.Conv2D(64, 5, padding="same", kernel_regularizer=l2())(x)
    x = keras.activations.relu(layers.BatchNormalization()(x))
    x = layers.Conv2D(128, 3, padding="same", kernel_regularizer=l2())(x)
    x = keras.activations.relu(layers.BatchNormalization()(x))
    units = layers.Dense(64, activation="relu", kernel_regularizer=l2())(layers.Flatten()(x))
    outputs = layers.Dense(10)(layers.Dropout(0.5)(units))
    return keras.Model(inputs, outputs), keras.Model(inputs, units)


def read(folder, split):
    images = np.fromfile(pathlib.Path(folder) / f"{split}-images", np.uint8).reshape(-1, 32, 32, 3)
    return images.astype("float32") / 255, np.fromfile(pathlib.Path(folder) / f"{split}-labels", np.uint8)


def train(folder, seed, epochs):
    """Return a row per epoch.

    A row has the test loss with the penalty, the test accuracy, and the number of live units on the
    first 2,000 test images.
    """
    keras.utils.set_random_seed(seed)
    x, y = read(folder, "train")
    test_x, test_y = read(folder, "test")
    model, inner = build()
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=keras.optimizers.Adam(3e-4),
        metrics=["accuracy"],
    )
    rows = []
    for epoch in range(1, epochs + 1):
        model.fit(x, y, batch_size=64, epochs=1, verbose=0)
        loss, accuracy = model.evaluate(test_x, test_y, batch_size=64, verbose=0)
        live = int((inner.predict(test_x[:2000], verbose=0).max(axis=0) > 0).sum())
        rows.append({"seed": seed, "epoch": epoch, "loss": loss, "accuracy": accuracy, "live": live})
    return rows
