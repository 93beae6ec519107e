/**
 * Defines the error of an interrupted cell.
 */
import type { ErrorCode } from "@convnotes/notebook/coded-error";

/** The error of an interrupted cell. */
export class Interrupt extends Error {
  override name = "Interrupt";

  constructor() {
    super("The cell was interrupted. Variables keep their values.");
    // The kernel's own stack does not show where the cell was.
    this.stack = `${this.name}: ${this.message}`;
  }

  // Not an own property, which a traceback would show.
  get code() {
    return "ERR_INTERRUPTED" satisfies ErrorCode;
  }
}
