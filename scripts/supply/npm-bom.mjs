// The SBOM of the installed npm packages, and those of the project's own packages.
// `npm sbom` writes the first; the others are parts of it.

/**
 * @typedef {object} Component
 * @property {string} bom-ref
 * @property {string} name
 * @property {string} purl
 * @property {{ type: string, url: string }[]} [externalReferences]
 */

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {Record<string, string>} [dependencies]
 */

/**
 * A CycloneDX document, as far as it is changed here.
 *
 * @typedef {object} Bom
 * @property {{ component: Component }} metadata
 * @property {string} serialNumber
 * @property {Component[]} components
 * @property {{ ref: string, dependsOn: string[] }[]} dependencies
 */

/**
 * Corrects what npm writes. It names the project's own packages after their folders, the whole
 * project after that of the clone; and it copies addresses of repositories that are no URLs, which
 * CycloneDX's schema does not allow.
 *
 * @param {Bom} bom
 * @param {string[]} own The names of the project's packages.
 * @returns {Bom}
 */
export function corrected(bom, own) {
  /**
   * @param {Component} component
   * @returns {Component}
   */
  const correct = (component) => {
    const name = nameOf(component);
    return {
      ...component,
      ...(own.includes(name) && { name }),
      ...(component.externalReferences && {
        externalReferences: component.externalReferences.map((each) => ({
          ...each,
          url: asUrl(each.url),
        })),
      }),
    };
  };
  return {
    ...bom,
    metadata: { ...bom.metadata, component: correct(bom.metadata.component) },
    components: bom.components.map(correct),
  };
}

/**
 * @param {string} address Also in the form of ssh: USER@HOST:PATH.
 * @returns {string}
 */
function asUrl(address) {
  return address.replace(/^([\w.-]+@[\w.-]+):/, "ssh://$1/");
}

/**
 * Returns the SBOM of one of the project's packages: what is installed with it, and what is bundled
 * into it.
 *
 * @param {Bom} bom Of the whole project.
 * @param {string} name
 * @param {object} more
 * @param {Manifest[]} more.manifests Of the project's packages.
 * @param {string} more.serialNumber
 * @param {string[]} [more.bundled] Packages whose code is in this one, each as NAME@VERSION.
 * @returns {Bom}
 */
export function bomOfPackage(
  bom,
  name,
  { manifests, serialNumber, bundled = [] },
) {
  const names = new Map(
    bom.components.map((each) => [each["bom-ref"], each.name]),
  );
  const edges = new Map(
    bom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]),
  );
  /** @param {string} ref @param {(next: string) => boolean} condition */
  const keep = (ref, condition) =>
    edges.set(ref, (edges.get(ref) ?? []).filter(condition));
  // npm also lists packages for development and peers, which are not installed with a package.
  for (const manifest of manifests) {
    const wanted = Object.keys(manifest.dependencies ?? {});
    keep(refOf(manifest), (next) => wanted.includes(names.get(next) ?? ""));
  }
  // Only the listed packages are bundled, not all that they depend on.
  for (const ref of bundled) keep(ref, (next) => bundled.includes(next));
  const own = manifests.filter((each) => each.name === name).map(refOf)[0];
  edges.set(own, [...new Set([...(edges.get(own) ?? []), ...bundled])]);
  const reached = new Set([own]);
  for (const ref of reached)
    for (const next of edges.get(ref) ?? []) reached.add(next);
  const component = bom.components.find((each) => each["bom-ref"] === own);
  return {
    ...bom,
    serialNumber,
    metadata: {
      ...bom.metadata,
      component: component ?? bom.metadata.component,
    },
    components: bom.components.filter(
      (each) => each["bom-ref"] !== own && reached.has(each["bom-ref"]),
    ),
    dependencies: [...reached].map((ref) => ({
      ref,
      dependsOn: edges.get(ref) ?? [],
    })),
  };
}

/** @param {Manifest} manifest */
function refOf({ name, version }) {
  return `${name}@${version}`;
}

/**
 * @param {Component} component
 * @returns {string} The package's name, from its purl.
 */
function nameOf({ purl, name }) {
  const found = /^pkg:npm\/(.+)@[^@]+$/.exec(purl)?.[1];
  return found === undefined ? name : decodeURIComponent(found);
}
