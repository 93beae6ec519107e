/**
 * Describes CIFAR-100: files, mirrors, digests and classes.
 */
import type { DatasetEntry } from "./dataset-entry";

const RECORD = 2 + 3 * 32 * 32;

/** The 20 coarse classes in label order, each with its five fine classes. */
const superclasses: readonly (readonly [string, readonly string[]])[] = [
  ["aquatic_mammals", ["beaver", "dolphin", "otter", "seal", "whale"]],
  ["fish", ["aquarium_fish", "flatfish", "ray", "shark", "trout"]],
  ["flowers", ["orchid", "poppy", "rose", "sunflower", "tulip"]],
  ["food_containers", ["bottle", "bowl", "can", "cup", "plate"]],
  [
    "fruit_and_vegetables",
    ["apple", "mushroom", "orange", "pear", "sweet_pepper"],
  ],
  [
    "household_electrical_devices",
    ["clock", "keyboard", "lamp", "telephone", "television"],
  ],
  ["household_furniture", ["bed", "chair", "couch", "table", "wardrobe"]],
  ["insects", ["bee", "beetle", "butterfly", "caterpillar", "cockroach"]],
  ["large_carnivores", ["bear", "leopard", "lion", "tiger", "wolf"]],
  [
    "large_man-made_outdoor_things",
    ["bridge", "castle", "house", "road", "skyscraper"],
  ],
  [
    "large_natural_outdoor_scenes",
    ["cloud", "forest", "mountain", "plain", "sea"],
  ],
  [
    "large_omnivores_and_herbivores",
    ["camel", "cattle", "chimpanzee", "elephant", "kangaroo"],
  ],
  ["medium_mammals", ["fox", "porcupine", "possum", "raccoon", "skunk"]],
  ["non-insect_invertebrates", ["crab", "lobster", "snail", "spider", "worm"]],
  ["people", ["baby", "boy", "girl", "man", "woman"]],
  ["reptiles", ["crocodile", "dinosaur", "lizard", "snake", "turtle"]],
  ["small_mammals", ["hamster", "mouse", "rabbit", "shrew", "squirrel"]],
  [
    "trees",
    ["maple_tree", "oak_tree", "palm_tree", "pine_tree", "willow_tree"],
  ],
  ["vehicles_1", ["bicycle", "bus", "motorcycle", "pickup_truck", "train"]],
  ["vehicles_2", ["lawn_mower", "rocket", "streetcar", "tank", "tractor"]],
];

/**
 * CIFAR-100: 60,000 color photographs, 32 x 32 pixels, in 100 classes grouped into 20
 * superclasses.
 */
export const cifar100: DatasetEntry = {
  name: "cifar-100",
  title: "CIFAR-100",
  description:
    "60,000 color photographs, 32 x 32 pixels, in 100 classes grouped into 20 superclasses",
  homepage: "https://www.cs.toronto.edu/~kriz/cifar.html",
  license: "none stated; the publisher asks to be cited",
  citation:
    "A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, technical report, University of Toronto, 2009",
  imageShape: [32, 32, 3],
  trainSamples: 50_000,
  testSamples: 10_000,
  // The publisher numbers the fine classes in alphabetical order.
  classNames: superclasses.flatMap(([, members]) => members).sort(),
  coarseClassNames: superclasses.map(([name]) => name),
  folder: "cifar-100-binary",
  downloads: [
    {
      name: "cifar-100-binary.tar.gz",
      bytes: 168_513_733,
      sha256:
        "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
      mirrors: ["https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"],
    },
  ],
  files: [
    { name: "train.bin", bytes: 50_000 * RECORD },
    { name: "test.bin", bytes: 10_000 * RECORD },
  ],
  layout: {
    kind: "records",
    labelClasses: [20, 100],
    train: ["train.bin"],
    test: ["test.bin"],
  },
};

/** Coarse label of each fine class of CIFAR-100, indexed by fine label. */
export const cifar100CoarseLabels: readonly number[] = cifar100.classNames.map(
  (name) => superclasses.findIndex(([, members]) => members.includes(name)),
);
