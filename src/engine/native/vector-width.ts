/**
 * Chooses the vector width of native programs.
 */
import { MustCompile } from "../functions/step-program";
import type { NativeAddon } from "./addon";

/**
 * Returns the index of a vector width in the addon's `widths()`: that of `CONVNOTES_VECTORS`, or
 * the widest by default.
 *
 * @throws {MustCompile} `ERR_INVALID_VALUE`, if `CONVNOTES_VECTORS` is not an available width.
 *   Another error would be hidden, as steps would run as graphs.
 */
export function vectorWidthIndex(addon: Pick<NativeAddon, "widths">): number {
  const wanted = process.env["CONVNOTES_VECTORS"];
  if (wanted === undefined) return 0;
  const names = addon.widths();
  const place = names.indexOf(wanted);
  if (place < 0) {
    throw new MustCompile(
      "ERR_INVALID_VALUE",
      `Expected CONVNOTES_VECTORS to be one of ${names.join(", ")}, received ${wanted || "nothing"}`,
    );
  }
  return place;
}
