/**
 * Writes the steps of recipes that many classes have: wheels and four-legged animals.
 */

/** Writes wheels, by default a second one at -x; otherwise each `apart` from the one before. */
export function wheels(x: number, y: number, r: number, n = 2, apart = -2 * x) {
  const rim = `.6:.05:.65 o ${x} ${y} ${r / 2} x${n} ${apart} 0`;
  return `k o ${x} ${y} ${r} x${n} ${apart} 0; ${rim}`;
}

/**
 * Returns a function that writes the steps of an animal from its ears and its tail, such as `round
 * thin`, from the steps drawn upon it and those behind it. It is seen from the side, its head to
 * the right. The numbers are half the length and height of the body, how far the legs reach and how
 * thick they are, the place and the radius of the head, and the length of the snout.
 */
export function fourLegged(
  [length, height]: readonly [number, number],
  [reach, thick]: readonly [number, number],
  [x, y, r]: readonly [number, number, number],
  snout: number,
) {
  const [left, up, back, mouth] = [x - r / 2, y - r, -0.9 * length, x + snout];
  const [rump, both] = [back - 0.15, `x2 ${r} 0`];
  const drawn: Record<string, string> = {
    round: `d o ${left} ${up} ${r * 0.4} ${both}`,
    pointed: `d p ${left - 0.1} ${up + 0.1} ${left} ${up - r * 0.7} ${left + 0.1} ${up + 0.1} ${both}`,
    long: `d l ${left} ${y} ${left - 0.06} ${up - 0.42} .09 ${both}`,
    wide: `d o ${left} ${y} ${r * 0.9} ${r}`,
    hanging: `c l ${left} ${up + r / 2} ${left - 0.08} ${y + r} .1 .15`,
    thin: `a l ${back} 0 ${back - 0.3} -.15 .06 .03`,
    bushy: `a l ${back} 0 ${back - 0.3} -.15 .1 .2`,
    tuft: `a l ${back} 0 ${back - 0.3} .3 .04, d o ${back - 0.3} .3 .1`,
    upright: `a l ${back} 0 ${rump} -.65 ${back + 0.15} -.75 .12 .2`,
    curled: `a l ${back} 0 ${back - 0.3} -.3 ${back - 0.15} -.7 .1`,
    ringed: `a o ${back} 0 .13 x3 -.18 0, k o ${back - 0.1} 0 .12 x2 -.18 0`,
  };
  const leg = (place: number): string =>
    `l ${place * length} .1 ${place * length} ${reach} ${thick} x2 ${1.15 * length} 0`;
  const body = `d ${leg(-0.45)}, a ${leg(-0.75)};
    a l ${length * 0.6} 0 ${x} ${y} ${height * 0.6} ${r * 0.75}; A o 0 .05 ${length} ${height}`;
  const head = `a o ${x} ${y} ${r}, h l ${x} ${y + 0.05} ${mouth} ${y + 0.12} ${r * 0.6} ${r * 0.4},
    k o ${mouth + r * 0.3} ${y + 0.1} .05, k o ${x + r * 0.3} ${y - r * 0.25} .055`;
  return (traits: string, upon = "", behind = "") => {
    const [ears = "", tail = ""] = traits.split(" ");
    return `${behind}; ${drawn[tail] ?? ""}; ${body}; ${head}; ${drawn[ears] ?? ""}; ${upon}`;
  };
}
