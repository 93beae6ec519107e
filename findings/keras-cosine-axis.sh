#!/usr/bin/env bash
# Keras: the loss CosineSimilarity loses its axis when the model is saved.
#
# Library:   keras 3.15.1 with tensorflow-cpu 2.21.0.
# Specified: the reference of keras.losses.CosineSimilarity: axis is "the axis along which the cosine
#            similarity is computed (the features axis). Defaults to -1". A saved model has its "compile
#            information", so that training can be resumed.
# Observed:  a model that is compiled with CosineSimilarity(axis=1) and labels of two axes per sample
#            has another loss after saving and loading, that of axis -1, without a warning.
#            (LossFunctionWrapper.get_config has the keyword arguments of the function, but
#            CosineSimilarity has a get_config of its own with name and reduction only.)
# Reports:   none found.
#
# Exit code 0: reproduced. 1: not reproduced.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv environment
environment/bin/pip install --quiet --disable-pip-version-check keras==3.15.1 tensorflow-cpu==2.21.0

cat > program.py << 'END'
import os
import sys

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
import keras
import numpy as np

rng = np.random.default_rng(0)
x, y = rng.normal(size=(2, 4, 3, 5)).astype("float32")


def losses(axis):
    """Evaluate a model, save and load it, and evaluate it again."""
    model = keras.Sequential([keras.Input((3, 5)), keras.layers.Activation("tanh")])
    model.compile("sgd", keras.losses.CosineSimilarity(axis=axis))
    before = model.evaluate(x, y, verbose=0)
    model.save("model.keras")
    return before, keras.models.load_model("model.keras").evaluate(x, y, verbose=0)


print(f"keras {keras.__version__}")
found = {axis: losses(axis) for axis in (-1, 1)}
for axis, (before, after) in found.items():
    print(f"axis={axis}: loss {before:.6f} before saving, {after:.6f} after loading")
print("expected, each time: the same loss")
is_same = {axis: abs(before - after) < 1e-6 for axis, (before, after) in found.items()}
again = is_same[-1] and not is_same[1]
print("Reproduced." if again else "Not reproduced.")
sys.exit(0 if again else 1)
END
environment/bin/python program.py
