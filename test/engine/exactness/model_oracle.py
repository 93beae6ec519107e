"""Runs Keras on the same weights and batches: in float64 as the reference, and in float32 for comparison.

Used by the tests in this folder. A trial is a folder of raw numbers: the weights of all layers in order, samples and
labels, and what convnotes computed from them.
"""

import math
import pathlib
import sys

import keras
import numpy as np
import tensorflow as tf

sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "bench" / "training"))
import keras_peer  # noqa: E402


def build(row):
    """Builds the model of a row like those of the course's table, without dropout."""
    model = keras.Sequential([keras.Input(row["inputShape"])])
    for layer in row["layers"]:
        match layer["kind"]:
            case "averagePooling":
                model.add(keras.layers.AveragePooling2D(layer["poolSize"]))
            case "anyConvolution":
                penalty = keras.regularizers.L2(layer["l2"]) if "l2" in layer else None
                names = ("filters", "strides", "padding", "activation")
                settings = {name: layer[name] for name in names if name in layer}
                model.add(keras.layers.Conv2D(kernel_size=layer["kernelSize"], kernel_regularizer=penalty, **settings))
            case "anyMaxPooling" | "anyAveragePooling":
                pooling = {"anyMaxPooling": keras.layers.MaxPooling2D, "anyAveragePooling": keras.layers.AveragePooling2D}
                settings = {"strides": layer["strides"], "padding": layer["padding"]}
                model.add(pooling[layer["kind"]](layer["poolSize"], **settings))
            case "activation":
                model.add(keras.layers.Activation(layer["activation"]))
            case "dropout":
                model.add(keras.layers.Dropout(0))
            case _:
                model.add(keras_peer.build_layer(layer, 1))
    return model


class Numbers:
    """The values of a file, returned piece by piece."""

    def __init__(self, file):
        self.values = np.fromfile(file, "<f4")

    def take(self, shape):
        size = math.prod(shape)
        piece, self.values = self.values[:size], self.values[size:]
        return piece.reshape(shape)

    def take_weights(self, like):
        weights = [self.take(weight.shape) for weight in like]
        assert self.values.size == 0, f"Expected all values to be used, received {self.values.size}"
        return weights


class Computation:
    """All values to be compared, computed by Keras in one precision.

    Fields:
        outputs: outputs of `predict`.
        loss: loss of the first batch in training, including penalties.
        accuracy: accuracy of the first batch in training.
        gradients: gradients of that loss, one per weight; None for weights that are not trained.
        stepped: moving statistics after the first batch.
        normalized: outputs of the batch normalizations in training, on the first batch.
        trained: weights after one epoch of gradient descent over all batches.
    """

    def __init__(self, folder, trial, dtype):
        row, batch_size = trial["row"], trial["batchSize"]
        keras.config.set_floatx(dtype)
        keras.config.set_dtype_policy(dtype)
        keras.backend.clear_session()
        model = build(row)
        weights = Numbers(folder / "weights").take_weights(model.weights)
        x = np.fromfile(folder / "samples", "<f4").reshape(-1, *row["inputShape"]).astype(dtype)
        y = np.fromfile(folder / "labels", "<i4").reshape(-1, 1)
        first_x, first_y = x[:batch_size], y[:batch_size]
        from_logits = row["layers"][-1].get("activation") != "softmax"
        loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits)

        model.set_weights(weights)
        self.outputs = model.predict(first_x, batch_size=batch_size, verbose=0)

        @tf.function
        def differentiate(batch, labels):
            with tf.GradientTape() as tape:
                outputs = model(batch, training=True)
                loss = tf.add_n([loss_of(labels, outputs), *model.losses])
            return outputs, loss, tape.gradient(loss, model.trainable_variables)

        outputs, loss, gradients = differentiate(tf.constant(first_x), tf.constant(first_y))
        self.loss = loss.numpy()
        self.accuracy = float(np.mean(np.argmax(outputs, 1) == first_y[:, 0]))
        found = {weight.path: gradient.numpy() for weight, gradient in zip(model.trainable_variables, gradients)}
        self.gradients = [found.get(weight.path) for weight in model.weights]
        self.stepped = model.get_weights()

        if trial["normalized"]:
            model.set_weights(weights)
            self.normalized = normalize(model, tf.constant(first_x))

        if trial["steps"] > 0:
            model.set_weights(weights)
            model.compile(optimizer=keras.optimizers.SGD(trial["learningRate"]), loss=loss_of)
            model.fit(x, y, batch_size=batch_size, shuffle=False, verbose=0)
            self.trained = model.get_weights()
        self.model, self.weights = model, model.weights
        self.start, self.batch, self.labels, self.loss_of = weights, first_x, first_y, loss_of

    def guided_gradients(self, normalized):
        """Returns the gradients if units pass values where `normalized` is above zero.

        Each ReLU after a batch normalization passes what is above zero there, and max pooling selects what is largest
        there. Thus a gradient computed in float32 can be compared with float64 on the same side of every kink.
        """
        model = self.model
        model.set_weights(self.start)

        @tf.function
        def differentiate(batch, labels, guides):
            guides, guide = list(guides), None
            with tf.GradientTape() as tape:
                value = batch
                for layer in model.layers:
                    match layer:
                        case keras.layers.BatchNormalization():
                            value, guide = layer(value, training=True), guides.pop(0)
                        case keras.layers.ReLU():
                            value, guide = tf.where(guide > 0, value, 0), tf.nn.relu(guide)
                        case keras.layers.MaxPooling2D():
                            value, guide = pool_by(guide, value)
                        case _:
                            value = layer(value, training=True)
                loss = tf.add_n([self.loss_of(labels, value), *penalties(model, batch.dtype)])
            return tape.gradient(loss, model.trainable_variables)

        guides = [tf.constant(value) for value in normalized]
        found = differentiate(tf.constant(self.batch), tf.constant(self.labels), guides)
        found = {weight.path: gradient.numpy() for weight, gradient in zip(model.trainable_variables, found)}
        return [found.get(weight.path) for weight in self.weights]


