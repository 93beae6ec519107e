/**
 * Checks of the exercises of lesson 0.
 */
export const lesson0 = {};
