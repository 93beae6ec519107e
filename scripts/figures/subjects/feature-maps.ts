/**
 * Feature maps of the gallery: a synthetic image convolved with fixed kernels.
 */
import { drawImages } from "../../../src/data/synthetic/draw-images";
import { tf } from "../../../src/engine/tensorflow";
import { featureMapGrid } from "../../../src/plots/feature-map-grid";
import type { Subject } from "../exhibit";

const fashion = { title: "Fashion-MNIST", provenance: "synthetic" } as const;

/**
 * Returns maps (26, 26, filters) of an image, by kernels that are waves of different directions.
 */
async function maps(filters: number): Promise<tf.Tensor3D> {
  const { images } = await drawImages("fashion-mnist", 3, {
    seed: 1,
    stream: 0,
  });
  const size = 28 * 28;
  return tf.tidy(() => {
    const pixels = Float32Array.from(images.data.subarray(2 * size, 3 * size));
    const kernels = Array.from({ length: 9 * filters }, (_, index) => {
      const filter = index % filters;
      const place = Math.floor(index / filters);
      const turn = (Math.PI * filter) / filters;
      const along =
        Math.cos(turn) * ((place % 3) - 1) +
        Math.sin(turn) * (Math.floor(place / 3) - 1);
      return Math.sin(along * 1.5) / (1 + filter / 8);
    });
    return tf
      .conv2d(
        tf.tensor3d(pixels, [28, 28, 1]).div<tf.Tensor3D>(255),
        tf.tensor4d(kernels, [3, 3, 1, filters]),
        1,
        "valid",
      )
      .relu();
  });
}

/** Grids of feature maps. */
export const featureMaps: Subject = {
  title: "Feature maps",
  tolerance: 0.02,
  exhibits: [
    {
      name: "feature-maps",
      about: "featureMapGrid of 16 maps",
      make: async () => featureMapGrid(await maps(16), { dataset: fashion }),
    },
    {
      name: "feature-maps-few",
      about: "featureMapGrid of five maps in rows of three, with a caption",
      make: async () =>
        featureMapGrid(await maps(5), {
          dataset: fashion,
          columns: 3,
          caption: "First layer",
        }),
    },
  ],
};
