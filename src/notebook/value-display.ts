/**
 * How a library's values are shown, declared apart from their classes.
 *
 * A class of one's own can have a method `Symbol.for("Jupyter.display")` (`mime.ts`) instead. A
 * {@link ValueDisplay} is for values of other classes, such as those of another library.
 */
import type { MimeBundle } from "./mime";

/** A value in one row of a table of variables. */
export interface ValueDescription {
  /** What the value is, for example "Tensor, float32". */
  readonly type: string;
  /** How large it is, for example "[2, 3]"; empty if that is meaningless. */
  readonly size: string;
  /** Some of its content, on one line; empty if it cannot be read at once. */
  readonly preview: string;
}

/** How values of one kind are shown. */
export interface ValueDisplay<Value extends object = object> {
  /**
   * Returns whether this is the display for a value. It is called with objects of all kinds and
   * must not run their code: it should read a property that is rare before any other, because
   * reading a property may run a getter.
   */
  matches(value: object): value is Value;
  /** Returns a value's MIME bundle. If it throws or rejects, the value is shown as any other. */
  toMimeBundle(value: Value): MimeBundle | Promise<MimeBundle>;
  /** Describes a value in one row. Called for every variable, so it must be fast. */
  describe?(value: Value): ValueDescription;
}
