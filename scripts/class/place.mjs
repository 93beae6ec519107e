// Paths of the hub of a class in the checkout.

import path from "node:path";
import { inProject } from "../setup/project.mjs";

/** The hub's environment: Python packages, proxy, kernel for Jupyter, the course to hand out. */
export const hubFolder = inProject(".venv-hub");
/** The environment's Python. */
export const hubPython = path.join(hubFolder, "bin", "python");
/** The hub's proxy, with its packages. */
export const proxyFolder = path.join(hubFolder, "proxy");
/** Jupyter's files for all students. */
export const hubJupyterFolder = path.join(hubFolder, "share", "jupyter");
/** What each student gets a copy of. */
export const courseFolder = path.join(
  hubFolder,
  "share",
  "convnotes",
  "course",
);
/** JupyterHub's configuration for a class. */
export const configuration = inProject(
  "scripts",
  "class",
  "jupyterhub_config.py",
);
