/**
 * Grids of synthetic images of the gallery.
 */
import { cifar10 } from "../../../src/data/catalog/cifar-10";
import { cifar100 } from "../../../src/data/catalog/cifar-100";
import { fashionMnist } from "../../../src/data/catalog/fashion-mnist";
import { NdArray } from "../../../src/data/nd-array";
import { drawImages } from "../../../src/data/synthetic/draw-images";
import { Random } from "../../../src/data/synthetic/random";
import { tf } from "../../../src/engine/tensorflow";
import { classGrid, imageGrid } from "../../../src/plots/image-grid";
import { misclassifiedGrid } from "../../../src/plots/misclassified";
import type { Subject } from "../exhibit";

const start = { seed: 1, stream: 0 };
const cifar = { title: "CIFAR-10", provenance: "synthetic" } as const;
const coarse = { title: "CIFAR-100", provenance: "synthetic" } as const;
const fashion = { title: "Fashion-MNIST", provenance: "synthetic" } as const;

/**
 * Returns the first label of each image; CIFAR-100 has two, of which the first is the coarse one.
 */
function firstLabels(labels: NdArray): NdArray {
  const [samples = 0, each = 1] = labels.shape;
  const data = Uint8Array.from(
    { length: samples },
    (_, sample) => labels.data[sample * each]!,
  );
  return new NdArray(data, [samples, 1]);
}

/** Returns probabilities (samples, classes) that add up to 1. */
function probabilities(samples: number, classes: number): tf.Tensor2D {
  const random = new Random(3);
  const rows = Array.from({ length: samples }, () => {
    const row = Array.from(
      { length: classes },
      () => random.uniform(0, 1) ** 8,
    );
    const sum = row.reduce((total, value) => total + value, 0);
    return row.map((value) => value / sum);
  });
  return tf.tensor2d(rows);
}

/** Grids of images. */
export const images: Subject = {
  title: "Grids of images",
  tolerance: 0.03,
  exhibits: [
    {
      name: "image-grid-color",
      about: "imageGrid of color images",
      make: async () => {
        const drawn = await drawImages("cifar-10", 25, start);
        return imageGrid(drawn.images, drawn.labels, cifar10.classNames, {
          dataset: cifar,
        });
      },
    },
    {
      name: "image-grid-gray",
      about: "imageGrid of a few gray images, with a caption",
      make: async () => {
        const drawn = await drawImages("fashion-mnist", 8, start);
        return imageGrid(drawn.images, drawn.labels, fashionMnist.classNames, {
          dataset: fashion,
          rows: 2,
          columns: 4,
          caption: "The first eight images",
        });
      },
    },
    {
      name: "image-grid-long-names",
      about: "imageGrid with the long names of CIFAR-100's coarse classes",
      make: async () => {
        const drawn = await drawImages("cifar-100", 10, start);
        const labels = firstLabels(drawn.labels);
        return imageGrid(drawn.images, labels, cifar100.coarseClassNames!, {
          dataset: coarse,
          rows: 2,
        });
      },
    },
    {
      name: "class-grid",
      about: "classGrid, its defaults",
      make: async () => {
        const drawn = await drawImages("cifar-10", 200, start);
        return classGrid({ name: "train", ...drawn }, cifar10.classNames, {
          dataset: cifar,
        });
      },
    },
    {
      name: "class-grid-long-names",
      about: "classGrid with long names and a caption",
      make: async () => {
        const drawn = await drawImages("cifar-100", 300, start);
        const labels = firstLabels(drawn.labels);
        return classGrid(
          { name: "train", images: drawn.images, labels },
          cifar100.coarseClassNames!.slice(0, 12),
          { dataset: coarse, perClass: 4, caption: "Four images of a class" },
        );
      },
    },
    {
      name: "misclassified",
      about: "misclassifiedGrid, its defaults",
      make: async () => {
        const drawn = await drawImages("cifar-10", 40, start);
        return misclassifiedGrid(
          { name: "test", ...drawn },
          probabilities(40, 10),
          cifar10.classNames,
          { dataset: cifar },
        );
      },
    },
    {
      name: "misclassified-long-names",
      about: "misclassifiedGrid with long names and an incomplete row",
      make: async () => {
        const drawn = await drawImages("cifar-100", 8, start);
        const labels = firstLabels(drawn.labels);
        return misclassifiedGrid(
          { name: "test", images: drawn.images, labels },
          probabilities(8, 20),
          cifar100.coarseClassNames!,
          { dataset: coarse, order: "first", columns: 3 },
        );
      },
    },
  ],
};
