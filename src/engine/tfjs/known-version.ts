/**
 * The version of TensorFlow.js whose internals this folder describes.
 *
 * Members outside of the public types may change with any version, and a change may show only as
 * wrong numbers. Therefore the engine is switched on only for the exact version it was written for.
 */
import { coded } from "../../notebook/coded-error";
import { tf } from "./library";

/** The version; src/package.json depends on it. */
const knownVersion = "4.22.0";

/** The packages whose internals are used. All packages of tfjs are released together. */
const packages = ["tfjs-core", "tfjs-layers", "tfjs", "tfjs-node"] as const;

/**
 * Checks the versions of the loaded packages.
 *
 * @param loaded The version of each package by its name; by default, those that tfjs reports.
 * @throws An Error (`ERR_VERSION`) if one of them is not the known version. It says what to do.
 */
export function checkVersions(
  loaded: Readonly<Record<string, string>> = tf.version,
): void {
  const other = packages.find((name) => loaded[name] !== knownVersion);
  if (other === undefined) return;
  throw coded(
    "ERR_VERSION",
    new Error(
      `Expected @tensorflow/${other} ${knownVersion}, whose internals the engine uses, received ${loaded[other] ?? "no version"}. Install it with npm install @tensorflow/tfjs-node@${knownVersion}, or set CONVNOTES_ENGINE=off to use TensorFlow.js without the engine.`,
    ),
  );
}
