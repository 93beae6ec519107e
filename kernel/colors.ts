/**
 * Terminal escape sequences that color tracebacks (ECMA-48, section 8.3.117).
 */

export const RED = "\u001b[31m";
export const DIM = "\u001b[2m";
export const RESET = "\u001b[0m";