def pool_by(guide, value):
    """Applies 2 x 2 max pooling to `value` that selects where `guide` is largest; also returns the pooled guide."""
    # A last row or column outside of all windows is dropped.
    height, width = (side // 2 * 2 for side in guide.shape[1:3])
    guide, value = guide[:, :height, :width], value[:, :height, :width]
    pooled = tf.nn.max_pool2d(guide, 2, 2, "VALID")
    chosen = guide == tf.repeat(tf.repeat(pooled, 2, 1), 2, 2)
    # Equal values are both zero after a ReLU; their sum is zero too.
    return 4 * tf.nn.avg_pool2d(tf.where(chosen, value, 0), 2, 2, "VALID"), pooled


def penalties(model, dtype):
    """Returns the kernels' penalties: `model.losses` has them only for a model that is called as a whole."""
    layers = [layer for layer in model.layers if getattr(layer, "kernel_regularizer", None) is not None]
    return [tf.cast(layer.kernel_regularizer(layer.kernel.value), dtype) for layer in layers]


def flip_nearest(normalized):
    """Returns a copy in which the value of the last normalization nearest to zero has the opposite sign."""
    *others, last = normalized
    last = last.copy()
    place = np.unravel_index(np.argmin(np.abs(last)), last.shape)
    last[place] *= -1
    return [*others, last]


def normalize(model, batch):
    """Returns the outputs of the batch normalizations of a sequential model, in training."""

    @tf.function
    def run(value):
        outputs = []
        for layer in model.layers:
            value = layer(value, training=True)
            if isinstance(layer, keras.layers.BatchNormalization):
                outputs.append(value)
        return outputs

    return [output.numpy() for output in run(batch)]


def distance(value, reference, scale=None):
    """Returns the largest error, relative to the largest magnitude of the reference."""
    scale = np.max(np.abs(reference)) if scale is None else scale
    apart = float(np.max(np.abs(value.astype("float64") - reference)))
    # If no unit passes anything, all values are 0.
    return 0.0 if apart == 0 else apart / scale


def compare(ours, keras_value, reference, scale=None):
    return {"ours": distance(ours, reference, scale), "keras": distance(keras_value, reference, scale)}


def compare_all(weights, ours, single, double):
    """Returns the errors of many tensors, by the paths of their weights; None is skipped.

    Before a batch normalization a bias has no effect: its gradient is zero, it stays zero, and the computed value is
    only rounding. Such a bias is compared with its layer's kernel. Other weights have no effect either, such as the
    shift of a batch normalization right before another: values that vanish in float64 are compared with the largest.
    """
    errors = {}
    kernel = None
    largest = max(np.max(np.abs(reference)) for reference in double if reference is not None)
    for weight, mine, theirs, reference in zip(weights, ours, single, double):
        if reference is None:
            continue
        scale = np.max(np.abs(reference))
        kernel = scale if weight.name == "kernel" else kernel
        if weight.name == "bias" and scale < 1e-6 * kernel:
            scale = kernel
        if scale < 1e-12 * largest:
            scale = largest
        errors[weight.path] = compare(mine, theirs, reference, scale)
    return errors


def drift(values, reference, start):
    """Returns the distance of all weights together from the reference, relative to their total change."""

    def norm(some, others):
        return math.sqrt(sum(float(np.sum((one.astype("float64") - other) ** 2)) for one, other in zip(some, others)))

    return norm(values, reference) / norm(reference, start)


def mean_error(values, references):
    """Returns the mean distance over all values of several tensors."""
    total = sum(float(np.sum(np.abs(value - reference))) for value, reference in zip(values, references))
    return total / sum(reference.size for reference in references)


def count_flips(normalized, reference):
    """Returns the number of units whose sign differs from the reference."""
    return sum(int(np.sum((value > 0) != (exact > 0))) for value, exact in zip(normalized, reference))


def judge_normalized(ours, gradients, single, double):
    """Returns results on the batch normalizations' outputs, and on the kinks after them."""
    keras.config.set_floatx("float64")
    mine = compare_all(double.weights, gradients, gradients, double.guided_gradients(ours))
    theirs = double.guided_gradients(single.normalized)
    theirs = compare_all(double.weights, single.gradients, single.gradients, theirs)
    flipped = double.guided_gradients(flip_nearest(double.normalized))
    moved = compare_all(double.weights, flipped, flipped, double.gradients)
    return {
        "units": sum(value.size for value in double.normalized),
        "meanError": {
            "ours": mean_error(ours, double.normalized),
            "keras": mean_error(single.normalized, double.normalized),
        },
        "flips": {
            "ours": count_flips(ours, double.normalized),
            "keras": count_flips(single.normalized, double.normalized),
        },
        "guided": {name: {"ours": mine[name]["ours"], "keras": theirs[name]["keras"]} for name in mine},
        "oneFlip": max(errors["ours"] for errors in moved.values()),
    }


def judge(folder, trial):
    """Returns the errors of convnotes and of Keras in float32, against Keras in float64."""
    folder = pathlib.Path(folder)
    double = Computation(folder, trial, "float64")
    single = Computation(folder, trial, "float32")

    outputs = Numbers(folder / "outputs").take(double.outputs.shape)
    loss, accuracy = np.fromfile(folder / "metrics", "<f8")
    # The weights before and after one step: their difference is the gradient, because the rate is a
    # power of two.
    before = Numbers(folder / "weights").take_weights(double.weights)
    after = Numbers(folder / "stepped").take_weights(double.weights)
    gradients = [
        (old.astype("float64") - new.astype("float64")) / trial["gradientRate"] for old, new in zip(before, after)
    ]
    result = {
        "outputs": compare(outputs, single.outputs, double.outputs),
        "loss": compare(loss, single.loss, double.loss),
        "accuracy": {"ours": float(accuracy), "double": double.accuracy},
        "gradients": compare_all(double.weights, gradients, single.gradients, double.gradients),
        "statistics": {
            weight.path: compare(mine, theirs, reference)
            for weight, mine, theirs, reference in zip(double.weights, after, single.stepped, double.stepped)
            if not weight.trainable
        },
    }
    if trial["normalized"]:
        numbers = Numbers(folder / "normalized")
        ours = [numbers.take(value.shape) for value in double.normalized]
        result["normalized"] = judge_normalized(ours, gradients, single, double)
    if trial["steps"] > 0:
        trained = Numbers(folder / "trained").take_weights(double.weights)
        result["trained"] = {
            "ours": drift(trained, double.trained, before),
            "keras": drift(single.trained, double.trained, before),
        }
    return result
