/**
 * Paints synthetic images in the style of MNIST.
 *
 * The images show handwritten digits, light on black, 28 x 28 pixels. Images of a digit differ in
 * its form, slant, width, size, position, pen and steadiness.
 */
import { handwriting } from "./handwriting";
import type { Painter } from "./painter";
import { type Line, write } from "./pen";
import type { Random } from "./random";
import { turn } from "./scenery";

const SIZE = 28;

/** Paints ten handwritten digits in grayscale. */
export const digitsPainter: Painter = {
  size: SIZE,
  channels: 1,
  classes: 10,
  copies: 10,
  labelBytes: (label) => [label],
  paint(canvas, random, label) {
    const { pixels } = canvas;
    pixels.fill(0);
    const hand = randomHand(random);
    const radius = random.uniform(0.75, 1.9);
    const ink = random.uniform(0.75, 1);
    for (const line of handwriting(label, random)) {
      const pressure = random.uniform(0.75, 1.2);
      write(canvas, hand(line), radius, radius * pressure, ink);
    }
    const grain = random.uniform(0.02, 0.25);
    for (let index = 0; index < pixels.length; index++) {
      if (pixels[index] === 0) continue;
      pixels[index]! *= 1 - random.uniform(0, grain);
    }
  },
};

/** Returns a random transformation of lines from digit coordinates, about -1 to 1, to pixels. */
function randomHand(random: Random): (line: Line) => number[] {
  const slant = random.uniform(-0.2, 0.45);
  const height = random.uniform(7, 10.5);
  const width = height * random.uniform(0.7, 1.25);
  const [cosine, sine] = turn(random.uniform(-0.12, 0.12));
  const margin = 3.2;
  const x0 = SIZE / 2 + random.uniform(-margin, margin);
  const y0 = SIZE / 2 + random.uniform(-margin, margin);
  const bends = [0, 1, 2, 3].map(() => random.uniform(-0.13, 0.13));
  return (line) => {
    const pixels: number[] = [];
    for (let index = 0; index < line.length; index += 2) {
      const [x, y] = [line[index]!, line[index + 1]!];
      const u = x - slant * y + bends[0]! * (y * y - 0.5) + bends[1]! * x * y;
      const v = y + bends[2]! * (x * x - 0.2) + bends[3]! * x * y;
      pixels.push(x0 + cosine * u * width - sine * v * height);
      pixels.push(y0 + sine * u * width + cosine * v * height);
    }
    return pixels;
  };
}
