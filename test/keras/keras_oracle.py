"""Keras's values for each row of docs/tfjs-and-keras.md: one function per row, named by its id."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(1)


def array(given, name, dtype="float32"):
    """Converts a tensor from TypeScript, {"shape": …, "values": …}."""
    return np.array(given[name]["values"], dtype).reshape(given[name]["shape"])


def flat(*tensors):
    return np.concatenate([np.ravel(np.asarray(tensor)) for tensor in tensors]).tolist()


def with_weights(layer, given, *inputs):
    """Sets a layer's weights and returns its output."""
    layer.build(inputs[0].shape)
    layer.set_weights([array(given["weights"], index) for index in range(len(given["weights"]))])
    return layer(*inputs)


def moments(values):
    """Variance, kurtosis, minimum and maximum."""
    values = np.ravel(np.asarray(values)).astype("float64")
    variance = values.var()
    kurtosis = ((values - values.mean()) ** 4).mean() / variance**2
    return [variance, kurtosis, values.min(), values.max()]


# Optimizers: the change of a weight after steps with the same gradients.


def stepped(optimizer, given):
    start, gradients = array(given, "start"), array(given, "gradients")
    weight = keras.Variable(start)
    optimizer.build([weight])
    for step, gradient in enumerate(gradients):
        if "halvedAfter" in given and step == given["halvedAfter"]:
            optimizer.learning_rate = optimizer.learning_rate / 2
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [weight])
    return flat(weight.numpy() - start)


def adadelta(given):
    return stepped(keras.optimizers.Adadelta(learning_rate=1.0), given)


def rmsprop_centered(given):
    return stepped(keras.optimizers.RMSprop(learning_rate=0.01, momentum=0.5, centered=True), given)


def adam_epsilon(given):
    return stepped(keras.optimizers.Adam(learning_rate=0.01), given)


def amsgrad(given):
    return stepped(keras.optimizers.Adam(learning_rate=0.01, amsgrad=True), given)


def nadam(given):
    return stepped(keras.optimizers.Nadam(learning_rate=0.01), given)


def momentum_rate(given):
    return stepped(keras.optimizers.SGD(learning_rate=0.1, momentum=0.9), given)


def nesterov_rate(given):
    return stepped(keras.optimizers.SGD(learning_rate=0.1, momentum=0.9, nesterov=True), given)


def assigned_rate(given):
    return stepped(keras.optimizers.SGD(learning_rate=0.1), given)


def optimizer_names(given):
    names = ["adadelta", "adagrad", "adamax"]
    return [float(keras.optimizers.get(name).learning_rate.numpy()) for name in names]


# Initializers: moments of many values.


def normal_initializers(given):
    found = []
    for name in ["HeNormal", "GlorotNormal", "LecunNormal"]:
        found += moments(getattr(keras.initializers, name)(seed=1)(given["shape"]))
    return found


def variance_scaling_truncated(given):
    initializer = keras.initializers.VarianceScaling(1.0, "fan_in", "truncated_normal", seed=1)
    return moments(initializer(given["shape"]))


def uniform_bounds(given):
    return moments(keras.initializers.RandomUniform(0.0, 1.0, seed=1)(given["shape"]))


def normal_settings(given):
    still = keras.initializers.RandomNormal(stddev=0.0, seed=1)((10,))
    first, second = (np.asarray(keras.initializers.RandomNormal(seed=0)((10,))) for _ in range(2))
    truncated = keras.initializers.TruncatedNormal(stddev=1.0, seed=1)(given["shape"])
    return [float(np.std(still)), float(np.abs(first - second).max()), *moments(truncated)]


def default_kernel(given):
    found = []
    for layer, shape in [
        (layers.Dense(200), (None, 200)),
        (layers.Conv1D(64, 5), (None, 20, 64)),
        (layers.Conv2D(64, 3), (None, 9, 9, 64)),
        (layers.SimpleRNN(150), (None, 3, 150)),
    ]:
        layer.build(shape)
        found += moments(layer.get_weights()[0])
    return found


