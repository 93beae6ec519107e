/**
 * The gallery: every kind of figure, grid and table of the library.
 */
import type { Exhibit, Subject } from "./exhibit";
import { confusions } from "./subjects/confusions";
import { convolutions } from "./subjects/convolutions";
import { curves } from "./subjects/curves";
import { featureMaps } from "./subjects/feature-maps";
import { images } from "./subjects/images";
import { mapRows } from "./subjects/map-rows";
import { models } from "./subjects/models";
import { tables } from "./subjects/tables";

/** All subjects in the order of the page. */
export const gallery: readonly Subject[] = [
  curves,
  convolutions,
  mapRows,
  images,
  featureMaps,
  confusions,
  models,
  tables,
];

/** All exhibits, in the order of the page, with the tolerance of their subject. */
export const exhibits: readonly (Exhibit & Pick<Subject, "tolerance">)[] =
  gallery.flatMap(({ tolerance, exhibits }) =>
    exhibits.map((exhibit) => ({ ...exhibit, tolerance })),
  );
