/**
 * Paints synthetic images in the style of CIFAR-100.
 *
 * There are 100 classes with CIFAR-100's names, five per family, 32 x 32 pixels, in color. Members
 * of a family share their build and their setting and differ in details. The 20 families are
 * therefore easier to distinguish than the 100 classes. Many drawings are crude.
 */
import { cifar100, cifar100CoarseLabels } from "../catalog/cifar-100";
import * as crawlers from "./families/crawlers";
import type { Family } from "./families/family";
import * as household from "./families/household";
import * as mammals from "./families/land-mammals";
import * as outdoors from "./families/outdoors";
import { people } from "./families/people";
import * as plants from "./families/plants";
import * as swimmers from "./families/swimmers";
import { vehicles1, vehicles2 } from "./families/vehicles";
import type { Painter } from "./painter";
import { Pencil } from "./pencil";
import { light, paintBackground, paintClutter, turn } from "./scenery";

const SIZE = 32;

/** By the names of the coarse classes. */
export const families: Readonly<Record<string, Family>> = {
  aquatic_mammals: swimmers.aquaticMammals,
  fish: swimmers.fishes,
  flowers: plants.flowers,
  food_containers: household.foodContainers,
  fruit_and_vegetables: plants.fruitAndVegetables,
  household_electrical_devices: household.householdElectricalDevices,
  household_furniture: household.householdFurniture,
  insects: crawlers.insects,
  large_carnivores: mammals.largeCarnivores,
  "large_man-made_outdoor_things": outdoors.largeManMadeOutdoorThings,
  large_natural_outdoor_scenes: outdoors.largeNaturalOutdoorScenes,
  large_omnivores_and_herbivores: mammals.largeOmnivoresAndHerbivores,
  medium_mammals: mammals.mediumMammals,
  "non-insect_invertebrates": crawlers.nonInsectInvertebrates,
  people,
  reptiles: crawlers.reptiles,
  small_mammals: mammals.smallMammals,
  trees: plants.trees,
  vehicles_1: vehicles1,
  vehicles_2: vehicles2,
};

/** For each fine class its family and how it is drawn. */
const things = cifar100.classNames.map((name, label) => {
  const family =
    families[cifar100.coarseClassNames![cifar100CoarseLabels[label]!]!]!;
  return { family, draw: family.members[name]! };
});

/**
 * Paints 100 classes in 20 families, in color. The labels are the coarse class, then the fine
 * class.
 */
export const hundredThingsPainter: Painter = {
  size: SIZE,
  channels: 3,
  classes: things.length,
  copies: 1,
  labelBytes: (label) => [cifar100CoarseLabels[label]!, label],
  paint(canvas, random, label) {
    const { family, draw } = things[label]!;
    paintBackground(canvas, random, random.pick(family.settings));
    paintClutter(canvas, random, random.integer(3), 6);
    const scale = random.uniform(10, 14);
    const margin = 5;
    const frame = {
      x: SIZE / 2 + random.uniform(-margin, margin),
      y: SIZE / 2 + random.uniform(-margin, margin),
      scaleX: scale * random.uniform(0.85, 1.15) * random.sign(),
      scaleY: scale,
      turn: turn(random.uniform(-family.turn, family.turn)),
    };
    draw(new Pencil(canvas, frame), random);
    if (random.chance(0.3)) paintClutter(canvas, random, 1, 6);
    light(canvas, random);
  },
};
