/**
 * Paints synthetic images in the style of CIFAR-100: 100 classes in 20 families, in colour.
 *
 * Members of a family share their build and their setting and differ in details. The 20 families
 * are therefore easier to distinguish than the 100 classes. Many drawings are crude.
 */
import { cifar100, cifar100CoarseLabels } from "../../catalogue/cifar-100";
import { Painter } from "../painter";
import { fourLegged, wheels } from "./anatomy";

/** Half the width of the body of a swimming mammal, and what distinguishes it. */
const swimmer = (thick: number, details: string): string =>
  `${details}; a l -.75 .15 .2 0 .65 -.08 .1 ${thick}; a o .1 0 .5 ${thick}; k o .62 -.12 .045;
    h l -.3 ${0.1 + thick / 2} .5 ${thick / 2} ${thick * 0.3}; 50% .55:.3:.85@.8 l -1 .32 1 .32 .08`;
const fish = (length: number, height: number, fins: string): string =>
  `${fins}; d p ${-0.7 * length} 0 ${-length - 0.3} -.33 ${-length - 0.2} 0 ${-length - 0.3} .33;
    A o 0 0 ${length} ${height}; h o 0 ${height / 2} ${length * 0.7} ${height * 0.3};
    w o ${length * 0.65} ${-0.2 * height} .1, k o ${length * 0.67} ${-0.2 * height} .055`;
/** Seen from above, the head to the right. */
const insect = (reach: number, details: string): string =>
  `k v l -.3 0 -.45 ${reach * 0.7} -.55 ${reach} .035, k v l 0 0 0 ${reach * 0.7} -.1 ${reach} .035,
    k v l .3 0 .45 ${reach * 0.7} .35 ${reach} .035, k v l .6 .05 .95 .28 .03; ${details}`;
const reptile = (thick: number, reach: number, details: string): string =>
  `d l -.4 .1 -.3 ${reach} .08 x2 .7 0; A l -.4 .1 -1.1 .18 ${thick * 0.7} .03,
    A o -.05 .08 .55 ${thick}; ${details}`;
/** Head and shoulders from the front. */
const person = (width: number, shoulders: number, hair: string): string =>
  `.07:.4:.7; ${hair}; b q .2 .45 ${shoulders} .75 ${shoulders} 1.3; d l 0 .2 0 .52 ${shoulders / 3};
    a o 0 -.08 ${width} .54; k m o ${width * 0.42} -.2 .075 .06; d l 0 -.1 .02 .02 .04;
    0:.6:.6 l ${-0.3 * width} .2 ${0.3 * width} .2 .045`;
const hair = `.05|.1|.13:.5:.35 o 0 -.34 .52 .56`;
const longHair = `${hair}, .05|.1|.13:.5:.3 m l .42 -.3 .48 .6 .16`;
const stem = `.3:.6:.45 l 0 0 0 1 .07, .3:.6:.45 m l 0 .8 .45 .48 .06 .13`;
const shine = `w@.6 o -.18 -.2 .1 .14`;
const stalk = `.08:.7:.35 l 0 -.3 .06 -.78 .045`;
const trunk = `.07:.45:.35 l 0 -.2 0 1 .1 .14`;

const carnivore = fourLegged(
  [0.62, 0.3],
  [0.72, 0.11],
  [0.66, -0.22, 0.24],
  0.2,
);
const grazer = fourLegged([0.58, 0.36], [0.95, 0.09], [0.72, -0.45, 0.2], 0.22);
const prowler = fourLegged(
  [0.5, 0.24],
  [0.48, 0.07],
  [0.55, -0.05, 0.22],
  0.26,
);
const rodent = fourLegged([0.55, 0.42], [0.48, 0.06], [0.48, -0.15, 0.3], 0.18);

