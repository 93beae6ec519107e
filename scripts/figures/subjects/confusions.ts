/**
 * Confusion matrices of the gallery.
 */
import { cifar10 } from "../../../src/data/catalog/cifar-10";
import { cifar100 } from "../../../src/data/catalog/cifar-100";
import { Random } from "../../../src/data/synthetic/random";
import { confusionPlot } from "../../../src/plots/confusion-plot";
import { ConfusionMatrix } from "../../../src/training/confusion-matrix";
import type { Subject } from "../exhibit";

const cifar = { title: "CIFAR-10", provenance: "original" } as const;
const hundred = { title: "CIFAR-100", provenance: "unverified" } as const;

/** Returns a matrix with a strong diagonal; neighboring classes are confused most. */
export function matrix(classNames: readonly string[]): ConfusionMatrix {
  const random = new Random(5);
  const counts = classNames.map((_, truth) =>
    classNames.map((_, guess) => {
      const near = Math.exp(-Math.abs(truth - guess));
      return truth === guess
        ? 600 + random.integer(300)
        : Math.floor(random.uniform(0, 260) * near);
    }),
  );
  return new ConfusionMatrix(counts, classNames);
}

/** Plots of confusion matrices. */
export const confusions: Subject = {
  title: "Confusion matrices",
  tolerance: 0.2,
  exhibits: [
    {
      name: "confusion",
      about: "confusionPlot of 10 classes",
      make: () => confusionPlot(matrix(cifar10.classNames), { dataset: cifar }),
    },
    {
      name: "confusion-two",
      about: "confusionPlot of two classes, with a title and a caption",
      make: () =>
        confusionPlot(matrix(["cat", "dog"]), {
          dataset: cifar,
          title: "Cats and dogs",
          caption: "The model of the third lesson",
        }),
    },
    {
      name: "confusion-twenty",
      about: "confusionPlot of 20 classes with long names",
      make: () =>
        confusionPlot(matrix(cifar100.coarseClassNames!), {
          dataset: hundred,
          title: "Coarse classes",
        }),
    },
    {
      name: "confusion-hundred",
      about: "confusionPlot of 100 classes",
      make: () =>
        confusionPlot(matrix(cifar100.classNames), { dataset: hundred }),
    },
  ],
};
