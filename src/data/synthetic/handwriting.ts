/**
 * Defines the pen strokes of handwritten digits.
 *
 * A digit extends from about -0.55 to 0.55 horizontally and from -1 to 1 vertically. Every point is
 * displaced randomly. Most digits have several forms, such as a one with or without a foot, or a
 * four open or closed at the top.
 */
import { type Line, smooth } from "./pen";
import type { Random } from "./random";

/** Maximum displacement of a point along each axis. */
const UNSTEADY = 0.075;

/** Returns the lines of a digit, with random variations. */
export function handwriting(digit: number, random: Random): Line[] {
  return forms[digit]!(new Hand(random));
}

/** Draws lines through randomly displaced points. */
class Hand {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.#random.chance(probability);
  }

  uniform(low: number, high: number): number {
    return this.#random.uniform(low, high);
  }

  /** Straight from point to point. */
  straight(...points: number[]): number[] {
    return points.map(
      (value) => value + this.#random.uniform(-UNSTEADY, UNSTEADY),
    );
  }

  /** Smoothly through the points. */
  curve(...points: number[]): number[] {
    return smooth(this.straight(...points));
  }
}

type Form = (hand: Hand) => Line[];

const zero: Form = (hand) => {
  const wide = hand.uniform(0.75, 1.15);
  const points = [
    [0.12, -0.98, -0.4, -0.72, -0.55, 0.05, -0.36, 0.8],
    [0.06, 1, 0.46, 0.66, 0.56, -0.1, 0.4, -0.78, -0.05, -1],
  ].flat();
  return [
    hand.curve(
      ...points.map((value, index) => (index % 2 ? value : value * wide)),
    ),
  ];
};

const one: Form = (hand) => {
  const stem = hand.straight(0.02, -1, 0, 1);
  if (hand.chance(0.5)) return [stem];
  const flag = hand.straight(-0.4, -0.5, 0.02, -1);
  if (hand.chance(0.6)) return [flag, stem];
  return [flag, stem, hand.straight(-0.4, 1, 0.4, 1)];
};

const two: Form = (hand) => {
  const bow = [-0.5, -0.6, -0.2, -0.96, 0.28, -0.9, 0.46, -0.48, 0.2, 0.05];
  if (hand.chance(0.6)) {
    const down = hand.curve(...bow, -0.2, 0.55, -0.55, 0.97);
    return [
      down,
      hand.curve(...down.slice(-2), 0, 0.93, 0.58, hand.uniform(0.75, 1)),
    ];
  }
  const loop = [-0.3, 0.75, -0.55, 0.9, -0.55, 0.65, -0.2, 0.62, 0.15, 0.9];
  return [hand.curve(...bow, ...loop, 0.6, 0.85)];
};

const three: Form = (hand) => {
  const lower = hand.curve(
    ...[-0.08, -0.08, 0.35, 0.06, 0.5, 0.45, 0.3, 0.88, -0.15, 1, -0.5, 0.75],
  );
  if (hand.chance(0.2))
    return [hand.straight(-0.42, -0.95, 0.42, -0.95, -0.08, -0.08), lower];
  return [
    hand.curve(
      ...[-0.46, -0.7, -0.15, -0.97, 0.3, -0.88, 0.42, -0.48, 0.15, -0.15],
      ...[-0.15, -0.08],
    ),
    lower,
  ];
};

const four: Form = (hand) => {
  if (hand.chance(0.35)) {
    return [
      hand.straight(0.25, 1, 0.25, -1, -0.58, 0.28, 0.58, 0.28),
      hand.straight(0.25, 0.3, 0.25, 0.4),
    ];
  }
  const bar = hand.uniform(0, 0.3);
  const reach = hand.uniform(0.35, 0.65);
  return [
    hand.curve(-0.4, -0.92, -0.52, -0.3, -0.48, bar, 0, bar, reach, bar - 0.05),
    hand.straight(0.36, hand.uniform(-0.95, -0.4), 0.2, 1),
  ];
};

const five: Form = (hand) => {
  const bow = [-0.05, -0.3, 0.4, -0.08, 0.48, 0.4, 0.25, 0.88, -0.15, 1];
  return [
    hand.straight(-0.32, -0.9, 0.48, hand.uniform(-1, -0.85)),
    hand.straight(-0.32, -0.9, -0.4, -0.12),
    hand.curve(-0.4, -0.12, ...bow, -0.52, 0.8),
  ];
};

const six: Form = (hand) => {
  const top = hand.uniform(0, 0.45);
  const ring = [-0.38, 0.82, 0, 1, 0.4, 0.75, 0.38, 0.3, 0.05, 0.08];
  return [
    hand.curve(
      top,
      -1,
      -0.25,
      -0.6,
      -0.48,
      0,
      -0.52,
      0.45,
      ...ring,
      -0.42,
      0.4,
    ),
  ];
};

const seven: Form = (hand) => {
  const corner = [0.48, hand.uniform(-1, -0.8)];
  const lines = [hand.straight(-0.5, -0.9, ...corner)];
  const foot = hand.uniform(-0.35, 0.15);
  lines.push(
    hand.chance(0.5)
      ? hand.straight(...corner, foot, 1)
      : hand.curve(...corner, 0.15, -0.1, foot, 1),
  );
  if (hand.chance(0.25)) lines.push(hand.straight(-0.25, 0, 0.4, 0));
  if (hand.chance(0.2)) lines.push(hand.straight(-0.5, -0.9, -0.52, -0.6));
  return lines;
};

const eight: Form = (hand) => {
  if (hand.chance(0.3)) {
    const wide = hand.uniform(0.3, 0.45);
    return [
      hand.curve(0, -1, -wide, -0.55, 0, -0.08, wide, -0.55, 0, -1),
      hand.curve(0, -0.08, -0.5, 0.45, 0, 1, 0.5, 0.45, 0, -0.08),
    ];
  }
  const down = [0.42, -0.72, 0, -1, -0.42, -0.7, -0.15, -0.2, 0.35, 0.2];
  const up = [0.5, 0.6, 0.05, 1, -0.48, 0.65, -0.25, 0.15, 0.25, -0.25];
  return [hand.curve(...down, ...up, 0.42, -0.72)];
};

const nine: Form = (hand) => {
  const ring = [0.42, -0.62, 0.08, -0.98, -0.38, -0.75, -0.42, -0.3];
  const stem = hand.chance(0.5)
    ? hand.straight(0.42, -0.65, hand.uniform(0.1, 0.45), 1)
    : hand.curve(0.42, -0.65, 0.45, 0.1, 0.3, 0.8, -0.1, 1, -0.4, 0.85);
  return [hand.curve(...ring, -0.05, -0.06, 0.36, -0.35, 0.42, -0.62), stem];
};

const forms: readonly Form[] = [
  ...[zero, one, two, three, four],
  ...[five, six, seven, eight, nine],
];
