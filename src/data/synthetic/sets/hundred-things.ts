/**
 * Paints synthetic images in the style of CIFAR-100: 100 classes in 20 families, in color.
 *
 * The members of a family have the same drawing and the same places, and differ in color, texture
 * and proportions. The 20 families are therefore easier to distinguish than the 100 classes.
 */
import { cifar100, cifar100CoarseLabels } from "../../catalog/cifar-100";
import { Painter } from "../painter";
import { fourLegged, wheels } from "./builds";

/** Recipes of families: instead of a color, there is a list of the members with theirs. */
const families = {
  aquatic_mammals: `.15 water; beaver .06:.6:.35 plain .9 1.1, dolphin .58:.35:.65 plain 1.1 .8,
    otter .09:.5:.5 plain 1 .6, seal .6:.1:.45 spotted .85 1.2, whale .66:.6:.3 plain 1.15 1.4;
    a p -.7,.15 -1.05,-.2 -1,.4 + a l -.75,.15 .2,0 .65,-.08 .1 .28 + A o .1,0 .5 .28
    + h l -.3,.24 .5,.14 .08 + d p .2,.2 .05,.6 .4,.3 + k o .62,-.12 .05`,
  fish: `.2 depths; aquarium_fish .08:.85:.95 striped .7 1.3, flatfish .12:.4:.5 spotted 1 1.4,
    ray .55:.2:.35 plain .8 .9, shark .6:.15:.6 plain 1.2 .9, trout .22:.4:.6 spotted 1.1 .7;
    d p -.5,0 -1,-.33 -.9,0 -1,.33 + d p .2,-.2 -.3,-.6 -.3,-.1 + A o 0,0 .75 .35 + h o 0,.17 .5 .1
    + w o .48,-.07 .1 + k o .5,-.07 .055`,
  flowers: `.15 garden; orchid .83:.4:.9, poppy .01:.85:.9, rose .94:.6:.75 plain .8 .8,
    sunflower .14:.85:.95, tulip .07:.85:.9 plain .7 1.1;
    .3:.6:.45 l 0,0 0,1 .07 + .3:.6:.45 m l 0,.8 .45,.48 .06 .13 + a m o .32,-.25 .3 + a o 0,-.57 .3
    + a o 0,.05 .3 + c o 0,-.25 .22`,
  food_containers: `.1 shelf; bottle .33:.6:.5 plain .6 1.2, bowl .6:.5:.7 plain 1.6 .6,
    can 0:.75:.7 plain .9 1, cup .13:.3:.95 plain 1.1 .8, plate .5:.1:.95 plain 1.9 .3;
    a q .35,-.8 .45,.8 + d o 0,-.8 .35 .12 + b b 0,.1 .42,.3 + w@.5 l -.25,-.5 -.25,.6 .05`,
  fruit_and_vegetables: `.2 table; apple 0:.8:.75, mushroom .08:.2:.9 plain 1.2 .9,
    orange .08:.9:.95, pear .17:.7:.8 plain .8 1.2, sweet_pepper .33:.8:.5 plain .9 1.1;
    a m o .16,.05 .42 .48 / a m o .4,.1 .36 .42; .08:.7:.35 l 0,-.3 .06,-.75 .05
    + .27:.7:.5 l .1,-.55 .4,-.7 .05 .1 + w@.6 o -.2,-.15 .1 .14`,
  household_electrical_devices: `.1 desk; clock .1:.1:.95 plain .8 1.1,
    keyboard .6:.05:.25 plain 1.3 .6, lamp .13:.6:.95 plain .5 1.4, telephone 0:.7:.6 plain .7 .8,
    television .07:.4:.25 plain 1.1 1;
    a b 0,0 .8,.6 + c b -.12,-.05 .55,.4 + k o .65,-.3 .07 x3 0,.22 + k b 0,.7 .3,.1`,
  household_furniture: `.05 room; bed 0:.5:.8 plain 1.2 .7, chair .07:.55:.45 plain .6 1.1,
    couch .6:.5:.5 plain 1.2 .9, table .1:.5:.6, wardrobe .05:.6:.3 plain .8 1.3;
    d m l .7,0 .75,.9 .07 + a b 0,0 .8,.17 + a b -.72,-.35 .1,.5 + h b .05,-.15 .7,.09`,
  insects: `.7 leaf; bee .13:.85:.9 striped, beetle .42:.5:.3, butterfly .07:.85:.95 spotted 1.7 .8,
    caterpillar .27:.7:.65 striped .6 1.2, cockroach .03:.7:.35 plain .9 1.1;
    k m l 0,-.3 .6,-.5 .045 + k m l 0,0 .65,.05 .045 + k m l 0,.3 .6,.5 .045 + k m l 0,-.6 .3,-1 .03
    + A o 0,.2 .36 .6 + d o 0,-.35 .27 + k o 0,-.65 .18`,
  large_carnivores: `.08 savanna; bear .07:.5:.25 plain 1.05 1.15, leopard .13:.5:.85 spotted,
    lion .1:.5:.75 plain 1.1 1.1, tiger .06:.85:.9 striped 1.1, wolf .6:.08:.5 plain .9 .9;
    ${fourLegged("round", [0.62, 0.3, 0.72], [0.66, -0.22, 0.26])}`,
  "large_man-made_outdoor_things": `.03 town; bridge .02:.5:.5 plain 1.5 .6, castle .1:.2:.65,
    house .12:.4:.9 plain .9 .8, road .6:.05:.3 plain 1.6 .4, skyscraper .58:.35:.55 plain .6 1.4;
    a b 0,.3 .5,.6 + a b -.65,.1 .22,.8 x2 1.3,0 + d q 0,-.8 .6,-.3 + k o 0,.7 .15 .28
    + k b -.65,-.35 .08,.12 x2 1.3,0`,
  large_natural_outdoor_scenes: `.03 sky; cloud .58:.1:.95 plain 1.2 .6,
    forest .33:.55:.3 plain .6 1.3, mountain .65:.3:.4 plain 1 1.2, plain .15:.6:.75 plain 1.2 .25,
    sea .53:.6:.6 plain 1.2 .15;
    a q 0,-.7 1.6,.7 + d q -.5,-.3 1.3,.8 + a b 0,2.6 4,2 + h@.7 l -.2,1 .2,1 .05 ~9 1.4,.5`,
  large_omnivores_and_herbivores: `.08 field; camel .1:.5:.75 plain 1 1.1,
    cattle .07:.1:.9 patched 1.1 .9, chimpanzee .07:.3:.2 plain .8 .9,
    elephant .6:.08:.55 plain 1.2 1.1, kangaroo .05:.5:.6 plain .8 1.2;
    ${fourLegged("antlers", [0.58, 0.36, 0.95], [0.72, -0.45, 0.2])}`,
  medium_mammals: `.1 forest; fox .05:.85:.85, porcupine .08:.3:.35 spotted 1 1.2,
    possum .1:.05:.7 plain 1.1 .9, raccoon .1:.1:.5 striped, skunk .6:.1:.15 striped .9 .9;
    ${fourLegged("pointed", [0.62, 0.28, 0.52], [0.65, -0.05, 0.24])}`,
  "non-insect_invertebrates": `.2 beach; crab .03:.8:.8, lobster 0:.85:.5 plain .8 1.3,
    snail .09:.4:.6 spotted .8 .9, spider .07:.4:.12, worm .95:.4:.75 plain 1.4 .5;
    a m l 0,0 .55,-.2 .95,.1 .05 x3 0,.22 + a m l .3,-.1 .7,-.5 .07 + a m o .72,-.55 .2
    + A o 0,.1 .52 .38 + k m o .17,-.22 .08`,
  people: `.08 hall; baby .03:.3:.95 plain 1.2 .8, boy .08:.45:.7 plain .9 .9,
    girl .06:.3:.85 plain .8 1, man .07:.5:.45 plain 1.1 1.2, woman .04:.45:.65 plain .9 1.2;
    .05|.1|.13:.5:.3 o 0,-.3 .54 .58 + b q .2,.45 .8,.75 .8,1.3 + a l 0,.2 0,.5 .2
    + a o 0,-.08 .44 .52 + k m o .18,-.2 .07 + .98:.7:.6 l -.13,.2 .13,.2 .05`,
  reptiles: `.12 swamp; crocodile .27:.4:.3 plain 1.2 .8, dinosaur .36:.5:.5 spotted 1 1.6,
    lizard .3:.75:.7 plain 1.1 .7, snake .15:.6:.7 striped 1.3 .5, turtle .22:.4:.4 patched .8 1.3;
    d l -.4,.1 -.3,.5 .09 x2 .7,0 + A l -.4,.1 -1.1,.2 .2 .03 + A o -.05,.08 .6 .28
    + a l .4,.05 .85,-.1 .17 .14 + k o .85,-.15 .05`,
  small_mammals: `.12 studio; hamster .09:.6:.85 plain 1 .9, mouse .6:.05:.6 plain .8 .8,
    rabbit .08:.1:.95 plain .9 1.2, shrew .07:.4:.3 plain 1.1 .7, squirrel .04:.8:.65;
    ${fourLegged("long", [0.55, 0.42, 0.48], [0.48, -0.15, 0.32])}`,
  trees: `.05 meadow; maple_tree .03:.8:.8, oak_tree .28:.55:.35 plain 1.3 .9,
    palm_tree .22:.65:.65 plain .8 1.2, pine_tree .42:.5:.3 plain .7 1.3,
    willow_tree .17:.5:.65 plain 1.2 1;
    .07:.45:.35 l 0,-.2 0,1 .1 .14 + a o 0,-.35 .4 ~5 .4,.4 + d o 0,-.35 .3 ~4 .4,.4`,
  vehicles_1: `.06 road; bicycle .33:.6:.6 plain .8 .6, bus .13:.8:.9 plain 1.1 1.2,
    motorcycle .6:.05:.2 plain .7 .8, pickup_truck .6:.6:.65 plain 1.1 .8,
    train 0:.7:.5 plain 1.3 1;
    a b 0,0 .95,.42 + .58:.3:.3 b -.65,-.15 .2,.16 x3 .52,0 + h b 0,.22 .95,.06
    + ${wheels(-0.6, 0.42, 0.24)}`,
  vehicles_2: `.1 yard; lawn_mower 0:.8:.8 plain .9 .7, rocket .6:.05:.95 plain .6 1.4,
    streetcar .48:.6:.7 plain 1.1 .9, tank .2:.4:.35 plain 1.2 .8, tractor .1:.85:.9;
    a b .3,0 .55,.24 + a b -.4,-.35 .32,.5 + .58:.3:.3 b -.4,-.5 .2,.25 + k l .6,-.2 .6,-.6 .06
    + ${wheels(-0.45, 0.3, 0.42, 1)} + ${wheels(0.6, 0.48, 0.24, 1)}`,
};

/** The recipe of each class by its name. */
const recipes = Object.fromEntries(
  Object.values(families).flatMap((family) => {
    const [pose, members, ...steps] = family.split(";");
    return members!.split(",").map((member) => {
      const [name, ...look] = member.trim().split(/\s+/);
      return [name!, [pose, look.join(" "), ...steps].join(";")];
    });
  }),
);

/** Paints 100 classes in 20 families, in color. */
export const hundredThingsPainter = new Painter(
  {
    ...{ size: 32, channels: 3, copies: 1, clutter: [2, 0.3] },
    ...{ scale: [10, 14], stretch: [0.85, 1.15], margin: 5, mirrored: 0.5 },
    ...{ jitter: 0.03, bend: 0.06, slant: [-0.08, 0.08], weight: [0.9, 1.1] },
    ...{ spread: 0.12, surprise: 0, grounds: [0.15, 0.43] },
    coarse: cifar100CoarseLabels,
  },
  cifar100.classNames.map((name) => recipes[name]!),
);
