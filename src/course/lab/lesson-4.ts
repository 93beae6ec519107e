/**
 * Checks of the exercises of lesson 4.
 */
export const lesson4 = {};
