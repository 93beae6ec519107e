/**
 * Paints synthetic images in the style of Fashion-MNIST: ten kinds of clothes, light on black.
 *
 * Upper garments have sleeves, collars and fronts in common: as in the original photographs, a
 * shirt without visible buttons can hardly be distinguished from a pullover.
 */
import { Painter } from "../painter";

const long = `a m p .36,-.84 .53,-.76 .72,.38 .55,.48 .42,-.25 + c@.35 m l .46,-.55 .44,.3 .025`;
const half = `a m p .36,-.84 .53,-.76 .84,-.18 .64,-.05 .42,-.25`;
const short = `a m p .36,-.84 .53,-.76 .88,-.42 .66,-.28 .42,-.25`;
const body = `A q .16,-.9 .48,-.78 .45,-.45 .44,.05`;
const round = `k o 0,-.9 .19 .2`;
const pointed = `k p -.19,-.92 .19,-.92 0,-.62`;
const collar = `d p -.13,-.9 .13,-.9 0,-.6 + c@.7 m p .12,-.96 .25,-.85 .14,-.55 .02,-.62`;
const lapels = `d p -.13,-.9 .13,-.9 0,-.45 + c@.6 m p .12,-.96 .27,-.85 .18,-.35 .02,-.5`;
const front = `c@.7 l 0,-.62 0,.8 .03`;
const buttons = `${front} + c o .06,-.45 .045 x5 0,.26`;
const print = `25% b q .2,-.4 .2,0 / 20% b o 0,-.2 .22 .18`;
const folds = `60% c@.3 l 0,.05 .06,.4 .035 ~2 .35,.35 / 40% h@.6 l 0,.05 -.06,.4 .035 ~2 .3,.35`;
const trouser = `a m p 0,-.95 .36,-.95 .4,-.5`;
const sneaker = `A p -.95,.45 -.97,.3 -.75,.22`;
const boot = `a p .8,.65 -.1,.65 -.4,.82 -.95,.8 -.93,.57 -.5,.43`;

/** In the order of Fashion-MNIST's labels. */
const clothes = [
  `75% ${short} / 10% ${long}; ${body} .46,.8; 65% ${round} / ${pointed}; ${print}; ${folds}`,
  `${trouser} .34,.95 .1,.95 .02,-.38 / 20% ${trouser} .45,.95 .14,.95 .02,-.38
    / 10% ${trouser} .44,.3 .08,.3 .02,-.38; c@.5 l -.33,-.85 .33,-.85 .03; ${folds}`,
  `95% ${long} / ${half}; ${body} .46,.84; 65% ${round} / ${pointed};
    60% c@.5 l -.45,.72 .45,.72 .03; 20% ${front}; ${print}; ${folds}`,
  `25% ${short} / 20% ${long}; A q .14,-.92 .32,-.8 .29,-.45 .27,.02 .4,.98
    / A q .14,-.92 .32,-.8 .27,-.45 .26,.02 .62,.98 / A q .1,-.92 .24,-.85 .3,-.45 .28,.05 .3,.95;
    ${round} / ${pointed}; 40% c@.7 l -.26,-.02 .26,-.02 .04; ${folds}`,
  `95% ${long} / ${half}; ${body} .48,.95; 45% ${round} / ${lapels}; 50% ${buttons} / 42% ${front};
    60% c@.6 m l .18,.36 .36,.36 .03; 20% c@.6 l -.42,.15 .42,.15 .03; ${folds}`,
  `a l -.9,.4 -.35,.4 .85,.4 .09; a l -.6,.32 -.35,.05 -.1,.34 .06 + a l -.2,.3 .05,0 .3,.34 .06
    / a l -.7,.3 -.4,0 0,.34 .06 x2 .35,0 / a l -.75,.3 -.5,.08 -.3,.3 .05 x3 .32,0;
    60% a l .85,.38 .82,-.15 .4,-.08 .3,.3 .05; 50% d l -.9,.5 .85,.5 .05
    / 20% a p .6,.4 .92,.4 .9,.8 .75,.8`,
  `55% ${long} / 33% ${half}; ${body} .46,.86; 70% ${collar} / ${round} / ${pointed};
    60% ${buttons} / 10% ${front}; 30% d b .24,-.25 .1,.1; ${folds}`,
  `${sneaker} -.4,.15 .2,-.12 .55,-.05 .9,-.17 .97,.45
    / 15% ${sneaker} -.3,.1 .2,-.4 .85,-.45 .97,.45; 65% w l -.92,.45 .92,.45 .08
    / k l -.92,.45 .92,.45 .08; c l -.3,.1 -.2,.22 .03 x4 .14,-.06; 55% c@.8 l .1,.32 .3,.05 .06`,
  `45% a l -.4,-.2 -.3,-.65 .3,-.65 .4,-.2 .045 / 45% a s -.55,-.2 -.4,-.8 .4,-.8 .55,-.2 .04;
    A q .7,-.22 .78,.65 .72,.75 / A q .8,0 .75,.6 .68,.7 / 20% A q .6,-.3 .85,.7 .7,.8;
    50% c@.6 l -.7,.2 .7,.2 .03; 40% c o 0,.22 .09 .07; ${folds}`,
  `${boot} .05,.22 .08,-.6 .8,-.62 / 20% ${boot} .1,.22 .15,0 .85,-.02
    / 25% ${boot} 0,.2 -.05,-.85 .7,-.87; d p .8,.65 .78,.83 .5,.83 .45,.65;
    30% w l -.9,.82 -.4,.82 .05 / d l -.9,.82 .7,.82 .05; 50% c@.6 l .1,.25 .8,.3 .03;
    35% c@.8 l .02,.3 .22,.34 .03 x5 0,-.16`,
];

/** Paints ten kinds of clothes in grayscale. */
export const clothesPainter = new Painter(
  {
    ...{ size: 28, channels: 1, copies: 10 },
    ...{ scale: [9, 13], stretch: [0.84, 1.12], margin: 2.4, mirrored: 0.3 },
    ...{ jitter: 0.045, bend: 0.04, slant: [-0.04, 0.04], weight: [0.8, 1.2] },
    ...{ spread: 0.35, surprise: 0 },
  },
  clothes.map((steps) => `.06; 0:0:.6 woven; ${steps}`),
);
