/**
 * Draws a generic four-legged animal from the side, the basis of twenty classes.
 *
 * Members of a family share their proportions. They differ in ears, tail, coat, color and one
 * additional feature.
 */
import { spottedCoat, stripedCoat } from "../coat";
import { BLACK, mix, WHITE } from "../color";
import type { Rgb } from "../color";
import type { Draw, Pencil } from "../pencil";
import type { Random } from "../random";
import { ellipse, polygon, stroke } from "../shape";
import { about } from "./family";

/** The build that a family shares. */
export interface Build {
  /** Half the length and half the height of the body. */
  readonly body: readonly [number, number];
  /** How far the legs reach below the body's middle, and how thick they are. */
  readonly legs: readonly [number, number];
  /** Where the head is, and its radius. */
  readonly head: readonly [number, number, number];
  readonly snout: number;
}

/** Traits that distinguish the members of a family. */
interface Traits {
  /** Hue, saturation, value. */
  readonly color: readonly [number, number, number];
  readonly ears?: "round" | "pointed" | "long" | "wide";
  readonly tail?: "thin" | "bushy" | "tuft" | "ringed" | "upright";
  readonly coat?: "striped" | "spotted" | "patched";
  readonly build?: Partial<Build>;
  /** Drawn behind the animal. */
  readonly behind?: Feature;
  /** Drawn upon it. */
  readonly upon?: Feature;
}

type Feature = (
  pencil: Pencil,
  random: Random,
  build: Build,
  color: Rgb,
) => void;

/** Draws an animal of the family's build, as far as its own traits do not change that. */
export function quadruped(familyBuild: Build, traits: Traits): Draw {
  const build = { ...familyBuild, ...traits.build };
  return (pencil, random) => {
    const color = about(random, ...traits.color);
    const [length, height] = build.body;
    const [x, y, radius] = build.head;
    const shade = coatOf(traits, random);
    drawTail(pencil, random, traits, build, color);
    traits.behind?.(pencil, random, build, color);
    const [reach, thick] = build.legs;
    const far = mix(color, BLACK, 0.35);
    [-0.75, -0.45, 0.4, 0.7].forEach((place, index) => {
      const legX = place * length;
      const stand = legX + random.uniform(-0.08, 0.08);
      const leg = stroke(legX, 0.1, stand, reach, thick * 1.2, thick);
      pencil.fill(leg, index % 2 ? far : color);
    });
    pencil.fill(
      stroke(length * 0.6, 0, x, y, height * 0.6, radius * 0.75),
      color,
    );
    pencil.fill(ellipse(0, 0.05, length, height), color, { shade });
    drawEars(pencil, traits, build, color);
    pencil.fill(ellipse(x, y, radius), color);
    pencil.fill(
      stroke(
        x,
        y + 0.05,
        x + build.snout,
        y + 0.12,
        radius * 0.6,
        radius * 0.4,
      ),
      mix(color, WHITE, 0.12),
    );
    pencil.fill(ellipse(x + build.snout + radius * 0.3, y + 0.1, 0.05), BLACK);
    pencil.fill(ellipse(x + radius * 0.3, y - radius * 0.25, 0.055), BLACK);
    traits.upon?.(pencil, random, build, color);
  };
}

function coatOf(
  { coat }: Traits,
  random: Random,
): ((x: number, y: number) => number) | undefined {
  if (coat === "striped") return stripedCoat(random);
  if (coat === "spotted") return spottedCoat(random, 0.4);
  if (coat !== "patched") return undefined;
  const step = random.uniform(0.35, 0.5);
  const lean = random.uniform(-0.3, 0.3);
  return (x, y) =>
    Math.floor((x + lean * y) / step) % 2 === Math.floor(y / step) % 2
      ? 0.3
      : 1;
}

function drawTail(
  pencil: Pencil,
  random: Random,
  { tail }: Traits,
  { body: [length] }: Build,
  color: Rgb,
): void {
  const [x, y] = [-length * 0.9, 0];
  const tipX = x - random.uniform(0.2, 0.4);
  const tipY = y + random.uniform(-0.35, 0.35);
  if (tail === "thin") {
    pencil.fill(stroke(x, y, tipX, tipY, 0.06, 0.03), color);
  } else if (tail === "bushy") {
    pencil.fill(stroke(x, y, tipX, tipY, 0.1, 0.2), color);
  } else if (tail === "tuft") {
    pencil.fill(stroke(x, y, tipX, tipY + 0.2, 0.04), color);
    pencil.fill(ellipse(tipX, tipY + 0.2, 0.1), mix(color, BLACK, 0.6));
  } else if (tail === "upright") {
    pencil.fill(stroke(x, y, x - 0.15, -0.65, 0.12, 0.2), color);
    pencil.fill(stroke(x - 0.15, -0.65, x + 0.15, -0.75, 0.2, 0.1), color);
  } else if (tail === "ringed") {
    for (let ring = 0; ring < 5; ring++) {
      const t = ring / 4;
      const place = ellipse(x + t * (tipX - x), y + t * (tipY - y), 0.13);
      pencil.fill(place, ring % 2 ? mix(color, BLACK, 0.8) : color);
    }
  }
}

function drawEars(
  pencil: Pencil,
  { ears }: Traits,
  { head: [x, y, radius] }: Build,
  color: Rgb,
): void {
  const dark = mix(color, BLACK, 0.25);
  const up = y - radius;
  for (const side of [-1, 1]) {
    const place = x + side * radius * 0.55;
    if (ears === "round") {
      pencil.fill(ellipse(place, up + 0.03, radius * 0.4), dark);
    } else if (ears === "pointed") {
      const tip = [place + side * 0.04, up - radius * 0.7];
      pencil.fill(
        polygon([place - 0.12, up + 0.12, ...tip, place + 0.12, up + 0.12]),
        dark,
      );
    } else if (ears === "long") {
      pencil.fill(stroke(place, y, place - 0.06, up - 0.42, 0.09), dark);
    } else if (ears === "wide") {
      pencil.fill(ellipse(x - radius * 0.6, y, radius * 0.9, radius), dark);
    }
  }
}
