/**
 * Tests the checks of licenses, and checks those of all packages.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
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
