/**
 * What the gallery shows: figures, tables and summaries of the library, from small fixed inputs.
 */
import type { Displayable } from "../../src/notebook/mime";

/** One exhibit of the gallery. */
export interface Exhibit {
  /** Name of its image, in lower case with hyphens. */
  readonly name: string;
  /** What it shows, in a few words. */
  readonly about: string;
  /** Makes it, the same on every call and on every machine. */
  make(): Displayable | Promise<Displayable>;
}

/** The exhibits of one subject. */
export interface Subject {
  readonly title: string;
  /**
   * The difference above which an image has changed. It is as small as other fonts allow: texts are
   * most of a table, and little of a grid of images.
   */
  readonly tolerance: number;
  readonly exhibits: readonly Exhibit[];
}
