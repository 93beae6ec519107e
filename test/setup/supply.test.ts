/**
 * Tests the checks of licenses, the parts of SBOMs, and the reading of audits.
 * test/long/sbom.test.ts validates whole SBOMs.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { noPython } from "../lessons/notebook-file";
import { setupModule } from "./checkout";

const root = path.resolve(__dirname, "../..");

interface UsedPackage {
  readonly name: string;
  readonly versions: readonly string[];
  readonly license: string | undefined;
  readonly uses: readonly string[];
}

describe("a license", () => {
  const load = (): Promise<{
    fault(name: string, license: string | undefined): string | undefined;
  }> => setupModule("supply/policy.mjs");

  it("is allowed if every part of it is, and one of several that can be chosen", async () => {
    const { fault } = await load();
    for (const license of [
      "MIT",
      "(AFL-2.1 OR GPL-3.0-only)",
      "Apache-2.0 AND MIT",
      "GPL-2.0-only OR (MIT AND ISC)",
    ])
      assert.equal(fault("a", license), undefined, license);
  });

  it("is refused if it is not allowed, unknown or missing", async () => {
    const { fault } = await load();
    for (const [license, reason] of [
      ["GPL-3.0-only", "the license GPL-3.0-only, which is not allowed"],
      ["AGPL-3.0-or-later", "is not allowed"],
      ["MIT AND GPL-2.0-only", "is not allowed"],
      ["MIT OR", 'the unknown license "MIT OR"'],
      ["SEE LICENSE IN README.md", "the unknown license"],
      ["UNLICENSED", "the unknown license"],
      ["BSD", "the unknown license"],
      ["", "no license"],
      [undefined, "no license"],
    ] as const)
      assert.ok(fault("a", license)?.includes(reason), license);
  });

  it("may be allowed for some packages only", async () => {
    const { fault } = await load();
    const license = "Apache-2.0 AND LGPL-3.0-or-later";
    assert.equal(fault("@img/sharp-win32-x64", license), undefined);
    assert.match(fault("sharp-win32-x64", license)!, /not allowed/);
  });
});

describe("the used packages", () => {
  const load = (): Promise<{
    npmPackages(
      lock: unknown,
      uses: { use: string; developmentUse: string },
    ): UsedPackage[];
    pythonPackages(
      requirements: string,
      licenses: unknown,
      use: string,
    ): UsedPackage[];
    joined(packages: UsedPackage[]): UsedPackage[];
  }> => setupModule("supply/used-packages.mjs");

  it("are those of npm's lock file, under their real names, without the project's own", async () => {
    const { joined, npmPackages } = await load();
    const locked = { version: "1.0.0", license: "MIT", integrity: "sha512-x" };
    const packages = {
      "": { version: "0.1.0", license: "Apache-2.0" },
      kernel: { version: "0.1.0" },
      "node_modules/kernel": { link: true },
      "node_modules/b": { ...locked, dev: true },
      "node_modules/@a/a": locked,
      "node_modules/b/node_modules/@a/a": { ...locked, version: "2.0.0" },
      "node_modules/xlsx": { ...locked, name: "@e965/xlsx" },
      "node_modules/typed-function": { ...locked, license: undefined },
    };
    const uses = { use: "packages", developmentUse: "clone" };
    const list = joined(npmPackages({ packages }, uses));
    assert.deepEqual(
      list.map(({ name, versions, license, uses }) =>
        [name, versions, license, uses].join(" "),
      ),
      [
        "@a/a 1.0.0,2.0.0 MIT packages",
        "@e965/xlsx 1.0.0 MIT packages",
        "b 1.0.0 MIT clone",
        "typed-function 1.0.0 MIT packages",
      ],
    );
  });

  it("are those of the requirements, for every system", async () => {
    const { joined, pythonPackages } = await load();
    const requirements = `# a comment==1
numpy==2.2.6 ; python_full_version < '3.11' \\
    --hash=sha256:00
numpy==2.4.6 ; python_full_version >= '3.11' \\
    --hash=sha256:01
Jinja2==3.1.6 \\
    --hash=sha256:02
new_one==1.0`;
    const licenses = {
      numpy: "BSD-3-Clause",
      jinja2: { declared: "BSD", license: "BSD-3-Clause" },
    };
    assert.deepEqual(joined(pythonPackages(requirements, licenses, "clone")), [
      {
        name: "Jinja2",
        versions: ["3.1.6"],
        license: "BSD-3-Clause",
        uses: ["clone"],
      },
      {
        name: "new_one",
        versions: ["1.0"],
        license: undefined,
        uses: ["clone"],
      },
      {
        name: "numpy",
        versions: ["2.2.6", "2.4.6"],
        license: "BSD-3-Clause",
        uses: ["clone"],
      },
    ]);
  });
});

describe("the license that a Python package declares", () => {
  interface Metadata {
    readonly name: string;
    readonly license_expression?: string;
    readonly license?: string;
    readonly classifier?: readonly string[];
  }
  const load = (): Promise<{
    declaredLicense(metadata: Metadata): string;
    changedDeclarations(
      installed: { metadata: Metadata }[],
      licenses: unknown,
    ): string[];
  }> => setupModule("supply/declared-licenses.mjs");
  const name = "A_Package";
  const classifier = [
    "Programming Language :: Python",
    "License :: OSI Approved :: BSD License",
  ];

  it("is the expression, else the first line about it, else the classifier", async () => {
    const { declaredLicense } = await load();
    assert.equal(
      declaredLicense({ name, license_expression: "MIT", license: "see file" }),
      "MIT",
    );
    assert.equal(
      declaredLicense({ name, license: "\nBSD 3-Clause\n\nText", classifier }),
      "BSD 3-Clause",
    );
    assert.equal(
      declaredLicense({ name, license: "UNKNOWN", classifier }),
      "BSD License",
    );
    assert.equal(declaredLicense({ name }), "");
  });

  it("must be the recorded one", async () => {
    const { changedDeclarations } = await load();
    const installed = [{ metadata: { name, classifier } }];
    const read = { declared: "BSD License", license: "BSD-2-Clause" };
    assert.deepEqual(changedDeclarations(installed, { "a-package": read }), []);
    assert.deepEqual(changedDeclarations(installed, {}), []);
    assert.match(
      changedDeclarations(installed, { "a-package": "MIT" })[0]!,
      /Expected A_Package to declare the license "MIT", .* "BSD License"/,
    );
  });
});

it(
  "all packages have allowed licenses, as docs/licenses.md says",
  { skip: noPython },
  () => {
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [path.join(root, "scripts", "licenses.mjs"), "--check"],
      { cwd: root, encoding: "utf8" },
    );
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^\d{3} npm packages and \d{3} Python packages have/m);
  },
);

interface Bom {
  readonly serialNumber: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { ref: string; dependsOn: string[] }[];
}
interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly purl: string;
  readonly externalReferences?: readonly { type: string; url: string }[];
}

describe("an SBOM of npm packages", () => {
  const load = (): Promise<{
    corrected(bom: Bom, own: string[]): Bom;
    bomOfPackage(bom: Bom, name: string, more: unknown): Bom;
  }> => setupModule("supply/npm-bom.mjs");
  const component = (ref: string, name: string): Component => ({
    "bom-ref": ref,
    name,
    purl: `pkg:npm/${ref.replace(/^@/, "%40")}`,
  });
  const edge = (ref: string, ...dependsOn: string[]) => ({ ref, dependsOn });
  const bom: Bom = {
    serialNumber: "urn:uuid:1",
    metadata: { component: component("project@1", "my-clone") },
    components: [
      component("@own/kernel@1", "kernel"),
      component("@own/shared@1", "notebook"),
      component("@e965/xlsx@2", "xlsx"),
      {
        ...component("b@1", "b"),
        externalReferences: [
          { type: "vcs", url: "git@github.com:someone/b.git" },
          { type: "website", url: "https://example.org/a:b" },
        ],
      },
      component("c@1", "c"),
      component("d@1", "d"),
      component("e@1", "e"),
    ],
    dependencies: [
      edge("project@1", "@own/kernel@1", "@own/shared@1", "c@1"),
      edge("@own/kernel@1", "@own/shared@1", "@e965/xlsx@2", "c@1"),
      edge("@own/shared@1", "b@1", "d@1"),
      edge("b@1", "e@1"),
      edge("c@1", "d@1"),
    ],
  };
  const own = ["project", "@own/kernel", "@own/shared"];
  const manifests = [
    {
      name: "@own/kernel",
      version: "1",
      dependencies: { "@own/shared": "1", xlsx: "npm:@e965/xlsx@2" },
    },
    { name: "@own/shared", version: "1", dependencies: { b: "1" } },
  ];

  it("has the packages' own names, not those of folders, and addresses that are URLs", async () => {
    const { corrected } = await load();
    const result = corrected(bom, own);
    assert.equal(result.metadata.component.name, "project");
    assert.deepEqual(
      result.components.map(({ name }) => name),
      ["@own/kernel", "@own/shared", "xlsx", "b", "c", "d", "e"],
    );
    assert.deepEqual(result.components[3]!.externalReferences, [
      { type: "vcs", url: "ssh://git@github.com/someone/b.git" },
      { type: "website", url: "https://example.org/a:b" },
    ]);
  });

  it("of one package has what is installed with it, without development and peers", async () => {
    const { bomOfPackage, corrected } = await load();
    const result = bomOfPackage(corrected(bom, own), "@own/kernel", {
      manifests,
      serialNumber: "urn:uuid:2",
    });
    assert.equal(result.metadata.component.name, "@own/kernel");
    assert.equal(result.serialNumber, "urn:uuid:2");
    assert.deepEqual(
      result.components.map((each) => each["bom-ref"]),
      ["@own/shared@1", "@e965/xlsx@2", "b@1", "e@1"],
    );
    assert.deepEqual(result.dependencies, [
      edge("@own/kernel@1", "@own/shared@1", "@e965/xlsx@2"),
      edge("@own/shared@1", "b@1"),
      edge("@e965/xlsx@2"),
      edge("b@1", "e@1"),
      edge("e@1"),
    ]);
  });

  it("of one package has what is bundled into it, and no more of that", async () => {
    const { bomOfPackage, corrected } = await load();
    const { components } = bomOfPackage(corrected(bom, own), "@own/shared", {
      manifests,
      serialNumber: "urn:uuid:2",
      bundled: ["c@1"],
    });
    assert.deepEqual(
      components.map((each) => each["bom-ref"]),
      ["b@1", "c@1", "e@1"],
    );
  });
});

it("an SBOM has the licenses that a person has read, where a package names none", async () => {
  const { withLicenses } = await setupModule<{
    withLicenses(
      bom: unknown,
      licenseOf: (name: string) => string | undefined,
    ): unknown;
  }>("supply/bom-licenses.mjs");
  const declared = { name: "a", licenses: [{ license: { name: "BSD" } }] };
  const read: Readonly<Record<string, string>> = {
    a: "BSD-2-Clause",
    b: "MIT",
    c: "MIT OR ISC",
  };
  const components = [
    declared,
    { name: "b", licenses: [] },
    { name: "c" },
    { name: "d" },
  ];
  assert.deepEqual(
    withLicenses({ version: 1, components }, (name) => read[name]),
    {
      version: 1,
      components: [
        declared,
        { name: "b", licenses: [{ license: { id: "MIT" } }] },
        { name: "c", licenses: [{ expression: "MIT OR ISC" }] },
        { name: "d" },
      ],
    },
  );
});

describe("an audit", () => {
  const load = (): Promise<
    Record<
      "readNpmAudit" | "readPipAudit",
      (output: string) => { findings: string[]; silence?: string }
    >
  > => setupModule("supply/audit-reports.mjs");

  it("of npm names each advisory once", async () => {
    const { readNpmAudit } = await load();
    const advisory = {
      name: "xlsx",
      title: "Regular expression denial of service",
      severity: "high",
      url: "https://github.com/advisories/GHSA-5pgg-2g8v-p4x9",
      range: "<0.20.2",
    };
    const vulnerabilities = {
      "danfojs-node": { via: ["xlsx"] },
      xlsx: { via: [advisory, advisory] },
    };
    assert.deepEqual(readNpmAudit(JSON.stringify({ vulnerabilities })), {
      findings: [
        "npm xlsx <0.20.2: Regular expression denial of service (high), https://github.com/advisories/GHSA-5pgg-2g8v-p4x9",
      ],
    });
    assert.deepEqual(readNpmAudit('{ "vulnerabilities": {} }'), {
      findings: [],
    });
  });

  it("of npm says that a registry does not answer, without its address", async () => {
    const { readNpmAudit } = await load();
    const refused = {
      message: "405 Method Not Allowed - POST https://private.example/-/npm",
      statusCode: 405,
      error: { summary: "", detail: "" },
    };
    const offline = { message: "...", error: { code: "ENOTFOUND" } };
    for (const [output, reason] of [
      [JSON.stringify(refused), "it answered with the status 405."],
      [JSON.stringify(offline), "ENOTFOUND."],
      ["", "no report arrived."],
    ] as const) {
      const { findings, silence } = readNpmAudit(output);
      assert.deepEqual(findings, []);
      assert.ok(silence?.endsWith(`does not answer audits: ${reason}`));
      assert.doesNotMatch(silence, /private/);
    }
  });

  it("of Python packages names vulnerabilities, and packages without an answer", async () => {
    const { readPipAudit } = await load();
    const vulns = [{ id: "PYSEC-1", fix_versions: ["2.1", "3.0"] }];
    const dependencies = [
      { name: "jinja2", version: "2.0", vulns },
      { name: "numpy", version: "2.4.6", vulns: [] },
    ];
    const finding = "PyPI jinja2 2.0: PYSEC-1, fixed in 2.1, 3.0";
    assert.deepEqual(readPipAudit(JSON.stringify({ dependencies })), {
      findings: [finding],
    });
    const skipped = { name: "uv", skip_reason: "not found on PyPI" };
    assert.deepEqual(
      readPipAudit(
        JSON.stringify({ dependencies: [...dependencies, skipped] }),
      ),
      {
        findings: [finding],
        silence: "The Python package index does not answer audits of uv.",
      },
    );
    assert.match(readPipAudit("").silence!, /no report arrived/);
  });

  it("finds that danfojs gets the edition of xlsx without known vulnerabilities", () => {
    const { overrides } = JSON.parse(
      fs.readFileSync(path.join(root, "package.json"), "utf8"),
    );
    assert.match(overrides["danfojs-node"].xlsx, /^npm:@e965\/xlsx@/);
    const { packages } = JSON.parse(
      fs.readFileSync(path.join(root, "package-lock.json"), "utf8"),
    ) as { packages: Record<string, { name?: string; version: string }> };
    const found = Object.entries(packages).filter(([place]) =>
      place.endsWith("node_modules/xlsx"),
    );
    assert.equal(found.length, 1);
    const { name, version } = found[0]![1];
    assert.equal(name, "@e965/xlsx");
    // CVE-2024-22363 is fixed in 0.20.2, CVE-2023-30533 in 0.19.3.
    const [major, minor, patch] = version.split(".").map(Number);
    assert.ok(major! > 0 || minor! > 20 || (minor === 20 && patch! >= 2));
  });
});
