/**
 * The recordings and programs of a step, for each combination of types and shapes of its inputs.
 */
import { InputKinds, keyOf, type StepInputs } from "./step-definition";
import { StepForm } from "./step-form";

/** Maximum number of programs of one step; the least recently used one is discarded. */
const mostPrograms = 32;

/** Maximum number of combinations of types and shapes. */
const mostForms = 512;

/** Number of combinations that are recorded at first use; later ones only when they recur. */
const recordedAtOnce = 3;

/** Required occurrences of a shape after as many programs were wasted as are kept. */
const sightingsAfterWaste = 16;

/** Minimum runs of a discarded program for it to count as worthwhile. */
const worthwhileRuns = 8;

/** The forms of one step, by the types and shapes of its inputs. */
export class StepForms {
  /** The most recently used form is last. */
  readonly #forms = new Map<string, StepForm>();
  readonly #keys = new WeakMap<StepForm, string>();
  readonly #report: (reason: string) => void;
  /** The form that is last in {@link #forms} because it was used. */
  #lastUsed: StepForm | undefined;
  /** The form of the last inputs, and their kinds. */
  #latest: { readonly form: StepForm; readonly kinds: InputKinds } | undefined;
  /** Number of programs that were discarded after too few runs. */
  #wasted = 0;

  /** `report` is called with the reason why steps are not compiled. */
  constructor(report: (reason: string) => void) {
    this.#report = report;
  }

  /** Number of cached programs. */
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

  /** Returns the form of inputs, which is created on first use. */
  of(inputs: StepInputs): StepForm {
    if (this.#latest?.kinds.areThoseOf(inputs)) return this.#latest.form;
    const form = this.#ofKey(keyOf(inputs));
    this.#latest = { form, kinds: new InputKinds(inputs) };
    return form;
  }

  /** Returns the form of inputs, if such inputs have occurred. */
  find(inputs: StepInputs): StepForm | undefined {
    return this.#forms.get(keyOf(inputs));
  }

  #ofKey(key: string): StepForm {
    const known = this.#forms.get(key);
    if (known !== undefined) return known;
    const form = new StepForm();
    this.#forms.set(key, form);
    this.#keys.set(form, key);
    this.#lastUsed = undefined;
    for (const [oldest, { known: steps, direct }] of this.#forms) {
      if (this.#forms.size <= mostForms) break;
      if (steps.length > 0 || direct !== undefined) continue;
      this.#forms.delete(oldest);
    }
    return form;
  }

  /** Marks a form as most recently used. */
  noteUse(form: StepForm): void {
    if (this.#lastUsed === form) return;
    this.#lastUsed = form;
    const key = this.#keys.get(form)!;
    this.#forms.delete(key);
    this.#forms.set(key, form);
  }

  /** Whether a step on such inputs should be recorded: not if every batch has another shape. */
  isWorthwhile(form: StepForm): boolean {
    // The more programs were wasted, the more often a shape must have occurred.
    const wasted = Math.floor(this.#wasted / mostPrograms);
    if (wasted > 0) return form.sightings > wasted * sightingsAfterWaste;
    return form.sightings > 1 || this.#forms.size <= recordedAtOnce;
  }

  /** Discards the least recently used programs if there are too many; `latest` is kept. */
  evictPrograms(latest: StepForm): void {
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
          this.#report("its inputs have too many different shapes");
        }
      }
    }
  }

  /** Discards everything. */
  dispose(): void {
    for (const form of this.#forms.values()) form.dispose();
    this.#forms.clear();
    this.#latest = undefined;
    this.#lastUsed = undefined;
  }
}
