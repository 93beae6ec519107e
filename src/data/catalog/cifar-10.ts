/**
 * Describes CIFAR-10: files, mirrors, digests and classes.
 */
import type { DatasetEntry } from "./dataset-entry";

const RECORD = 1 + 3 * 32 * 32;
const trainFiles = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`);
const testFiles = ["test_batch.bin"];

/** CIFAR-10: 60,000 color photographs, 32 x 32 pixels, of ten kinds of animals and vehicles. */
export const cifar10: DatasetEntry = {
  name: "cifar-10",
  title: "CIFAR-10",
  description:
    "60,000 color photographs, 32 x 32 pixels, of ten kinds of animals and vehicles",
  homepage: "https://www.cs.toronto.edu/~kriz/cifar.html",
  license: "none stated; the publisher asks to be cited",
  citation:
    "A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, technical report, University of Toronto, 2009",
  imageShape: [32, 32, 3],
  trainSamples: 50_000,
  testSamples: 10_000,
  classNames: [
    ...["airplane", "automobile", "bird", "cat", "deer"],
    ...["dog", "frog", "horse", "ship", "truck"],
  ],
  folder: "cifar-10-batches-bin",
  downloads: [
    {
      name: "cifar-10-binary.tar.gz",
      bytes: 170_052_171,
      sha256:
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
      mirrors: [
        "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
        "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/cifar-10-binary.tar.gz",
      ],
    },
  ],
  files: [...trainFiles, ...testFiles].map((name) => ({
    name,
    bytes: 10_000 * RECORD,
  })),
  layout: {
    kind: "records",
    labelClasses: [10],
    train: trainFiles,
    test: testFiles,
  },
};
