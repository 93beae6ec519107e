/**
 * The list of projects.
 */
import { configuration } from "./configuration";
import { decorators } from "./decorators";
import { emission } from "./emission";
import { formats } from "./formats";
import { jsx } from "./jsx";
import { packages } from "./packages";
import type { Project } from "./project";
import { resolution } from "./resolution";

/** All projects, in an order that means nothing. */
export const projects: readonly Project[] = [
  ...resolution,
  ...packages,
  ...emission,
  ...decorators,
  ...formats,
  ...jsx,
  ...configuration,
];
