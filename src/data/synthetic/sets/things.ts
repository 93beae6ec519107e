/**
 * Paints synthetic images in the style of CIFAR-10: ten kinds of animals and vehicles, in color.
 *
 * Position, size, orientation and colors are random; only outline and texture depend on the class.
 * A network without translation invariance therefore learns little, a convolutional one more.
 */
import { Painter } from "../painter";
import { fourLegged, wheels } from "./builds";

const glass = `p -.52,-.08 -.38,-.38 -.06,-.38 -.06,-.08`;
const pane = `p .04,-.08 .04,-.38 .23,-.38 .47,-.08`;

/** In the order of CIFAR-10's labels. Of cat and dog there are whole animals and faces. */
const things = [
  `.5 sky sky road; *; 60% d p .3,0 -.25,.85 -.5,.85 -.2,0 -.5,-.85 -.25,-.85
    + d p -.7,0 -.9,.38 -1.05,.38 -1.05,-.38 -.9,-.38 + h l -.95,0 .95,0 .1 .13 + k o .85,0 .08 .06
    / d p -.6,0 -1.1,-.55 -.9,-.55 -.35,0 + h l -.95,-.03 .85,.05 .13 .17
    + d p .3,.08 -.35,.5 -.6,.5 -.15,.08 + k o -.5,-.05 .05 x6 .2,0`,
  `.1 road road meadow; *; a p -.75,-.05 -.45,-.48 .25,-.48 .65,-.05; k ${glass} + k ${pane}
    / w@.7 ${glass} + w@.7 ${pane}; a l -.82,.13 .82,.13 .2 + .13:.3:1 o .92,.08 .07
    + ${wheels(-0.55, 0.34, 0.23)}`,
  `.2 sky meadow water; 0|.1|.3|.6:.4:.5; c p -.35,0 -1,-.12 -.95,.2;
    60% .11:.8:.9 l -.05,.25 -.1,.8 .04 x2 .2,0 + A o 0,.08 .5 .32 + c p .2,-.05 -.75,.12 -.1,.3
    / A o 0,.08 .5 .32 + c p .2,.05 -.2,-.8 -.55,-.8 -.3,.1;
    a o .5,-.22 .24 + .11:.8:.95 p .68,-.32 1.05,-.18 .68,-.1 + k o .56,-.27 .06`,
  `.15 room room meadow; .09:.35:.55 striped;
    ${fourLegged("pointed", [0.6, 0.3, 0.8], [0.6, -0.25, 0.3])}
    / a m p .66,-.2 .62,-.95 .1,-.45 + 0:.35:.85 m p .55,-.4 .54,-.75 .28,-.5 + A o 0,.08 .75 .65
    + .17:.7:.85 m o .32,-.05 .17 .14 + k m o .32,-.05 .05 .14 + w m l .2,.35 1,.25 .025 x2 0,.1
    + 0:.35:.85 p -.12,.2 .12,.2 0,.36`,
  `.1 meadow meadow sky; .07:.35:.55 spotted;
    ${fourLegged("antlers", [0.55, 0.26, 1], [0.6, -0.42, 0.16])}`,
  `.15 room meadow road; .1:.35:.55 patched;
    ${fourLegged("hanging", [0.6, 0.3, 0.8], [0.6, -0.25, 0.3])}
    / a o 0,0 .65 .68 + c m l .55,-.5 .78,.25 .14 .22 + k m o .27,-.15 .1 + h o 0,.35 .36 .32
    + k o 0,.2 .16 .12 + .98:.5:.85 o 0,.65 .12 .18`,
  `.15 meadow water room; .27:.4:.5 spotted; A m o .72,.3 .3 .24 + d m l .6,.52 1,.58 .08
    + A o 0,.12 .78 .45 + h o 0,.38 .45 .2 + a m o .4,-.34 .23 + .15:.45:.95 m o .42,-.36 .15
    + k m o .42,-.36 .11 .05 + k l -.5,.12 .5,.12 .035`,
  `.1 meadow meadow road; .05:.35:.5; c l -.6,-.05 -.85,.55 .08 .13 + a o -.08,.08 .6 .3
    + d l -.34,.2 -.34,.95 .08 x2 .74,0 + a l -.52,.2 -.52,.95 .08 x2 .74,0
    + a l .35,0 .68,-.6 .24 .15 + c l .18,-.15 .56,-.78 .1 .07 + a l .68,-.65 .98,-.25 .15 .1
    + a p .58,-.7 .66,-.98 .76,-.72 + k o .73,-.62 .045`,
  `.1 water water sky; *; 30% k l -.05,.15 -.05,-1 .04 + h p .02,-.95 .02,.05 .75,.05
    + h p -.12,-.8 -.12,.05 -.7,.05 / w b 0,0 .45,.17 + h b .05,-.25 .25,.13 + d b -.2,-.4 .1,.2
    + k l .3,.15 .3,-.9 .03 + k o -.35,0 .05 x5 .18,0; a p -.95,.15 1.05,.07 .75,.55 -.75,.55`,
  `.1 road road meadow; * striped; k b 0,.34 .98,.08 + A b -.3,-.18 .7,.46; b b .72,.03 .26,.3
    / a b .72,.03 .26,.3; k b .8,-.1 .14,.12 + ${wheels(-0.75, 0.42, 0.19, 2, 0.4)}
    + ${wheels(0.7, 0.42, 0.19, 1)}`,
];

/** Paints ten kinds of animals and vehicles, in color. */
export const thingsPainter = new Painter(
  {
    ...{ size: 32, channels: 3, copies: 10, clutter: [4, 0.5] },
    ...{ scale: [9, 14], stretch: [0.85, 1.15], margin: 7, mirrored: 0.5 },
    ...{ jitter: 0.03, bend: 0.06, slant: [-0.08, 0.08], weight: [0.9, 1.1] },
    ...{ spread: 0.35, surprise: 0.2, grounds: [0.3, 0.12] },
  },
  things,
);
