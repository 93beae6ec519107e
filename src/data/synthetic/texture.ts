/**
 * Defines textures, as a colour factor at each point of a drawing.
 */
import type { Random } from "./random";

/** Returns a random texture of a kind, or sometimes none: striped, spotted, patched or woven. */
export function texture(
  random: Random,
  kind: string | undefined,
): (x: number, y: number) => number {
  const frequency = kind === "woven" ? 0.3 : 0.7;
  if (kind === undefined || !random.chance(frequency)) return () => 1;
  const [step, dark] = [random.uniform(0.22, 0.4), random.uniform(0.35, 0.7)];
  const lean = random.uniform(-0.35, 0.35);
  const within = (value: number): boolean =>
    value / step - Math.floor(value / step) < 0.5;
  const woven = kind === "woven" && random.chance(0.7);
  if (kind === "striped" || kind === "woven")
    return (x, y) => (within(x + lean * y) !== (woven && within(y)) ? dark : 1);
  if (kind === "patched")
    return (x, y) => (within(x * 0.4 + lean * y) === within(y * 0.4) ? 0.3 : 1);
  return (x, y) => {
    // Round spots on a staggered grid.
    const row = Math.floor(y / step);
    const u = x / step + row / 2;
    const du = u - Math.floor(u) - 0.5;
    const dv = y / step - row - 0.5;
    return du * du + dv * dv < 0.09 ? dark : 1;
  };
}
