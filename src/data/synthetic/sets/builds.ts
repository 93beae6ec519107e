/**
 * Writes the parts of recipes that several classes share: wheels and four-legged animals.
 */

/** Wheels from (x, y) on, `apart` from one to the next; by default a second one at -x. */
export function wheels(x: number, y: number, r: number, n = 2, apart = -2 * x) {
  const copies = `x${n} ${apart},0`;
  return `k o ${x},${y} ${r} ${copies} + .6:.05:.65 o ${x},${y} ${r / 2} ${copies}`;
}

/**
 * A four-legged animal from the side, its head to the right, with `round`, `pointed`, `long` or
 * `hanging` ears, or antlers: half its length and height and how far its legs reach down, then
 * place and radius of its head.
 */
export function fourLegged(
  ears: string,
  [length, height, reach]: readonly [number, number, number],
  [x, y, r]: readonly [number, number, number],
): string {
  const [left, up, back, mouth] = [x - r / 2, y - r, -0.9 * length, x + r];
  const leg = (at: number): string =>
    `l ${at * length},.1 ${at * length},${reach} ${0.3 * height} x2 ${1.15 * length},0`;
  const drawn: Record<string, string> = {
    round: `d o ${left},${up} ${r * 0.4} x2 ${r},0`,
    pointed: `d p ${x - r},${y - r / 2} ${left},${up - r * 0.7} ${x},${up + 0.1} x2 ${r},0`,
    long: `d l ${left},${y} ${left - 0.06},${up - 0.42} .09 x2 ${r},0`,
    hanging: `c l ${left},${up + r / 2} ${left - 0.08},${y + r} .1 .15`,
    antlers: `c l ${x - 0.05},${up} ${x - 0.24},${up - 0.5} .04 x3 .16,0`,
  };
  return `d ${leg(-0.45)} + a ${leg(-0.75)} + a l ${back},0 ${back - 0.3},-.2 .09 .05
    + A o 0,.05 ${length} ${height} + a l ${length * 0.6},0 ${x},${y} ${height * 0.6} ${r * 0.75}
    + a o ${x},${y} ${r} + h l ${x},${y + 0.05} ${mouth},${y + 0.12} ${r * 0.6} ${r * 0.4}
    + k o ${mouth + r * 0.3},${y + 0.1} .05 + k o ${x + r * 0.3},${y - r * 0.25} .055
    + ${drawn[ears]}`;
}