# Penalties, activations, losses and metrics.


def l1l2(given):
    weights = array(given, "weights")
    return flat(keras.regularizers.L1L2(l1=0.1)(weights), keras.regularizers.L1L2(l2=0.1)(weights))


def hard_sigmoid(given):
    return flat(keras.activations.hard_sigmoid(array(given, "x")))


def softmax_axis(given):
    x = array(given, "x")
    return flat(layers.Softmax()(x), layers.Softmax(axis=1)(x))


def elu_alpha(given):
    x = tf.constant(array(given, "x"))
    layer = layers.ELU(alpha=0.5)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(layer(x))
    return flat(layer(x), tape.gradient(total, x))


def hinge(given):
    labels, predictions = array(given, "labels"), array(given, "predictions")
    return flat(keras.losses.hinge(labels, predictions), keras.losses.squared_hinge(labels, predictions))


def whole(metric, given):
    metric.update_state(array(given, "labels"), array(given, "predictions"))
    return float(metric.result())


def precision_recall(given):
    return [whole(keras.metrics.Precision(), given), whole(keras.metrics.Recall(), given)]


def cosine(given):
    return [whole(keras.metrics.CosineSimilarity(), given)]


def top_k(given):
    labels, predictions = array(given, "labels"), array(given, "predictions")
    numbers = labels.argmax(-1)[:, None]
    return flat(
        keras.metrics.top_k_categorical_accuracy(labels, predictions, 2),
        keras.metrics.sparse_top_k_categorical_accuracy(numbers, predictions, 2),
    )


def identity(inputs, **compiled):
    """Creates a compiled identity model."""
    model = keras.Sequential([layers.Input((inputs,)), layers.Dense(inputs, use_bias=False, kernel_initializer="identity")])
    model.compile(optimizer="sgd", **compiled)
    return model


def accuracy_one_hot(given):
    labels, predictions = array(given, "labels"), array(given, "predictions")
    model = identity(predictions.shape[1], loss="binary_crossentropy", metrics=["accuracy"])
    return [model.evaluate(predictions, labels, verbose=0)[1]]


def clipped_cross_entropy(given):
    logits, labels = array(given, "logits"), array(given, "labels")
    classes = logits.shape[1]
    dense = layers.Dense(classes, use_bias=False, kernel_initializer="identity", activation="softmax")
    model = keras.Sequential([layers.Input((classes,)), dense])
    model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
    return [model.evaluate(logits, labels, verbose=0)]


def evaluation_penalty(given):
    x = np.ones((2, 1), "float32")
    model = keras.Sequential([layers.Input((1,)), layers.Dense(1, kernel_initializer="ones", kernel_regularizer="l2")])
    model.compile(optimizer="sgd", loss="mse")
    return [model.evaluate(x, x, verbose=0)]


# Layers.


def up_sampling_bilinear(given):
    x = tf.constant(array(given, "x"))
    with tf.GradientTape() as tape:
        tape.watch(x)
        larger = layers.UpSampling2D((2, 3), interpolation="bilinear")(x)
        loss = tf.reduce_sum(larger**2)
    return flat(larger, tape.gradient(loss, x))


def resizing(given):
    x = array(given, "x")
    return flat(
        layers.Resizing(3, 7)(x),
        layers.Resizing(3, 7, interpolation="nearest")(x),
        layers.Resizing(3, 6, crop_to_aspect_ratio=True)(x),
        layers.Resizing(11, 13)(x),
    )


def center_crop(given):
    x = array(given, "x")
    return flat(layers.CenterCrop(4, 4)(x), layers.CenterCrop(2, 3)(x), layers.CenterCrop(8, 6)(x))


