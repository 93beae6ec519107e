// Reads the reports of `npm audit` and pip-audit.

/**
 * @typedef {object} Audit
 * @property {string[]} findings A sentence for each known vulnerability.
 * @property {string} [silence] Why there is no complete answer, as a sentence; missing if there is
 *   one.
 */

/** @typedef {Record<"name" | "title" | "severity" | "url" | "range", string>} Advisory */

/**
 * A package in a report of pip-audit.
 *
 * @typedef {object} Audited
 * @property {string} name
 * @property {string} [version]
 * @property {string} [skip_reason] Why it was not audited.
 * @property {{ id: string, fix_versions: string[] }[]} [vulns]
 */

/**
 * Reads the output of `npm audit --json`.
 *
 * @param {string} output
 * @returns {Audit}
 */
export function readNpmAudit(output) {
  const report = parsed(output);
  if (report?.vulnerabilities === undefined) {
    // The message names the registry's address, which may be private.
    const reason = report?.statusCode
      ? `it answered with the status ${report.statusCode}`
      : (report?.error?.code ?? "no report arrived");
    return {
      findings: [],
      silence: `npm's registry does not answer audits: ${reason}.`,
    };
  }
  /** @type {Record<string, { via: (string | Advisory)[] }>} */
  const vulnerabilities = report.vulnerabilities;
  const findings = Object.values(vulnerabilities).flatMap(({ via }) =>
    via.flatMap((each) =>
      // A text names another package of the report.
      typeof each === "string"
        ? []
        : [
            `npm ${each.name} ${each.range}: ${each.title} (${each.severity}), ${each.url}`,
          ],
    ),
  );
  return { findings: [...new Set(findings)] };
}

/**
 * Reads the output of `pip-audit --format json`.
 *
 * @param {string} output
 * @returns {Audit}
 */
export function readPipAudit(output) {
  const report = parsed(output);
  if (!Array.isArray(report?.dependencies))
    return {
      findings: [],
      silence:
        "The Python package index does not answer audits: no report arrived.",
    };
  /** @type {Audited[]} */
  const packages = report.dependencies;
  const skipped = packages.filter(({ skip_reason }) => skip_reason);
  const findings = packages.flatMap(({ name, version, vulns = [] }) =>
    vulns.map(
      ({ id, fix_versions }) =>
        `PyPI ${name} ${version}: ${id}, fixed in ${fix_versions.join(", ") || "no version"}`,
    ),
  );
  return skipped.length === 0
    ? { findings }
    : {
        findings,
        silence: `The Python package index does not answer audits of ${listed(skipped)}.`,
      };
}

/** @param {{ name: string }[]} packages */
function listed(packages) {
  const shown = packages.slice(0, 3).map(({ name }) => name);
  const more = packages.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/**
 * @param {string} output
 * @returns {any} Undefined if it is no JSON.
 */
function parsed(output) {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}
