/**
 * What a model's steps are made of: whether all of it is stock, and whether it is still as it was.
 *
 * The model's layers, losses, metrics and optimizer are objects, and theirs, and so on. A part is *own* if a function is found that is
 * neither tfjs's nor declared by this library: a class of the user's, a method that was replaced, a hook, an accessor. A model without own
 * parts does in each step what its settings say, and nothing else; so its steps may be run without running JavaScript, for as long
 * as all settings are as they were.
 */
import { foreignRegistration, registrationCount } from "./registrations";
import { areTensorsStock, areAsBefore, type Snapshot } from "./snapshot";
import { Walk, type Roots } from "./walk";

/** The parts of a step at one moment. */
export class ModelParts {
  /** The first part that is the user's own, in words; undefined if all are stock. */
  readonly own: string | undefined;
  readonly #visited: readonly Snapshot[];
  readonly #registrations = registrationCount();

  constructor(roots: Roots) {
    const walk = new Walk(roots);
    const kernel = foreignRegistration();
    this.own =
      walk.own ??
      (kernel === undefined ? undefined : `the kernel ${kernel}`) ??
      (areTensorsStock() ? undefined : "a method of tensors");
    this.#visited = walk.visited;
  }

  /** Whether everything is as it was. Asked before each step. Where there are own parts, only what was visited until they were found. */
  isUnchanged(): boolean {
    return (
      this.#registrations === registrationCount() &&
      areAsBefore(this.#visited) &&
      (this.own !== undefined || areTensorsStock())
    );
  }
}
