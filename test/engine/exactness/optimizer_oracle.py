"""The formulas of tfjs's optimizers in float64, applied to a small network whose gradients are derived by hand."""

import numpy as np


def gradients(weights, x, targets, factor):
    """Returns the gradients of factor · mean squared error of a network tanh(x W + b) V + c by W, b, V and c."""
    w, b, v, c = weights
    hidden = np.tanh(x @ w + b)
    error = 2 * factor * (hidden @ v + c - targets) / targets.size
    back = (error @ v.T) * (1 - hidden**2)
    return [x.T @ back, back.sum(0), hidden.T @ error, error.sum(0)]


# Each formula yields the change of one weight: it is repeatedly sent (gradient, rate). `elsewhere`
# selects a different form, which shows whether a test could distinguish the two.


def sgd(elsewhere):
    change = None
    while True:
        g, rate = yield change
        change = rate * g * (1.001 if elsewhere else 1)


def momentum(elsewhere, momentum, nesterov):
    a, change = 0, None
    nesterov = nesterov != elsewhere
    while True:
        g, rate = yield change
        a = momentum * a + g
        change = rate * (g + momentum * a if nesterov else a)


def rmsprop(elsewhere, decay, momentum, epsilon):
    s, a, change = 0, 0, None
    while True:
        g, rate = yield change
        s = decay * s + (1 - decay) * g**2
        root = np.sqrt(s) + epsilon if elsewhere else np.sqrt(s + epsilon)
        a = momentum * a + rate * g / root
        change = a


def centered_rmsprop(elsewhere, decay, momentum, epsilon):
    s, m, a, change = 0, 0, 0, None
    while True:
        g, rate = yield change
        s = decay * s + (1 - decay) * g**2
        m = decay * m + (1 - decay) * g
        a = momentum * a + rate * g / np.sqrt(s - m**2 + (epsilon if elsewhere else -epsilon))
        change = a


def adam(elsewhere, beta1, beta2, epsilon):
    m, v, t, change = 0, 0, 0, None
    while True:
        g, rate = yield change
        t += 1
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        left = np.sqrt(1 - beta2**t)
        change = rate * left / (1 - beta1**t) * m / (np.sqrt(v) + epsilon * (1 if elsewhere else left))


def adamax(elsewhere, beta1, beta2, epsilon, decay):
    m, u, t, change = 0, 0, 0, None
    while True:
        g, rate = yield change
        slowed = rate / (1 + decay * t)
        t += 1
        m = beta1 * m + (1 - beta1) * g
        u = np.maximum(beta2 * u, np.abs(g))
        change = slowed / (1 - beta1**t) * m / (np.maximum(u, epsilon) if elsewhere else u + epsilon)


def adagrad(elsewhere, start, epsilon):
    a, change = start, None
    while True:
        g, rate = yield change
        a = a + g**2
        change = rate * g / (np.sqrt(a) + epsilon if elsewhere else np.sqrt(a + epsilon))


def adadelta(elsewhere, rho, epsilon):
    squares, updates, change = 0, 0, None
    while True:
        g, rate = yield change
        # tfjs divides by the squares before this step, Zeiler's paper by the new ones.
        before, squares = squares, rho * squares + (1 - rho) * g**2
        update = np.sqrt(updates + epsilon) / np.sqrt((squares if elsewhere else before) + epsilon) * g
        updates = rho * updates + (1 - rho) * update**2
        change = rate * update


FORMULAS = {
    formula.__name__: formula
    for formula in (sgd, momentum, rmsprop, centered_rmsprop, adam, adamax, adagrad, adadelta)
}


def train(given, formula, settings, factor, elsewhere):
    """Returns the network's weights after training with one optimizer."""
    x, targets = np.array(given["x"]), np.array(given["targets"])
    weights = [np.array(weight) for weight in given["weights"]]
    steppers = [FORMULAS[formula](elsewhere, **settings) for _ in weights]
    for stepper in steppers:
        next(stepper)
    for rate in given["rates"]:
        found = gradients(weights, x, targets, factor)
        weights = [
            weight - stepper.send((gradient, rate)) for weight, stepper, gradient in zip(weights, steppers, found)
        ]
    return [weight.tolist() for weight in weights]
