/**
 * Checks of the exercises of lesson 2.
 */
export const lesson2 = {};
