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
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    [
      "c4dbee65edd7cf0ad455ee19f7867e83c728c3d919a31f56c4a00ad60b612979",
      "ec05786db8f63eae76f9bd4aba66ea9406a79ff2db8bc97f5c24858c74588ffc",
      "829a8c37c4ce220904b224e1940f8787f8625ad4ed2f2e74d0e0f77886ab55f1",
      "bf214b3890e9187fe5a75991a24c3572af78db5f932d639a57a07a5b209a5b7f",
      "105ac2aba4925bb9196fe0fe8a2bcf25a9d0424415714282194b645a885e6863",
    ],
  ],
  [
    "train-labels-idx1-ubyte",
    28_881,
    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  ],
  [
    "t10k-images-idx3-ubyte",
    1_648_877,
    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    [
      "aad20425e9c2d9069b958b0b4d8278e640bd8dee8b08f8d50aefac0f2901f430",
      "46e22043df9a8a0158fec7002c134fd2bfdba78a6558fb1253f0a77ae66204cc",
      "9f245149ae61219463698d6c0f02c3e8e4b670b40cbd8032fd7811b04799932b",
      "6cd026ef67f5ace4714536a9afd3ce6499fd275af455eac59b821337fa93a74d",
    ],
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