def category_encoding(given):
    pairs, singles = array(given, "pairs", "int32"), array(given, "singles", "int32")
    return flat(
        layers.CategoryEncoding(4)(pairs),
        layers.CategoryEncoding(4, output_mode="count")(pairs),
        layers.CategoryEncoding(4, output_mode="one_hot")(singles),
    )


def causal_convolution(given):
    x = array(given, "x")
    plain = layers.Conv1D(3, 2, padding="causal", strides=2, activation="relu")
    dilated = layers.Conv1D(3, 2, padding="causal", dilation_rate=2)
    return flat(with_weights(plain, given, x), with_weights(dilated, given, x))


def trained(layer, given):
    """Output of a layer, and the gradients of its sum of squares with respect to the weights."""
    x = tf.constant(array(given, "x"))
    with_weights(layer, given, x)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x) ** 2)
    return flat(layer(x), *tape.gradient(loss, [weight.value for weight in layer.trainable_weights]))


def dilated_training(given):
    return trained(layers.Conv2D(3, 3, padding="same", dilation_rate=2), given)


def volume_dilation(given):
    return trained(layers.Conv3D(3, 2, dilation_rate=2), given)


def volume_transpose(given):
    return trained(layers.Conv3DTranspose(3, 2, strides=2), given)


def separable_dilation(given):
    return trained(layers.SeparableConv2D(3, 2, dilation_rate=2), given)


def depthwise_dilation(given):
    layer = layers.DepthwiseConv2D(2, dilation_rate=2, depth_multiplier=2)
    return flat(with_weights(layer, given, array(given, "x")))


def separable_initializer(given):
    layer = layers.SeparableConv2D(3, 2, depthwise_initializer="ones", pointwise_initializer="zeros")
    layer.build((None, 5, 5, 2))
    return flat(*layer.get_weights()[:2])


def alpha_dropout(given):
    dropped = np.asarray(layers.AlphaDropout(0.5, seed=1)(np.zeros((1, 1000), "float32"), training=True))
    return [float(dropped.min()), float(dropped.max())]


def batch_normalization_parts(given):
    x = array(given, "x")
    found = []
    for left_out in ["scale", "center"]:
        layer = layers.BatchNormalization(**{left_out: False})
        found += flat(layer(x, training=True), *layer.get_weights())
    return found


def batch_normalization_axis(given):
    found = []
    for layer, x in [(layers.BatchNormalization(axis=1), "x"), (layers.BatchNormalization(), "video")]:
        found += flat(layer(array(given, x), training=True), *layer.get_weights())
    return found


def layer_normalization_parts(given):
    return trained(layers.LayerNormalization(scale=False), given) + trained(
        layers.LayerNormalization(center=False), given
    )


def thresholded_relu(given):
    x = tf.constant(array(given, "x"))
    layer = layers.ReLU(threshold=0.1)
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = tf.reduce_sum(layer(x) ** 2)
    return flat(layer(x), tape.gradient(loss, x))


def frozen_batch_normalization(given):
    layer, x = layers.BatchNormalization(), array(given, "x")
    layer.trainable = False
    with_weights(layer, given, x)
    return flat(layer(x, training=True), *layer.get_weights())


def recurrent(layer, given):
    x = array(given, "x")
    layer.build(x.shape)
    starts = layer.get_weights()[-1]
    return flat(starts, with_weights(layer, given, x))


def gru(given):
    return recurrent(layers.GRU(3, return_sequences=True), given)


def lstm(given):
    return recurrent(layers.LSTM(3, return_sequences=True), given)


def conv_lstm(given):
    return recurrent(layers.ConvLSTM2D(2, 2), given)


def conv_lstm_dilation(given):
    return trained(layers.ConvLSTM2D(2, 2, dilation_rate=2), given)


# Everything that is equal in TensorFlow.js and Keras.


def same_optimizers(given):
    optimizers = keras.optimizers
    return [
        number
        for optimizer in [
            optimizers.SGD(0.1),
            optimizers.RMSprop(0.01, momentum=0.5),
            optimizers.Adagrad(0.01),
            optimizers.Adamax(0.01),
        ]
        for number in stepped(optimizer, given)
    ]


