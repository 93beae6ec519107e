/**
 * Checks of the exercises of lesson 1.
 */
export const lesson1 = {};
