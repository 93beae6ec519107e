/**
 * What is known of a step, for each set of types and shapes that its inputs have had.
 */
import { StepForm } from "./step-form";

/** Programs kept for one step; the one used longest ago makes room. */
const mostPrograms = 32;

/** Sets of types and shapes that are remembered. */
const mostForms = 512;

/** Sets that are recorded at first sight; later ones only when they come again. */
const recordedAtOnce = 3;

/** How often a shape must have come once so many programs were made for nothing as are kept. */
const sightingsAfterWaste = 16;

/** A program that makes room must have done so many steps to have been worth making. */
const worthwhileRuns = 8;

/** The forms of one step, by the types and shapes of its inputs. */
export class StepForms {
  /** The form used last comes last. */
  readonly #forms = new Map<string, StepForm>();
  readonly #keys = new WeakMap<StepForm, string>();
  readonly #say: (reason: string) => void;
  /** Programs that were made for nothing. */
  #wasted = 0;

  /** `say` is told why steps are not compiled. */
  constructor(say: (reason: string) => void) {
    this.#say = say;
  }

  /** Number of programs that are kept. */
  get programs(): number {
    let count = 0;
    for (const { compiled } of this.#forms.values()) count += compiled.length;
    return count;
  }

  /** The programs as text. */
  print(): string[] {
    return [...this.#forms.values()].flatMap(({ compiled }) =>
      compiled.flatMap(({ program }) => program?.print() ?? []),
    );
  }

  /** What is known for a key. */
  of(key: string): StepForm {
    const known = this.#forms.get(key);
    if (known !== undefined) return known;
    const form = new StepForm();
    this.#forms.set(key, form);
    this.#keys.set(form, key);
    for (const [oldest, { known: steps, direct }] of this.#forms) {
      if (this.#forms.size <= mostForms) break;
      if (steps.length > 0 || direct !== undefined) continue;
      this.#forms.delete(oldest);
    }
    return form;
  }

  /** Notes that a form is used. */
  noteUse(form: StepForm): void {
    const key = this.#keys.get(form)!;
    this.#forms.delete(key);
    this.#forms.set(key, form);
  }

  /** Whether a step on such inputs should be recorded: not if every batch has another shape. */
  isWorthwhile(form: StepForm): boolean {
    // The more programs were made for nothing, the more often must a shape have come.
    const wasted = Math.floor(this.#wasted / mostPrograms);
    if (wasted > 0) return form.sightings > wasted * sightingsAfterWaste;
    return form.sightings > 1 || this.#forms.size <= recordedAtOnce;
  }

  /** Ends programs that were used longest ago, if there are too many; `latest` has just got one. */
  makeRoom(latest: StepForm): void {
    this.noteUse(latest);
    let count = this.programs;
    for (const form of this.#forms.values()) {
      if (count <= mostPrograms) return;
      if (form === latest) continue;
      for (const step of form.compiled) {
        form.endProgram(step);
        count -= 1;
        if (step.runs >= worthwhileRuns) continue;
        this.#wasted += 1;
        if (this.#wasted > mostPrograms) {
          this.#say("its inputs have too many different shapes");
        }
      }
    }
  }

  /** Forgets everything. */
  dispose(): void {
    for (const form of this.#forms.values()) form.dispose();
    this.#forms.clear();
  }
}