def same_initializers(given):
    found = []
    for name in ["GlorotUniform", "HeUniform", "LecunUniform"]:
        found += moments(getattr(keras.initializers, name)(seed=1)(given["shape"]))
    return found


def same_penalties(given):
    weights = array(given, "x")
    return flat(keras.regularizers.L1(0.1)(weights), keras.regularizers.L2(0.1)(weights))


def same_constraints(given):
    constraints = keras.constraints
    return flat(
        *(
            constraint(tf.constant(array(given, "x")))
            for constraint in [
                constraints.MaxNorm(0.5),
                constraints.MinMaxNorm(0.2, 0.5),
                constraints.UnitNorm(),
                constraints.NonNeg(),
            ]
        )
    )


def same_activations(given):
    names = "elu selu relu relu6 sigmoid softplus softsign tanh softmax log_softmax gelu mish swish"
    x = array(given, "x")
    return flat(*(keras.activations.get(name)(tf.constant(x)) for name in names.split()))


def same_losses(given):
    labels, predictions = array(given, "labels"), array(given, "predictions")
    losses = keras.losses
    return flat(
        *(
            loss(labels, predictions)
            for loss in [
                losses.mean_squared_error,
                losses.mean_absolute_error,
                losses.mean_squared_logarithmic_error,
                losses.categorical_hinge,
                losses.log_cosh,
                losses.categorical_crossentropy,
                losses.binary_crossentropy,
                losses.kl_divergence,
                losses.poisson,
                losses.cosine_similarity,
            ]
        )
    )


def same_metrics(given):
    labels, predictions = array(given, "labels"), array(given, "predictions")
    metrics = keras.metrics
    return flat(
        # Keras returns a value per element, tfjs the mean of each sample.
        np.mean(metrics.binary_accuracy(labels, predictions), -1),
        metrics.categorical_accuracy(labels, predictions),
        metrics.sparse_categorical_accuracy(labels.argmax(-1)[:, None], predictions),
    )


def same_layers(given):
    x = array(given, "x")
    return flat(
        layers.LeakyReLU()(x),
        layers.ReLU(max_value=0.5)(x),
        layers.PReLU()(x),
        layers.BatchNormalization()(x),
        layers.BatchNormalization()(x, training=True),
        layers.LayerNormalization()(x),
        layers.MaxPooling2D(3, padding="same", strides=2)(x),
        layers.AveragePooling2D(3, padding="same", strides=2)(x),
        layers.GlobalAveragePooling2D()(x),
        layers.ZeroPadding2D(((1, 2), (0, 1)))(x),
        layers.Cropping2D(((1, 2), (0, 1)))(x),
        layers.UpSampling2D((2, 3))(x),
        layers.Rescaling(2.0, 1.0)(x),
        layers.Permute((2, 3, 1))(x),
    )


def same_weighted_layers(given):
    def made(name, layer, *inputs):
        return with_weights(layer, {"weights": given["weights"][name]}, *inputs)

    x, sequence = array(given, "x"), array(given, "sequence")
    numbers = array(given, "numbers", "int32")
    return flat(
        made("conv2d", layers.Conv2D(3, 3, strides=2, padding="same"), x),
        made("conv2dTranspose", layers.Conv2DTranspose(3, 3, strides=2, padding="same"), x),
        made("separable", layers.SeparableConv2D(3, 2), x),
        made("simpleRNN", layers.Bidirectional(layers.SimpleRNN(2, return_sequences=True)), sequence),
        made("gru", layers.GRU(2, recurrent_activation="sigmoid", reset_after=False), sequence),
        made("embedding", layers.Embedding(4, 3), numbers),
    )


def answers(rows):
    return {name: globals()[name.replace("-", "_")](given) for name, given in rows.items()}
