#!/usr/bin/env bash
# Keras: a saved model cannot be opened if one of its layers is also in a model within it.
#
# Library:   keras 3.15.1, backend numpy (with scipy 1.16.3).
# Specified: keras.io, Serialize and save models: model.save() saves "the model's architecture, its
#            weights", and keras.models.load_model() returns the same model. The functional API
#            guide: layers and models can be shared.
# Observed:  model.save() writes a file without a warning. load_model() fails: "Output with path `` is
#            not connected to `inputs`", or "expected 2 variables, but received 0", depending on
#            whether the layer is called before or after the inner model. The numbers of a layer's
#            calls in the file are those within one model, but are looked up among all calls.
# Reports:   none found.
#
# Exit code 0: reproduced. 1: not reproduced.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv environment
environment/bin/pip install --quiet --disable-pip-version-check keras==3.15.1 scipy==1.16.3

cat > program.py << 'END'
import sys
import warnings

import keras
from keras import layers

warnings.simplefilter("ignore")
print(f"keras {keras.__version__}, backend {keras.backend.backend()}")


def made(before):
    """A model with an inner model; `shared` is in both, called before or after the inner one."""
    shared, within, x = layers.Dense(4), layers.Input((4,)), layers.Input((4,))
    inner = keras.Model(within, layers.Dense(4)(shared(within)))
    return keras.Model(x, inner(shared(x)) if before else shared(inner(x)))


def opened(model):
    model.save("model.keras")
    try:
        keras.models.load_model("model.keras")
        return "opened"
    except Exception as error:
        lines = [line for line in str(error).splitlines() if line.strip()]
        found = [line for line in lines if "expected" in line or "connected" in line]
        return (found or lines)[0][:90]


alone = layers.Input((4,))
print("without a shared layer:", plain := opened(keras.Model(alone, layers.Dense(4)(alone))))
results = [opened(made(before)) for before in (True, False)]
for name, result in zip(["called before", "called after"], results):
    print(f"shared with an inner model, {name}: {result}")
again = plain == "opened" and "opened" not in results
print("Reproduced." if again else "Not reproduced.")
sys.exit(0 if again else 1)
END
KERAS_BACKEND=numpy environment/bin/python program.py
