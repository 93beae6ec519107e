/**
 * Checks of the exercises of lesson 3.
 */
export const lesson3 = {};
