"""Keras's weights after training a small network, for test/keras/training.test.ts, and the values of its schedules."""

import re

import keras
import numpy as np
import tensorflow as tf
from keras import layers

CLASSES = {"rmsprop": "RMSprop", "sgd": "SGD", "adamW": "AdamW"}


def snake(options):
    """Keras's names of options: firstDecaySteps, beta1 and clipnorm are first_decay_steps, beta_1 and clipnorm."""
    return {re.sub("([A-Z]|[0-9]+$)", r"_\1", name).lower(): value for name, value in options.items()}


def schedule(name, options):
    return getattr(keras.optimizers.schedules, name[0].upper() + name[1:])(**snake(options))


def optimizer(name, options, schedules):
    given = snake(options)
    if schedules:
        given["learning_rate"] = schedule(*schedules)
    return getattr(keras.optimizers, CLASSES.get(name, name.capitalize()))(**given)


def loss(name, options):
    return getattr(keras.losses, name[0].upper() + name[1:])(**snake(options))


def array(given):
    return np.array(given["values"], "float32").reshape(given["shape"])


def trained(case, data):
    """The weights after each epoch of one case, concatenated."""
    x, labels, weights = array(data["x"]), array(data["y"]), [array(each) for each in data["weights"]]
    network = keras.Sequential(
        [layers.Input(x.shape[1:]), layers.Dense(5, "tanh"), layers.Dense(3, case.get("activation"))]
    )
    network.set_weights(weights)
    used = optimizer(case["optimizer"], case["options"], case.get("schedule"))
    if "excluded" in case:
        used.exclude_from_weight_decay(var_names=case["excluded"])
    used.build(network.trainable_variables)
    compute = loss(*case["loss"])
    found = []
    for epoch in range(data["epochs"]):
        for start in range(0, len(x), data["batchSize"]):
            batch = slice(start, start + data["batchSize"])
            with tf.GradientTape() as tape:
                value = compute(labels[batch], network(x[batch], training=True))
            used.apply(tape.gradient(value, network.trainable_variables), network.trainable_variables)
        found += [np.ravel(each) for each in network.get_weights()]
    return np.concatenate(found).tolist()


def rates(given):
    """A schedule's learning rates of the first steps."""
    rate = tf.function(schedule(*given["schedule"]))
    return [float(rate(tf.constant(step, "int64"))) for step in range(given["steps"])]


class Model:
    """What Keras's callbacks need of a model; the weights are the number of the epoch."""

    def __init__(self):
        self.optimizer = keras.optimizers.SGD(1.0)
        self.stop_training = False
        self.epoch = 0
        self.restored = None

    def get_weights(self):
        return self.epoch

    def set_weights(self, weights):
        self.restored = weights


def callback(name, options):
    return getattr(keras.callbacks, name[0].upper() + name[1:])(**snake(options))


def monitored(given, curves):
    """For each epoch the learning rate, then the number of epochs and the epoch whose weights are put back, from 1."""
    model, used = Model(), callback(*given["callback"])
    used.set_model(model)
    used.on_train_begin()
    found, epochs = [], 0
    for epoch, value in enumerate(curves[given["curve"]]):
        epochs, model.epoch = epoch + 1, epoch + 1
        used.on_epoch_end(epoch, {"val_loss": value})
        found.append(float(model.optimizer.learning_rate.numpy()))
        if model.stop_training:
            break
    used.on_train_end()
    return [*found, epochs, model.restored or 0]


def answers(given):
    if "monitored" in given:
        return [monitored(each, given["curves"]) for each in given["monitored"]]
    return {
        "weights": {name: trained(case, given["data"]) for name, case in given["cases"].items()},
        "rates": {name: rates(each) for name, each in given["schedules"].items()},
    }
