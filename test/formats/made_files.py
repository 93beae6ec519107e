"""Writes models that only Keras can make, for the library to open or to refuse."""

import os

import keras
import numpy as np
from keras import layers


@keras.saving.register_keras_serializable()
class Doubled(layers.Layer):
    def call(self, x):
        return 2 * x


class Written(keras.Model):
    """A model whose structure is Python code."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(2)

    def call(self, x):
        return self.dense(x)


def chain(*inner, shape=(4,)):
    return keras.Sequential([layers.Input(shape), *inner])


def compiled(optimizer="sgd", loss="mse", model=None, **rest):
    model = model or chain(layers.Dense(3, activation="softmax"))
    model.compile(optimizer=optimizer, loss=loss, **rest)
    return model


class Falling(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule that only this file knows."""

    def __call__(self, step):
        return 0.1

    def get_config(self):
        return {}


def after(operation):
    x = layers.Input((4,))
    return keras.Model(x, operation(layers.Dense(4)(x)))


def by_name():
    a, b = layers.Input((4,), name="a"), layers.Input((4,), name="b")
    return keras.Model({"a": a, "b": b}, {"sum": layers.Add(name="sum")([a, b])})


def by_name_compiled():
    """Names of outputs that differ from those of layers, and are sorted otherwise."""
    x = layers.Input((4,))
    outputs = {"z": layers.Dense(2, name="first")(x), "a": layers.Dense(3, name="last")(x)}
    return compiled(loss={"z": "mse", "a": "mae"}, model=keras.Model(x, outputs))


def frozen_around():
    """A frozen model with a layer that is not: nothing is trained."""
    model = chain(layers.Dense(4), layers.Dense(2))
    model.trainable = False
    model.layers[0].trainable = True
    return model


def branches(layer):
    """A layer on two branches."""
    x = layers.Input((4,))
    return keras.Model(x, layers.Add()([layer(layers.Dense(4)(x)), layer(x)]))


def normalized(**rest):
    return layers.BatchNormalization(name="shared", **rest)


def in_turn():
    """One call of the layer needs the other's output."""
    x, layer = layers.Input((4,)), normalized()
    return keras.Model(x, layer(layers.Dense(4)(layer(x))))


def encoder():
    x = layers.Input((4,))
    return keras.Model(x, layers.BatchNormalization()(x), name="encoder")


def shared():
    """Two models with the same layer: Keras saves it, and cannot open it again."""
    dense, within, x = layers.Dense(4, activation="tanh"), layers.Input((4,)), layers.Input((4,))
    inner = keras.Model(within, layers.Dense(4)(dense(within)))
    return keras.Model(x, inner(dense(x)))


def frozen():
    x = layers.Input((4,))
    inner = chain(layers.Dense(4), layers.BatchNormalization())
    inner.trainable = False
    return keras.Model(x, layers.Dense(2)(inner(x)))


def everything():
    """Initializers, activations, constraints and penalties under all of their names."""
    x = layers.Input((4,))
    y = x
    for activation in ["elu", "gelu", "hard_sigmoid", "log_softmax", "mish", "relu6", "selu", "softplus", "softsign", "swish", None]:
        y = layers.Dense(4, activation=activation)(y)
    for name in ["he_normal", "he_uniform", "lecun_normal", "lecun_uniform", "glorot_normal", "orthogonal", "identity", "ones", "random_normal", "truncated_normal"]:
        y = layers.Dense(4, kernel_initializer=name)(y)
    scaled = keras.initializers.VarianceScaling(0.5, "fan_out", "untruncated_normal")
    y = layers.Dense(4, kernel_initializer=scaled, kernel_constraint="unit_norm", bias_constraint="non_neg")(y)
    return keras.Model(x, layers.Dense(3, kernel_regularizer=keras.regularizers.L1L2(0.1, 0.2))(y))


def lazy():
    """A sequential model that its first use builds."""
    model = keras.Sequential([layers.Dense(3), layers.ReLU(negative_slope=0.1), layers.ReLU(threshold=0.1)])
    model(np.zeros((1, 4), "float32"))
    return model


opened = {
    "by-name": by_name,
    "shared": shared,
    "frozen": frozen,
    "by-name-compiled": by_name_compiled,
    "frozen-around": frozen_around,
    "integers": lambda: keras.Sequential(
        [layers.Input((4,), dtype="int32"), layers.Embedding(5, 2), layers.Flatten(), layers.Flatten()]
    ),
    "branches": lambda: branches(normalized()),
    "in-turn": lambda: compiled(model=in_turn()),
    "frozen-branches": lambda: compiled(model=branches(normalized(trainable=False))),
    "everything": everything,
    "lazy": lazy,
    "policy": lambda: chain(layers.Dense(2, dtype=keras.DTypePolicy("float32"))),
    "adam": lambda: compiled("adam", keras.losses.CategoricalCrossentropy(), metrics=[keras.metrics.CategoricalAccuracy(), "mae", keras.metrics.Precision(), keras.metrics.TopKCategoricalAccuracy(k=2)]),
    "smooth": lambda: compiled("adamw", keras.losses.CategoricalCrossentropy(label_smoothing=0.1)),
    "binary": lambda: compiled(keras.optimizers.SGD(0.1, weight_decay=0.1), keras.losses.BinaryCrossentropy(from_logits=True), chain(layers.Dense(3))),
    "sparse": lambda: compiled("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"]),
    "logits": lambda: compiled("nadam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), chain(layers.Dense(3))),
    "outputs": lambda: compiled("adamax", {"one": "mse", "two": keras.losses.MeanAbsoluteError()}, keras.Model(x := layers.Input((4,)), [layers.Dense(2, name="one")(x), layers.Dense(3, name="two")(x)]), metrics={"one": ["mae"]}),
}

