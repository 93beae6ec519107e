/**
 * A verdict on a student's answer, shown below the cell that asked for it.
 */
import { escapeHtml } from "../../notebook/html";
import {
  jupyterDisplay,
  type Displayable,
  type MimeBundle,
} from "../../notebook/mime";
import type { Finding } from "./finding";

/** A finding, with the name of its check. */
export class Verdict implements Displayable {
  /** Name of the check, such as `lab-1/scaled`. */
  readonly name: string;
  readonly isRight: boolean;
  /** What was seen in the answer. */
  readonly seen: string;
  /** What to look at; empty if the answer is right. */
  readonly advice: string;

  constructor(name: string, finding: Finding) {
    this.name = name;
    this.isRight = finding.isRight;
    this.seen = finding.seen;
    this.advice = finding.advice;
  }

  toString(): string {
    const heading = `${this.isRight ? "✓ right" : "✗ not yet"}: ${this.name}`;
    return [heading, this.seen, this.advice]
      .filter((line) => line !== "")
      .join("\n");
  }

  [jupyterDisplay](): MimeBundle {
    // Green and red that have a contrast of at least 4.5 on white and on JupyterLab's dark theme.
    const color = this.isRight ? "#2e7d32" : "#c62828";
    const lines = [this.seen, this.advice]
      .filter((line) => line !== "")
      .map((line) => `<p style="margin: 4px 0">${escapeHtml(line)}</p>`);
    const title = `${this.isRight ? "✓ Right" : "✗ Not yet"}: <code>${escapeHtml(this.name)}</code>`;
    return {
      "text/plain": this.toString(),
      "text/html": `<div role="status" style="border-left: 4px solid ${color}; padding: 2px 10px"><p style="margin: 4px 0"><b>${title}</b></p>${lines.join("")}</div>`,
    };
  }
}
