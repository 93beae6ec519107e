/**
 * Former names in a public interface: each works for one more version, and warns once.
 */

const warned = new Set<string>();

/**
 * Warns that a former name was used, once for each name in a process.
 *
 * @param former The name as users write it, such as `History.cut`.
 * @param present The name to use instead.
 */
export function warnOfFormerName(former: string, present: string): void {
  if (warned.has(former)) return;
  warned.add(former);
  process.emitWarning(
    `\`${former}\` is now \`${present}\``,
    "DeprecationWarning",
  );
}

/** Returns a function under its former name. */
export function formerFunction<Call extends (...values: never[]) => unknown>(
  former: string,
  present: Call,
): Call {
  const call = (...values: Parameters<Call>): unknown => {
    warnOfFormerName(former, present.name);
    return present(...values);
  };
  return Object.defineProperty(call, "name", { value: former }) as Call;
}

/** An object that also has its properties under former names. */
export type WithFormerNames<
  Owner extends object,
  Names extends Readonly<Record<string, keyof Owner>>,
> = Owner & { readonly [Former in keyof Names]: Owner[Names[Former]] };

/**
 * Adds properties under their former names to an object, and returns it. Lists of its properties,
 * copies and comparisons leave them out.
 *
 * @param type The type's name, for the warning.
 * @param names The present name of each former one.
 */
export function withFormerNames<
  Owner extends object,
  const Names extends Readonly<Record<string, keyof Owner>>,
>(type: string, owner: Owner, names: Names): WithFormerNames<Owner, Names> {
  for (const [former, present] of Object.entries(names)) {
    Object.defineProperty(owner, former, {
      configurable: true,
      enumerable: false,
      get() {
        warnOfFormerName(`${type}.${former}`, String(present));
        return owner[present];
      },
    });
  }
  return owner as WithFormerNames<Owner, Names>;
}
