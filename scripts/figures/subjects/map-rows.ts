/**
 * Rows of maps of the gallery.
 */
import { mapRow } from "../../../src/plots/map-row";
import type { Subject } from "../exhibit";

const spot = Array.from({ length: 6 }, (_, row) =>
  Array.from({ length: 6 }, (_, column) =>
    Math.max(0, 9 - 2 * Math.abs(row - 2) - 3 * Math.abs(column - 3)),
  ),
);
const signed = spot.map((row) => row.map((value) => value - 4));
const rings = Array.from({ length: 28 }, (_, row) =>
  Array.from({ length: 28 }, (_, column) =>
    Math.cos(Math.hypot(row - 13.5, column - 13.5)),
  ),
);

/** Matrices side by side. */
export const mapRows: Subject = {
  title: "Maps side by side",
  tolerance: 0.03,
  exhibits: [
    {
      name: "map-row-numbers",
      about: "mapRow with numbers",
      make: () =>
        mapRow({
          image: spot,
          "minus 4": signed,
          corner: [
            [1, 2],
            [3, 4],
          ],
        }),
    },
    {
      name: "map-row-gray",
      about: "mapRow in shades of gray, with a data set",
      make: () =>
        mapRow(
          {
            image: rings,
            "after convolution and ReLU": rings
              .slice(2, -2)
              .map((row) =>
                row.slice(2, -2).map((value) => Math.max(0, value)),
              ),
            pooled: rings
              .filter((_, row) => row % 2 === 0)
              .map((row) => row.filter((_, column) => column % 2 === 0)),
          },
          {
            numbers: false,
            cellSize: 6,
            dataset: { title: "Fashion-MNIST", provenance: "synthetic" },
          },
        ),
    },
  ],
};
