/**
 * Describes MNIST: files, mirrors, digests and classes.
 */
import type { DatasetEntry } from "./dataset-entry";
import { type IdxFile, idxDownloads, idxFiles, idxLayout } from "./idx-entry";

const files: readonly IdxFile[] = [
  [
    "train-images-idx3-ubyte",
    9_912_422,
    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
  ],
  [
    "train-labels-idx1-ubyte",
    28_881,
    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
  ],
  [
    "t10k-images-idx3-ubyte",
    1_648_877,
    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  ],
  [
    "t10k-labels-idx1-ubyte",
    4_542,
    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  ],
];

/** MNIST: 70,000 grayscale images of handwritten digits, 28 x 28 pixels. */
export const mnist: DatasetEntry = {
  name: "mnist",
  title: "MNIST",
  description: "70,000 grayscale images of handwritten digits, 28 x 28 pixels",
  homepage: "http://yann.lecun.com/exdb/mnist/",
  license: "Creative Commons Attribution-Share Alike 3.0",
  citation:
    "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-Based Learning Applied to Document Recognition, Proceedings of the IEEE 86(11), 1998",
  imageShape: [28, 28, 1],
  trainSamples: 60_000,
  testSamples: 10_000,
  classNames: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  folder: "mnist",
  // The publisher's own server has answered with errors since 2024.
  downloads: idxDownloads(
    [
      "https://storage.googleapis.com/cvdf-datasets/mnist/",
      "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ],
    files,
  ),
  files: idxFiles(files),
  layout: idxLayout,
};