refused = {
    "lambda": lambda: chain(layers.Lambda(lambda x: 2 * x)),
    "custom": lambda: chain(Doubled()),
    "subclass": lambda: Written(),
    "operator": lambda: after(lambda x: x + 1),
    "function": lambda: after(keras.ops.tanh),
    "channels": lambda: chain(layers.MaxPooling2D(data_format="channels_first"), shape=(2, 4, 4)),
    "policy": lambda: chain(layers.Dense(2, dtype="mixed_float16")),
    "class": lambda: chain(layers.GroupNormalization(2)),
    "activation": lambda: chain(layers.Dense(2, activation="exponential")),
    "groups": lambda: chain(layers.Conv2D(4, 2, groups=2), shape=(4, 4, 2)),
    "activity": lambda: chain(layers.Dense(2, activity_regularizer="l2")),
    "concatenate": lambda: keras.Model(
        x := [layers.Input((4, 2)), layers.Input((4, 2))], layers.Concatenate(axis=-2)(x)
    ),
    "mask": lambda: keras.Sequential(
        [layers.Input((4,)), layers.Embedding(5, 2, mask_zero=True), layers.GlobalAveragePooling1D()]
    ),
    "mask in a branch": lambda: keras.Model(
        x := layers.Input((4, 2)),
        layers.Conv1D(2, 2, name="window")(layers.Dropout(0.1)(layers.Masking()(x))),
    ),
    "keepdims": lambda: chain(layers.GlobalMaxPooling2D(keepdims=True), shape=(4, 4, 2)),
    "regularizer": lambda: chain(layers.Dense(2, kernel_regularizer=keras.regularizers.OrthogonalRegularizer())),
    "name": lambda: chain(layers.Dense(2, name="my layer")),
    "scalar": lambda: chain(layers.Flatten(), layers.Dense(2), shape=()),
    "bicubic": lambda: chain(layers.UpSampling2D(interpolation="bicubic"), shape=(4, 4, 2)),
    "cells": lambda: chain(layers.Bidirectional(layers.RNN(layers.LSTMCell(2))), shape=(4, 2)),
    "output twice": lambda: keras.Model(
        x := layers.Input((4,)), [y := layers.Dense(2, name="same")(x), y]
    ),
    "rectifier": lambda: chain(layers.ReLU(max_value=1, negative_slope=0.5)),
    "text": lambda: keras.Model(x := layers.Input((1,), dtype="string"), layers.StringLookup(vocabulary=["a"])(x)),
    "optimizer": lambda: compiled("ftrl"),
    "averages": lambda: compiled(keras.optimizers.Adam(use_ema=True)),
    "schedule": lambda: compiled(keras.optimizers.SGD(Falling())),
    "loss": lambda: compiled(loss="huber"),
    "smoothing": lambda: compiled(loss=keras.losses.SparseCategoricalCrossentropy(ignore_class=0)),
    "metric": lambda: compiled(metrics=[keras.metrics.AUC()]),
    "weights": lambda: compiled(loss=["mse"], loss_weights=[0.5]),
    "mask at the output": lambda: compiled(
        model=chain(layers.Masking(), layers.LSTM(2, return_sequences=True), shape=(4, 2))
    ),
    "branches": lambda: compiled(model=branches(normalized())),
    "branches of models": lambda: compiled(model=branches(encoder())),
}


def flat(values):
    return [np.asarray(each, "float64").ravel().tolist() for each in keras.tree.flatten(values)]


def spread(model, x):
    """Gives all weights distinct values."""
    for index, weight in enumerate(model.weights):
        values = np.sin(1.7 * index + 7.3 * np.arange(weight.numpy().size)).reshape(weight.shape)
        weight.assign(1 + values / 2 if "variance" in weight.path else values / 2)


def made(folder):
    results = {}
    for name, make in opened.items():
        model = make()
        x = [np.sin(np.arange(3 * 4) + index).reshape(3, 4).astype("float32") for index, _ in enumerate(model.inputs)]
        if name == "integers":
            x = [(2 + 2 * each).astype("int32") for each in x]
        given = x[0] if len(x) == 1 else x
        spread(model, x)
        if name == "by-name":
            given = dict(zip(["a", "b"], x))
        model.save(os.path.join(folder, name + ".keras"))
        model.save_weights(os.path.join(folder, name + ".weights.h5"))
        results[name] = {
            "inputs": [each.ravel().tolist() for each in x],
            "outputs": flat(model(given, training=False)),
            "trained": sum(int(np.prod(weight.shape)) for weight in model.trainable_weights),
        }
    for name, make in refused.items():
        model = make()
        if name == "subclass":
            model(np.zeros((1, 4), "float32"))
        model.save(os.path.join(folder, "no-" + name + ".keras"))
    old = compiled()
    old.save(os.path.join(folder, "old.h5"))
    os.rename(os.path.join(folder, "old.h5"), os.path.join(folder, "old.weights.h5"))
    old.save(os.path.join(folder, "old.h5"))
    return results
