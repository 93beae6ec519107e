// Translates pip's settings to uv's.
// uv reads neither pip.conf nor PIP_*, where machines name their own index, proxy or certificates.

import fs from "node:fs";

/** The settings of pip, and the variables of uv; a list has the separator of its items there. */
const variables = [
  { setting: "index-url", variable: "UV_DEFAULT_INDEX" },
  { setting: "extra-index-url", variable: "UV_INDEX", separator: " " },
  { setting: "find-links", variable: "UV_FIND_LINKS", separator: "," },
  { setting: "trusted-host", variable: "UV_INSECURE_HOST", separator: " " },
  { setting: "cert", variable: "SSL_CERT_FILE" },
  { setting: "client-cert", variable: "SSL_CLIENT_CERT" },
  { setting: "proxy", variable: "ALL_PROXY" },
  { setting: "timeout", variable: "UV_HTTP_TIMEOUT" },
  { setting: "default-timeout", variable: "UV_HTTP_TIMEOUT" },
];

/** Sections of pip.conf, the decisive one last; the last one has the variables PIP_*. */
const sections = ["global", "install", ":env:"];

/** Where systems keep their certificates; some containers have none. */
const certificatesFolder = "/etc/ssl/certs";

/**
 * @param {string} settings The output of `pip config list`.
 * @returns {NodeJS.ProcessEnv} Variables for uv.
 */
export function uvVariables(settings) {
  /** @type {NodeJS.ProcessEnv} */
  const result = {
    // pip looks in every index for a version, and newer ones use the system's certificates.
    UV_INDEX_STRATEGY: "unsafe-best-match",
    ...(hasCertificates() && { UV_SYSTEM_CERTS: "true" }),
  };
  for (const section of sections)
    for (const { setting, variable, separator } of variables) {
      const start = `${section}.${setting}=`;
      const line = settings
        .split("\n")
        .find((candidate) => candidate.startsWith(start));
      if (line === undefined) continue;
      const items = line
        .slice(start.length)
        // A Python literal; the items of a list are on lines of their own or separated by spaces.
        .replace(/^(['"])(.*)\1$/, "$2")
        .split(/\\n|\s+/)
        .filter((item) => item !== "")
        // Unlike pip, uv does not accept a missing folder.
        .filter(
          (item) =>
            setting !== "find-links" ||
            item.includes("://") ||
            fs.existsSync(item),
        );
      result[variable] = items.join(separator ?? "");
    }
  return result;
}

/**
 * @param {string} settings The output of `pip config list`.
 * @returns {string[]} Options for uv, for what has no variable.
 */
export function uvOptions(settings) {
  return /\.no-index='(1|true|yes|on)'/i.test(settings) ? ["--no-index"] : [];
}

/** @returns {boolean} */
function hasCertificates() {
  return (
    fs.existsSync(certificatesFolder) &&
    fs.readdirSync(certificatesFolder).length > 0
  );
}
