/**
 * The steps of `npm run handouts`, in the order in which they run. `zip` packs what the others
 * made.
 */
import { copies } from "./copies";
import type { HandoutStep } from "./handout";
import { pages } from "./pages";
import { pdf } from "./pdf";
import { site } from "./site";
import { slides } from "./slides";
import { zip } from "./zip";

/** All steps. */
export const steps: readonly HandoutStep[] = [
  pages,
  site,
  pdf,
  slides,
  copies,
  zip,
];
