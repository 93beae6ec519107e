"""Trains one model of the course with PyTorch and prints one line of JSON.

Run by bench/training.mjs. Uses channels-last memory and fused Adam. Runs eagerly, or compiled by
torch.compile with TORCH_PEER_COMPILE=1.
"""

import math
import os

import torch
from torch import nn

from job import Stopwatch, check_parameters, measure_uses, parse_job, peak_megabytes, report


def build(row, width):
    """Returns the model of a table row.

    The last softmax is omitted, because PyTorch's cross-entropy takes logits. PyTorch requires each
    layer's input size, so the shape (channels, height, width) is tracked through the model.
    """
    *sides, channels = row["inputShape"] if len(row["inputShape"]) == 3 else (*row["inputShape"], 1)
    shape = [channels, *sides]
    modules = []
    for index, layer in enumerate(row["layers"]):
        factor = 1 if index == len(row["layers"]) - 1 else width
        match layer["kind"]:
            case "convolution":
                filters, size = layer["filters"] * factor, layer["kernelSize"]
                modules.append(nn.Conv2d(shape[0], filters, size, padding=layer["padding"]))
                lost = size - 1 if layer["padding"] == "valid" else 0
                shape = [filters, *(side - lost for side in shape[1:])]
            case "dense":
                units = layer["units"] * factor
                modules.append(nn.Linear(shape[0], units))
                shape = [units]
            case "maxPooling":
                modules.append(nn.MaxPool2d(layer["poolSize"]))
                shape = [shape[0], *(side // layer["poolSize"] for side in shape[1:])]
            case "dropout":
                modules.append(nn.Dropout(layer["rate"]))
            case "batchNormalization":
                # Equivalent to Keras's default settings.
                modules.append(nn.BatchNorm2d(shape[0], eps=1e-3, momentum=0.01))
            case "relu":
                modules.append(nn.ReLU())
            case "flatten":
                modules.append(nn.Flatten())
                shape = [math.prod(shape)]
            case kind:
                raise ValueError(f"Expected a layer's kind to be known to the PyTorch peer, received {kind}")
        if layer.get("activation") == "relu":
            modules.append(nn.ReLU())
    return nn.Sequential(*modules)


def count_parameters(model):
    """Returns the number of parameters as in Keras, including batch normalization's moving values."""
    buffers = sum(buffer.numel() for name, buffer in model.named_buffers() if "running" in name)
    return buffers + sum(parameter.numel() for parameter in model.parameters())


def build_optimizer(model, row):
    """Returns Adam with Keras's epsilon.

    The L2 penalty l·Σw² is applied as its gradient, a weight decay of 2l.
    """
    weighted = [module for module in model if isinstance(module, (nn.Conv2d, nn.Linear))]
    rows = [layer for layer in row["layers"] if layer["kind"] in ("convolution", "dense")]
    groups = {}
    for module, layer in zip(weighted, rows, strict=True):
        groups.setdefault(2 * layer.get("l2", 0), []).append(module.weight)
        groups.setdefault(0, []).append(module.bias)
    for module in model:
        if isinstance(module, nn.BatchNorm2d):
            groups.setdefault(0, []).extend(module.parameters())
    groups = [{"params": params, "weight_decay": decay} for decay, params in groups.items()]
    return torch.optim.Adam(groups, lr=row["learningRate"], eps=1e-7, fused=True)


def to_torch(images):
    """Converts images (n, height, width, channels): channels first in shape, last in memory."""
    tensor = torch.from_numpy(images)
    if tensor.dim() == 3:
        tensor = tensor.unsqueeze(-1)
    return tensor.permute(0, 3, 1, 2)


def main():
    job = parse_job()
    row = job.row
    torch.manual_seed(1)
    stopwatch = Stopwatch(job)
    x, y = stopwatch.make_data(job)
    model = build(row, job.width).to(memory_format=torch.channels_last)
    check_parameters(job, count_parameters(model))
    run = torch.compile(model) if os.environ.get("TORCH_PEER_COMPILE") else model
    stopwatch.begin_setup()
    optimizer = build_optimizer(model, row)
    cross_entropy = nn.CrossEntropyLoss()
    x, y = to_torch(x), torch.from_numpy(y).flatten()

    model.train()
    for _ in range(job.epochs):
        stopwatch.begin_epoch()
        total, right = torch.zeros(()), torch.zeros((), dtype=torch.int64)
        for batch in torch.randperm(len(x)).split(row["batchSize"]):
            inputs, targets = x[batch], y[batch]
            optimizer.zero_grad(set_to_none=True)
            outputs = run(inputs)
            loss = cross_entropy(outputs, targets)
            loss.backward()
            optimizer.step()
            total += loss.detach() * len(batch)
            right += (outputs.detach().argmax(1) == targets).sum()
        total.item(), right.item()
        stopwatch.end_epoch()
    peak_training = peak_megabytes()

    model.eval()

    @torch.inference_mode()
    def evaluate():
        total, right = torch.zeros(()), torch.zeros((), dtype=torch.int64)
        size = row["evaluateBatchSize"]
        for inputs, targets in zip(x.split(size), y.split(size), strict=True):
            outputs = run(inputs)
            total += cross_entropy(outputs, targets) * len(targets)
            right += (outputs.argmax(1) == targets).sum()
        return total.item(), right.item()

    @torch.inference_mode()
    def predict(images):
        return torch.cat([run(batch).softmax(1) for batch in to_torch(images).split(32)]).numpy()

    uses = measure_uses(job, evaluate, predict)
    report(stopwatch, count_parameters(model), peak_training, uses, f"PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
