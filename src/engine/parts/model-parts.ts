/**
 * Determines whether all parts of a model's steps are stock, and whether they have changed.
 *
 * The model's layers, losses, metrics and optimizer are objects that refer to further objects. A
 * part is *custom* if it contains a function that is neither tfjs's nor declared by this library: a
 * user's class, a replaced method, a hook, an accessor. A model without custom parts does in each
 * step what its settings define, and nothing else. Therefore its steps may run without JavaScript
 * as long as all settings are unchanged.
 */
import { foreignRegistration, registrationCount } from "./registrations";
import { areTensorsStock, areAsBefore, type Snapshot } from "./snapshot";
import { Walk, type Roots } from "./walk";

/** The parts of a step at one moment. */
export class ModelParts {
  /** Description of the first custom part; undefined if all parts are stock. */
  readonly custom: string | undefined;
  readonly #visited: readonly Snapshot[];
  readonly #registrations = registrationCount();

  constructor(roots: Roots) {
    const walk = new Walk(roots);
    const kernel = foreignRegistration();
    this.custom =
      walk.custom ??
      (kernel === undefined ? undefined : `the kernel ${kernel}`) ??
      (areTensorsStock() ? undefined : "a method of tensors");
    this.#visited = walk.visited;
  }

  /**
   * Whether everything is unchanged; checked before each step. If there are custom parts, this
   * covers only the objects visited until the first was found.
   */
  isUnchanged(): boolean {
    return (
      this.#registrations === registrationCount() &&
      areAsBefore(this.#visited) &&
      (this.custom !== undefined || areTensorsStock())
    );
  }
}
