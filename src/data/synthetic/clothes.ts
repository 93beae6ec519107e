/**
 * Paints synthetic images in the style of Fashion-MNIST.
 *
 * The images show ten kinds of clothes, light on black, 28 x 28 pixels. Sleeves, collars, fronts
 * and lengths of the upper garments overlap between classes: as in the original photographs, a
 * shirt without visible buttons can hardly be distinguished from a pullover.
 */
import { bag, boot, sandal, sneaker } from "./accessories";
import { Cloth } from "./cloth";
import type { Tailor } from "./cloth";
import { coat, dress, pullover, shirt, trouser, tShirt } from "./garments";
import type { Painter } from "./painter";
import { turn } from "./scenery";

const SIZE = 28;

/** In the order of Fashion-MNIST's labels. */
const tailors: readonly Tailor[] = [
  ...[tShirt, trouser, pullover, dress, coat],
  ...[sandal, shirt, sneaker, bag, boot],
];

/** Paints ten kinds of clothes in grayscale. */
export const clothesPainter: Painter = {
  size: SIZE,
  channels: 1,
  classes: tailors.length,
  copies: 10,
  labelBytes: (label) => [label],
  paint(canvas, random, label) {
    const { pixels } = canvas;
    pixels.fill(0);
    const scale = random.uniform(10, 13.2);
    const margin = 13.8 - scale;
    const frame = {
      x: SIZE / 2 + random.uniform(-margin, margin),
      y: SIZE / 2 + random.uniform(-margin, margin),
      scaleX:
        scale * random.uniform(0.88, 1.08) * (random.chance(0.3) ? -1 : 1),
      scaleY: scale,
      turn: turn(random.uniform(-0.06, 0.06)),
    };
    tailors[label]!(new Cloth(canvas, frame, random));
    const contrast = random.uniform(0.8, 1.1);
    const grain = random.uniform(0.01, 0.07);
    for (let index = 0; index < pixels.length; index++) {
      const value = pixels[index]!;
      if (value === 0) continue;
      pixels[index] = value * (contrast + random.uniform(-grain, grain));
    }
  },
};