/** How far the members of a family are turned at most, and where they appear. */
const families: Record<string, string> = {
  aquatic_mammals: ".15 water water depths",
  fish: ".2 depths",
  flowers: ".15 meadow forest table",
  food_containers: ".1 table table room",
  fruit_and_vegetables: ".2 table table meadow",
  household_electrical_devices: ".1 room room table",
  household_furniture: ".05 room",
  insects: ".7 meadow table meadow",
  large_carnivores: ".08 savanna savanna forest",
  "large_man-made_outdoor_things": ".03 sky road meadow",
  large_natural_outdoor_scenes: ".03 sky",
  large_omnivores_and_herbivores: ".08 savanna meadow",
  medium_mammals: ".1 forest forest road",
  "non-insect_invertebrates": ".2 savanna table water",
  people: ".08 room room meadow",
  reptiles: ".12 savanna water forest",
  small_mammals: ".12 table meadow room",
  trees: ".05 meadow sky meadow",
  vehicles_1: ".06 road road meadow",
  vehicles_2: ".1 meadow road savanna",
};

/** The recipe of each class, family by family. */
const recipes: Record<string, string> = {
  beaver: `.06:.6:.35; ${swimmer(0.27, "d o -.85 .18 .28 .13; d o .5 -.3 .1")}`,
  dolphin: `.58:.35:.55; ${swimmer(0.2, "a p -.1 -.1 -.3 -.55 .2 -.1; a p -.7 .15 -1.05 -.2 -1 .4; a l .6 -.05 1 0 .07 .04")}`,
  otter: `.07:.5:.45; ${swimmer(0.16, "a l -.7 .15 -1.1 0 .08 .04; a l -.3 0 -.2 .4 .07 x2 .6 0; h o .68 -.1 .2")}`,
  seal: `.6:.1:.45; ${swimmer(0.33, "d p .2 .2 .05 .6 .4 .3; a p -.7 .15 -1 0 -1 .35; w l .7 0 .95 0 .03")}`,
  whale: `.62:.6:.3; ${swimmer(0.4, "a p -.65 .1 -1.05 -.4 -.85 -.05 -1.15 -.1; w l .3 -.3 .3 -.75 .04, w l .15 -.85 .45 -.85 .07")}`,
  aquarium_fish: `.08:.85:.95 striped; ${fish(0.55, 0.42, "a p .2 -.3 -.35 -.75 -.3 -.2, a p .1 .3 -.3 .7 -.25 .2")}`,
  flatfish: `.1:.4:.5 spotted; ${fish(0.75, 0.5, "d o -.05 0 .85 .68")}`,
  ray: `.58:.3:.4; ${fish(0.5, 0.25, "a p .6 0 -.1 -.82 -.5 0 -.1 .82, a l -.4 0 -1.2 0 .05 .02")}`,
  shark: `.6:.2:.5; ${fish(0.85, 0.25, "a p .15 -.15 -.15 -.65 -.2 -.15, a p .3 .1 0 .5 .1 .1")}`,
  trout: `.22:.35:.55 spotted; ${fish(0.8, 0.26, "a p 0 -.2 -.25 -.4 -.3 -.15, .98:.5:.8 l -.6 .02 .6 .02 .08")}`,
  orchid: `.83:.35:.9; ${stem}; a l 0 -.25 0 -.85 .1 .2, a m l 0 -.25 .6 -.4 .1 .2, a m l 0 -.25 .35 .15 .1 .2; .9:.8:.6 o 0 -.1 .15 .22`,
  poppy: `.01:.85:.9; ${stem}; a m o .3 -.25 .36, d o 0 -.5 .36, a o 0 0 .34; k o 0 -.25 .16`,
  rose: `.96:.65:.75; ${stem}; a o 0 -.25 .58, d o 0 -.25 .44, a o 0 -.25 .3, d o 0 -.25 .17`,
  sunflower: `.14:.85:.95; ${stem}; a l -.6 -.25 .6 -.25 .13, a l 0 -.85 0 .35 .13, a l -.45 -.7 .45 .2 .13, a l -.45 .2 .45 -.7 .13; .07:.6:.25 o 0 -.25 .35`,
  tulip: `.97|.12|.8:.7:.85; ${stem}; a o 0 -.2 .4 .38, a m p .4 -.2 .42 -.8 .1 -.4, d p -.2 -.2 0 -.85 .2 -.2`,
  bottle: `.3|.08|.55:.6:.5; a b 0 -.7 .11 .3; a b 0 .35 .29 .65; a o 0 -.2 .29 .3; b b 0 -.95 .13 .07; b b 0 .35 .29 .25; w@.5 l -.18 -.1 -.18 .8 .04`,
  bowl: `*; a q .85 -.15 .4 .55; d o 0 -.15 .85 .26; .05|.1|.3:.5:.6 o 0 -.13 .72 .19`,
  can: `*; .6:.05:.7 b 0 .05 .43 .75, .6:.05:.55 o 0 .78 .43 .13; a b 0 .1 .43 .55; c l -.43 .1 .43 .05 .1; .6:.05:.85 o 0 -.7 .43 .15; k o .05 -.7 .12 .05`,
  cup: `*; a o .57 .08 .3 .33, c o .57 .08 .16 .19; a q .49 -.5 .4 .6; h o 0 -.5 .49 .15; .08:.7:.25 o 0 -.48 .4 .1`,
  plate: `*; h o 0 0 .95 .7, d o 0 0 .65 .48, h o 0 0 .6 .44 / h o 0 0 .95 .5, d o 0 0 .65 .34, h o 0 0 .6 .3; 50% .1:.6:.6 o 0 0 .3 .2`,
  apple: `0|0|.25:.75:.75; a m o .18 0 .42 .48 / a m o .3 .1 .34 .4 / a m o .5 .1 .34; ${stalk}, .27:.7:.5 l .1 -.6 .35 -.7 .04 .1; ${shine}`,
  mushroom: `.06:.5:.6; .1:.1:.85 l 0 0 0 .6 .15 .2; a o 0 -.05 .6 .42; h b 0 .22 .55 .08; w@.7 o -.3 -.15 .08 x3 .29 0`,
  orange: `.08:.9:.95; a o 0 0 .55 / a o -.4 .05 .42 x2 .8 0 / a o .35 .1 .45, a o -.4 0 .5; .25:.7:.35 o .1 -.4 .06; ${shine}`,
  pear: `.19:.65:.75; a l 0 .2 0 -.4 .46 .2 / a l -.4 .25 -.4 -.2 .36 .16 x2 .8 0; ${stalk}; ${shine}`,
  sweet_pepper: `0|.14|.3:.85:.75; d m l .28 -.2 .2 .4 .26 .18; a l 0 -.2 0 .4 .26 .18; .3:.75:.45 l 0 -.4 .05 -.75 .09; ${shine}`,
  clock: `*; a o 0 0 .85, .1:.05:.93 o 0 0 .68; k m l .5 0 .6 0 .06, k v l 0 .5 0 .6 .06; k l 0 0 .3 -.25 .07 / k l 0 0 -.3 .25 .07; k l 0 0 -.1 -.45 .045 / k l 0 0 .4 .3 .045`,
  keyboard: `.6:.05:.2; 50% a b 0 0 1 .48, c b -.84 -.27 .085 .08 x8 .24 0, c b -.84 -.03 .085 .08 x8 .24 0, c b -.84 .21 .085 .08 x8 .24 0 / w b 0 0 1 .48, d b -.84 -.27 .085 .08 x8 .24 0, d b -.84 -.03 .085 .08 x8 .24 0, d b -.84 .21 .085 .08 x8 .24 0; c b 0 .4 .4 .05`,
  lamp: `.09:.4:.35; a l 0 -.2 0 .85 .06, a o 0 .88 .4 .12; .13:.4:.95 q .27 -.9 .6 -.1; w o 0 -.1 .58 .1`,
  telephone: `*; 40% a b 0 0 .4 .9, .5:.2:.8 b 0 -.4 .28 .3, c o -.2 .15 .07 x3 .2 0, c o -.2 .4 .07 x3 .2 0, c o -.2 .65 .07 x3 .2 0 / a q .5 -.2 .85 .65, c o 0 .22 .3, a o 0 .22 .12, d l -.7 -.4 .7 -.4 .13, d m o .75 -.28 .22 .2`,
  television: `.07:.4:.25; 40% a m l 0 -.5 .4 -1 .035; a b 0 0 .9 .62; 0|.3|.6:.4:.6 b -.05 0 .74 .5; w@.3 p -.6 .4 .1 -.4 .3 -.4 -.4 .4; a b 0 .75 .35 .08`,
  bed: `.07:.55:.45; a b -.9 .05 .08 .62, a b .9 .25 .07 .4, a b 0 .35 .9 .13; b b .02 .13 .85 .16; w b -.62 -.06 .22 .12`,
  chair: `.07:.55:.45; a l -.35 .15 -.38 .95 .06 x2 .7 0; a l -.42 .1 -.48 -.9 .055 x2 .57 0; a l -.48 -.75 .09 -.75 .07 x2 0 .3; 50% b b 0 .12 .48 .09 / a b 0 .12 .48 .09`,
  couch: `*; a b 0 -.15 .85 .4; d b 0 .28 .85 .22; a m o .85 .15 .17 .38; k m l .7 .5 .7 .65 .05; h m b .36 .15 .34 .1`,
  table: `.07:.55:.5; d m l .75 -.1 .75 .8 .055, d m l .45 -.1 .45 .6 .055; a q .7 -.35 1 -.02; d b 0 .03 1 .06`,
  wardrobe: `.07:.5:.5; a b 0 0 .6 .95; d b 0 -.9 .66 .07; k l 0 -.85 0 .92 .03; d m b .3 -.3 .2 .4; k m o .09 .15 .05; 50% k l -.6 .55 .6 .55 .03`,
  bee: `.13:.85:.85; ${insect(0.45, "a o -.25 0 .45 .28; k l -.5 -.2 -.5 .2 .055 x3 .22 0; d o .3 0 .26; k o .6 0 .16; w@.6 v o -.05 .4 .2 .3")}`,
  beetle: `.4:.5:.3; ${insect(0.6, "a o -.15 0 .6 .45; k l -.7 0 .35 0 .03; d o .5 0 .25 .3; 60% w@.5 o -.2 -.2 .25 .08")}`,
  butterfly: `.07:.7:.85; ${insect(0.2, "a v p .3 0 .65 .85 0 .85 -.05 0; a v p 0 0 -.15 .7 -.7 .5 -.3 0; c v o .3 .6 .13; c v o -.35 .45 .1; k l -.45 0 .55 0 .07")}`,
  caterpillar: `.25:.7:.65; ${insect(0.25, "a s -.9 .1 -.4 -.1 .2 .1 .7 0 .2; d o -.62 0 .17 x3 .5 0; k o .95 0 .17")}`,
  cockroach: `.06:.7:.35; ${insect(0.7, "a o -.1 0 .75 .27; h o .5 0 .2 .24; a v l .65 0 1.2 .5 .025")}`,
  bear: `.07:.5:.3; ${carnivore("round", "", "a o 0 0 .7 .45")}`,
  leopard: `.12:.5:.8 spotted; ${carnivore("round thin")}`,
  lion: `.1:.5:.75; ${carnivore("no tuft", "", ".06:.6:.35 o .62 -.2 .45")}`,
  tiger: `.07:.8:.85 striped; ${carnivore("round ringed")}`,
  wolf: `.6:.1:.5; ${carnivore("pointed bushy")}`,
  bridge: `.02|.6|.1:.35:.45; a b 0 .2 1.3 .07; d m b .55 .05 .07 .75; a m l .55 -.55 0 .08 .035, a m l .55 -.55 1.3 .2 .035`,
  castle: `.1:.2:.55; a b 0 .4 .8 .4; a b -.75 .2 .22 .6 x2 1.5 0, a b 0 .1 .22 .75; a b -.9 -.5 .05 .08 x3 .15 0, a b .6 -.5 .05 .08 x3 .15 0; k b -.75 0 .05 .1 x3 .75 0; k o 0 .7 .15 .28`,
  house: `.1:.2:.85; a b 0 .35 .75 .5; .02:.55:.3 b .45 -.5 .09 .25; .02:.55:.45 p -.95 -.1 0 -.68 .95 -.1; .58:.45:.4 m b .42 .25 .15 .15; .05:.6:.25 b 0 .55 .13 .3`,
  road: `.6:.05:.35; a p -1.2 1.3 1.2 1.3 .12 -.4 -.12 -.4; w l 0 1.2 0 .9 .09, w l 0 .6 0 .4 .06, w l 0 .15 0 0 .04; w@.7 m l 1.05 1.2 .1 -.35 .05 .02`,
  skyscraper: `.58:.25:.5; d b -.65 .55 .26 .6; h b .68 .6 .24 .6; a b 0 .1 .35 1.1; a l 0 -1 0 -1.3 .04; c b -.18 -.85 .05 .07 x8 0 .24, c b 0 -.85 .05 .07 x8 0 .24, c b .18 -.85 .05 .07 x8 0 .24`,
  cloud: `.58:.45:.75; a b 0 0 4 4; w@.8 o -.5 -.4 .3 ~5 .5 .15; .6:.06:.8@.8 o .4 .2 .3 ~5 .5 .15; w@.7 o 0 0 .25 ~4 1 .7`,
  forest: `.3:.5:.25; a b 0 0 4 4; .08:.35:.3 l 0 -1.6 0 1.3 .1 ~7 1.2 0; .3:.55:.4@.8 o 0 -.7 .3 ~9 1.4 .7`,
  mountain: `.62:.2:.4; .58:.35:.8 b 0 -1.8 4 2.2; a p -1.7 .7 -.6 -.4 .5 .7, a p -.4 .7 .7 -.3 1.8 .7, d p -1.5 .7 0 -.8 1.5 .7; w p -.28 -.55 0 -.8 .28 -.55; .28:.4:.4 b 0 2.4 4 1.75`,
  plain: `.12|.2|.26:.5:.6; .57:.3:.85 b 0 -4 4 4; a b 0 4 4 4; d b 0 .1 4 .03; h b 0 .25 4 .06; d b 0 .55 4 .1; h b 0 1.1 4 .14`,
  sea: `.55:.5:.55; .57|.05:.3:.85 b 0 -4.2 4 4; a b 0 3.8 4 4; h@.7 l -.2 .6 .2 .6 .04 ~9 1.2 .7; 40% .12:.5:1 o .3 -.6 .18`,
  camel: `.09:.5:.7; ${grazer("no thin", "a o 0 -.35 .22 .25 / a o -.22 -.35 .19 .25 x2 .44 0")}`,
  cattle: `.06:.15:.85 patched; ${grazer("no tuft", "w l .65 -.6 .5 -.78 .045, w l .8 -.6 .95 -.78 .045")}`,
  chimpanzee: `.07:.25:.2; ${grazer("round", ".07:.4:.75 o .8 -.42 .15, k o .84 -.49 .04", "a o 0 0 .5 .5")}`,
  elephant: `.6:.1:.5; ${grazer("wide thin", "a l .85 -.3 .96 .4 1 .7 .12 .08", "a o .1 -.05 .65 .52")}`,
  kangaroo: `.07:.4:.6; ${grazer("long", "", "a l -.2 .35 -.95 .85 .18 .07")}`,
  fox: `.05:.8:.8; ${prowler("pointed bushy")}`,
  porcupine: `.08:.3:.3; ${prowler("no", "", ".1:.2:.75 l -.6 0 -.95 -.6 .04 x7 .18 0")}`,
  possum: `.1:.08:.65; ${prowler("round thin", "w@.8 o .57 0 .17")}`,
  raccoon: `.1:.1:.5; ${prowler("pointed ringed", "k l .43 -.07 .75 -.07 .09, w o .63 -.09 .04")}`,
  skunk: `.6:.1:.12; ${prowler("no upright", "w l -.62 -.6 -.5 -.12 .45 -.16 .07")}`,
  crab: `.03:.75:.75; a m l .4 -.05 .95 .2 .05 x3 0 .2; a m l .5 -.1 .85 -.5 .08, a m o .8 -.62 .22 .17, k@.6 m p .8 -.85 .7 -.6 .9 -.6; a o 0 .1 .6 .38; k m o .18 -.28 .08`,
  lobster: `.01:.8:.6; a l -.2 .1 -.9 .1 .22 .12, d o -.35 .1 .06 .2 x4 -.16 0; a p -.95 .1 -1.2 -.2 -1.2 .4; a o .15 .1 .4 .26; a v l .4 .15 .75 .45 .07, a v o .95 .45 .27 .14, a v l .5 .1 1.2 .2 .02`,
  snail: `.08:.55:.6; .12:.3:.65 l -.8 .5 .7 .5 .85 .15 .13; .12:.3:.65 l .75 .15 .85 -.2 .03 x2 .15 0; a o -.1 .02 .58, k o -.07 .02 .42, a o -.04 .02 .27, k o -.01 .02 .13`,
  spider: `.07:.4:.15; a m l 0 0 .5 -.9 .95 -.8 .035, a m l 0 0 .5 -.55 .95 -.3 .035, a m l 0 0 .5 -.1 .95 .35 .035, a m l 0 0 .5 .2 .95 .85 .035; a o 0 .3 .33 .38; h o 0 -.15 .2`,
  worm: `.97:.45:.7; a s -1 0 -.6 .3 -.2 -.25 .2 .25 .6 -.2 1 .2 .13 / a s -1 .2 -.5 -.4 0 .3 .5 -.3 .9 0 .13; d o .2 0 .12`,
  baby: person(0.58, 0.6, ""),
  boy: person(0.46, 0.7, hair),
  girl: person(0.46, 0.65, longHair),
  man: `${person(0.41, 1, hair)}; 50% .08:.5:.3 o 0 .28 .3 .16`,
  woman: `${person(0.4, 0.8, longHair)}; .98:.8:.7 l -.12 .2 .12 .2 .06`,
  crocodile: `.25:.4:.35 spotted; ${reptile(0.22, 0.45, "a l .4 .02 1.1 .1 .16 .09; w p .6 .12 .7 .12 .65 .24 x4 .14 0; d p -.7 -.05 -.56 -.05 -.63 -.25 x6 .2 0; w o .5 -.14 .08")}`,
  dinosaur: `.3:.45:.5 spotted; ${reptile(0.32, 0.85, "a l .3 -.05 .6 -.72 .18 .11, a l .6 -.72 .9 -.67 .16 .1; k o .68 -.77 .045")}`,
  lizard: `.3:.65:.6 spotted; ${reptile(0.15, 0.4, "a l .4 .05 .85 -.05 .15 .1; c l -.5 .02 .5 .02 .035; k o .72 -.08 .045")}`,
  snake: `.18:.5:.5; a s -1 .3 -.66 -.1 -.33 .4 0 -.1 .33 .4 .66 -.05 1 .1 .11 .15; c o -.82 .1 .08 x5 .33 0; a o 1 .1 .19 .14; 0:.85:.85 l 1.1 .1 1.3 .1 .02`,
  turtle: `.22:.5:.4 spotted; ${reptile(0.2, 0.5, "h l .4 .1 .85 -.02 .1 .16; a o -.05 0 .68 .45; d o -.4 -.05 .13 .2 x3 .37 0; h l -.65 .28 .55 .28 .07")}`,
  hamster: `.09:.55:.8; ${rodent("round", "w o .05 .3 .4 .2")}`,
  mouse: `.08:.1:.55; ${rodent("wide", "", ".98:.4:.8 l -.4 .2 -.8 .4 -1.1 .1 .035")}`,
  rabbit: `.08:.2:.7; ${rodent("long", "w o -.58 .1 .16")}`,
  shrew: `.07:.35:.35; ${rodent("no thin", "h l .6 -.05 1.05 .08 .1 .05")}`,
  squirrel: `.04:.7:.6; ${rodent("pointed upright")}`,
  maple_tree: `.04:.8:.75; ${trunk}; a o 0 -.35 .35 ~5 .5 .4, d o 0 -.35 .3 ~4 .5 .4`,
  oak_tree: `.27:.55:.4; ${trunk}; a o 0 -.3 .35 ~5 .75 .3, d o 0 -.3 .3 ~4 .75 .3`,
  palm_tree: `.28:.6:.45; ${trunk}; a m l 0 -.4 .4 -.65 .75 -.3 .07 .03, a m l 0 -.4 .45 -.45 .7 0 .07 .03, a m l 0 -.4 .2 -.9 .4 -1 .07 .03`,
  pine_tree: `.4:.5:.3; ${trunk}; a p -.58 .55 .58 .55 0 -.2, a p -.45 .05 .45 .05 0 -.7, d p -.32 -.45 .32 -.45 0 -1.2`,
  willow_tree: `.2:.5:.55; ${trunk}; a o 0 -.45 .65 .4; d l -.5 -.5 -.75 .5 .08 .03 x5 .25 0; a l -.4 -.5 -.6 .65 .08 .03 x5 .25 0`,
  bicycle: `*; k o -.55 .35 .4 x2 1.1 0; h o -.55 .35 .32 x2 1.1 0; a l -.55 .35 -.2 -.25 .4 -.25 .55 .35 .05, a l -.55 .35 .05 .35 .4 -.25 .05; k l -.32 -.32 -.05 -.32 .06; a l .4 -.25 .35 -.5 .6 -.53 .04`,
  bus: `0|.13|.6:.7:.8; a b 0 -.1 1 .55; .58:.3:.3 b -.75 -.3 .15 .17 x5 .38 0; h l -.95 .1 .95 .1 .05; ${wheels(-0.6, 0.45, 0.2)}`,
  motorcycle: `*; ${wheels(-0.6, 0.35, 0.36)}; .6:.05:.4 o 0 .25 .35 .27; a o .12 -.12 .35 .2; k l -.7 -.12 -.1 -.08 .11; .6:.05:.6 l .6 .35 .38 -.5 .06; k l .38 -.5 .15 -.58 .045`,
  pickup_truck: `*; a b 0 .15 1 .25; a p -.05 -.05 .02 -.5 .42 -.5 .6 -.05; .58:.3:.3 p .05 -.08 .1 -.4 .38 -.4 .5 -.08; d l -.95 -.08 -.1 -.08 .05; ${wheels(-0.6, 0.42, 0.23)}`,
  train: `0|.35|.6:.6:.45; a b -.6 -.2 .4 .55; .58:.3:.3 b -.6 -.4 .22 .17; d b .3 0 .65 .32; k b .6 -.5 .1 .25; ${wheels(-0.75, 0.45, 0.17, 5, 0.37)}; .1:.05:.4 l -1.3 .66 1.3 .66 .04; 60% w@.7 o .4 -.9 .3 .15`,
  lawn_mower: `0|.33|.1:.75:.7; k l -.2 .2 -.9 -.7 -1.1 -.68 .055; a b .2 .2 .6 .2; .6:.05:.3 b .25 -.1 .25 .17; ${wheels(-0.2, 0.45, 0.2, 2, 0.85)}`,
  rocket: `*; 60% .1:.85:.98 p -.2 .7 .2 .7 0 1.25; b m p .15 .2 .5 .8 .15 .7; h b 0 .05 .22 .65; b p -.22 -.55 0 -1.1 .22 -.55; .58:.3:.3 o 0 -.2 .11`,
  streetcar: `0|.14|.35:.65:.75; k l -.1 -.55 .2 -.95 .035; k l -1.3 -.97 1.3 -.97 .025; h b 0 -.05 .9 .5; a b 0 .22 .9 .22; .58:.3:.3 b -.65 -.25 .16 .2 x4 .43 0; ${wheels(-0.45, 0.5, 0.13)}`,
  tank: `.2:.35:.35; a l .2 -.25 1.15 -.35 .06; a o -.05 -.22 .45 .25; d p -.9 .05 .85 .05 1 .3 -1 .3; k l -.75 .4 .75 .4 .2; a o -.7 .4 .12 x5 .35 0`,
  tractor: `0|.33|.33:.75:.6; a b .35 0 .5 .22; a b -.35 -.45 .3 .4; .58:.3:.3 b -.35 -.5 .2 .25; k l .6 -.2 .6 -.55 .05; ${wheels(-0.45, 0.3, 0.44, 1)}; ${wheels(0.6, 0.5, 0.22, 1)}`,
};

/** Paints 100 classes in 20 families, in colour. */
export const hundredThingsPainter = new Painter(
  {
    ...{ size: 32, channels: 3, copies: 1, clutter: [2, 0.3] },
    ...{ scale: [10, 14], stretch: [0.85, 1.15], margin: 5, mirrored: 0.5 },
    ...{ jitter: 0.03, bend: 0.06, slant: [-0.08, 0.08], weight: [0.9, 1.1] },
    ...{ spread: 0.2, surprise: 0, coarse: cifar100CoarseLabels },
  },
  cifar100.classNames.map((name, label) => {
    const family = cifar100.coarseClassNames![cifar100CoarseLabels[label]!]!;
    return `${families[family]}; ${recipes[name]}`;
  }),
);
