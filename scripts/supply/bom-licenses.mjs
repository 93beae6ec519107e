// Adds the licenses of packages that declare none in a form that the writers of SBOMs read.

/**
 * @template {{ name: string, licenses?: unknown[] }} Component
 * @template {{ components: Component[] }} Bom
 * @param {Bom} bom
 * @param {(name: string) => string | undefined} licenseOf The license that a person has read.
 * @returns {Bom} With a license of each component whose license is known.
 */
export function withLicenses(bom, licenseOf) {
  return {
    ...bom,
    components: bom.components.map((component) => {
      const license = licenseOf(component.name);
      return component.licenses?.length || license === undefined
        ? component
        : { ...component, licenses: [choiceOf(license)] };
    }),
  };
}

/** @param {string} license An SPDX expression. */
function choiceOf(license) {
  return license.includes(" ")
    ? { expression: license }
    : { license: { id: license } };
}
