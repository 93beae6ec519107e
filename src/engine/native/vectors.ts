/**
 * Which of the processor's vector widths native programs use.
 */
import { MustCompile } from "../functions/step-program";
import type { NativeAddon } from "./addon";

/**
 * Place of a width in the addon's `widths()`: of the widest, or of the one that `CONVNOTES_VECTORS` names.
 *
 * @throws {MustCompile} If it names none that there is, since steps that go on as graphs would hide it.
 */
export function vectors(addon: Pick<NativeAddon, "widths">): number {
  const wanted = process.env["CONVNOTES_VECTORS"];
  if (wanted === undefined) return 0;
  const names = addon.widths();
  const place = names.indexOf(wanted);
  if (place < 0) {
    throw new MustCompile(
      `Expected CONVNOTES_VECTORS to be one of ${names.join(", ")}, received ${wanted || "nothing"}`,
    );
  }
  return place;
}
