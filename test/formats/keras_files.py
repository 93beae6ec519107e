"""Opens models that the library saved, trains them, and saves them again: one process for all."""

import json
import os

import keras
import numpy as np


def arrays(given):
    return [np.array(each["values"], "float32").reshape(each["shape"]) for each in given]


def single(values):
    return values[0] if len(values) == 1 else values


def flat(values):
    values = values if isinstance(values, (list, tuple)) else [values]
    return [np.asarray(each, "float64").ravel().tolist() for each in values]


def predicted(model, x):
    return flat(model(single(x), training=False))


def trained(model, x, y, steps):
    for _ in range(steps):
        model.train_on_batch(single(x), single(y))
    return flat(model.get_weights())


def trial(folder, name, each):
    """Checks a saved model in both directions; returns what Keras computes."""
    path = os.path.join(folder, name)
    model = keras.models.load_model(path + ".keras")
    # Tracing a graph for each of so many models would take minutes.
    model.run_eagerly = True
    x, y = arrays(each["x"]), arrays(each["y"])
    result = {"predicted": predicted(model, x), "steps": int(model.optimizer.iterations)}
    for weight in model.weights:
        weight.assign(np.zeros(weight.shape, "float32"))
    model.load_weights(path + ".weights.h5")
    result["from weights"] = predicted(model, x)
    model.save(path + ".again.keras")
    model.save_weights(path + ".again.weights.h5")
    if each["trains"]:
        result["trained"] = trained(model, x, y, 10)
    return result


def trials(folder):
    with open(os.path.join(folder, "cases.json")) as file:
        cases = json.load(file)
    results = {}
    for name, each in cases.items():
        try:
            results[name] = trial(folder, name, each)
        except Exception as error:
            results[name] = {"error": f"{type(error).__name__}: {error}"}
    return results
