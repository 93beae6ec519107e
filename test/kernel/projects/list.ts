/**
 * Lists all projects.
 */
import { bindings } from "./bindings";
import { configuration } from "./configuration";
import { decorators } from "./decorators";
import { emission } from "./emission";
import { formats } from "./formats";
import { interop } from "./interop";
import { jsx } from "./jsx";
import { packages } from "./packages";
import type { Project } from "./project";
import { resolution } from "./resolution";
import { targets } from "./targets";
import { workspaces } from "./workspaces";

/** All projects; their order has no meaning. */
export const projects: readonly Project[] = [
  ...resolution,
  ...packages,
  ...emission,
  ...decorators,
  ...formats,
  ...interop,
  ...bindings,
  ...workspaces,
  ...targets,
  ...jsx,
  ...configuration,
];
