/**
 * Writes the SBOMs of this checkout, which validates them against CycloneDX's schema, and compares
 * them with what is installed. Runs pip-audit with a database of vulnerabilities of its own.
 *
 * Takes some minutes, and the network the first time.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { setupModule } from "../setup/checkout";

const project = path.resolve(__dirname, "../..");

interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component?: { readonly name: string } };
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly licenses?: readonly unknown[];
  }[];
}

describe("the SBOMs of this checkout", () => {
  let parent: string;
  let folder: string;
  let reason: string | undefined;
  const read = (name: string): Bom =>
    JSON.parse(fs.readFileSync(path.join(folder, name), "utf8"));

  before(() => {
    parent = fs.mkdtempSync(path.join(os.tmpdir(), "convnotes-sbom-"));
    folder = path.join(parent, "sbom");
    const { status, stderr } = spawnSync(
      "npm",
      ["run", "-s", "sbom", "--", folder],
      { cwd: project, encoding: "utf8" },
    );
    if (/cannot be reached/.test(stderr))
      reason = "the package registries cannot be reached";
    else assert.equal(status, 0, stderr);
  });
  after(() => fs.rmSync(parent, { recursive: true }));

  it("are one for npm, one for Python, and one for each package", (context) => {
    if (reason !== undefined) return context.skip(reason);
    assert.deepEqual(fs.readdirSync(folder).sort(), [
      "convnotes-engine.json",
      "convnotes-kernel.json",
      "convnotes-notebook.json",
      "convnotes.json",
      "npm.json",
      "python.json",
    ]);
    for (const name of fs.readdirSync(folder))
      assert.equal(read(name).bomFormat, "CycloneDX");
    assert.equal(
      read("convnotes-kernel.json").metadata.component?.name,
      "@convnotes/kernel",
    );
    assert.equal(
      read("npm.json").metadata.component?.name,
      "convnotes-project",
    );
  });

  it("are refused by the validator if they do not fit the schema", (context) => {
    if (reason !== undefined) return context.skip(reason);
    const bom = read("convnotes-engine.json");
    const file = path.join(parent, "wrong.json");
    const [first, ...others] = bom.components;
    const wrong = { ...first, type: "libary" };
    fs.writeFileSync(
      file,
      JSON.stringify({ ...bom, components: [wrong, ...others] }),
    );
    const validate = (name: string) =>
      spawnSync(
        path.join(project, "out", "supply", "bin", "python"),
        [path.join(project, "scripts", "supply", "validate.py"), name],
        { encoding: "utf8" },
      );
    const { status, stdout } = validate(file);
    assert.equal(status, 1);
    assert.match(stdout, /^wrong\.json: .*libary/);
    assert.equal(
      validate(path.join(folder, "convnotes-engine.json")).status,
      0,
    );
  });

  it("have every installed package, with its license", (context) => {
    if (reason !== undefined) return context.skip(reason);
    const { packages } = JSON.parse(
      fs.readFileSync(
        path.join(project, "node_modules", ".package-lock.json"),
        "utf8",
      ),
    ) as {
      packages: Record<string, { name?: string; version: string; link?: true }>;
    };
    const installed = Object.entries(packages)
      .filter(([place, { link }]) => place.includes("node_modules/") && !link)
      .map(
        ([place, { name, version }]) =>
          `pkg:npm/${(name ?? place.replace(/^.*node_modules\//, "")).replace("@", "%40")}@${version}`,
      );
    const listed = new Set(read("npm.json").components.map(({ purl }) => purl));
    assert.deepEqual(
      installed.filter((purl) => !listed.has(purl)),
      [],
    );
    const { stdout } = spawnSync(
      path.join(project, ".venv", "bin", "python"),
      ["-m", "pip", "list", "--format=json"],
      { encoding: "utf8" },
    );
    const python = read("python.json").components;
    const normal = (name: string) => name.toLowerCase().replace(/[-_.]+/g, "-");
    for (const { name, version } of JSON.parse(stdout) as Bom["components"])
      assert.ok(
        python.some(
          (each) =>
            normal(each.name) === normal(name) && each.version === version,
        ),
        name,
      );
    const silent = [...read("npm.json").components, ...python]
      .filter(({ licenses = [] }) => licenses.length === 0)
      .map(({ name }) => name);
    assert.deepEqual(silent, []);
  });

  it("name neither folders of this machine nor its registries", (context) => {
    if (reason !== undefined) return context.skip(reason);
    const { stdout } = spawnSync("npm", ["config", "get", "registry"], {
      encoding: "utf8",
    });
    const { host } = new URL(stdout.trim());
    for (const name of fs.readdirSync(folder)) {
      const content = fs.readFileSync(path.join(folder, name), "utf8");
      for (const word of [project, os.homedir() + "/", os.tmpdir() + "/"])
        assert.ok(!content.includes(word), `${name}: ${word}`);
      if (!/(^|\.)npmjs\.(org|com)$/.test(host))
        assert.ok(!content.includes(host), name);
    }
  });

  it("are audited with pip-audit, whose report is read", async (context) => {
    if (reason !== undefined) return context.skip(reason);
    const { readPipAudit } = await setupModule<{
      readPipAudit(output: string): { findings: string[]; silence?: string };
    }>("supply/audit-reports.mjs");
    const asked: string[] = [];
    const database = createServer((request, response) => {
      void text(request).then((body) => {
        const { name } = JSON.parse(body).package as { name: string };
        asked.push(name);
        const vulnerability = {
          id: "PYSEC-0",
          summary: "It is slow",
          affected: [
            {
              package: { name, ecosystem: "PyPI" },
              ranges: [{ type: "ECOSYSTEM", events: [{ fixed: "99.0" }] }],
            },
          ],
        };
        const vulns = name === "jinja2" ? [vulnerability] : [];
        response.end(JSON.stringify({ vulns }));
      });
    });
    await new Promise<void>((resolve) =>
      database.listen(0, "127.0.0.1", resolve),
    );
    const { port } = database.address() as AddressInfo;
    const options = ["--format=json", "--progress-spinner=off"];
    const child = spawn(
      path.join(project, "out", "supply", "bin", "python"),
      [
        ...["-I", "-m", "pip_audit", ...options, "--disable-pip"],
        ...["--vulnerability-service=osv"],
        `--osv-url=http://127.0.0.1:${port}/query`,
        ...["--require-hashes", "--requirement"],
        path.join(project, "requirements.txt"),
      ],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    const report = readPipAudit(await text(child.stdout));
    database.close();
    assert.ok(asked.length > 100);
    assert.equal(report.silence, undefined);
    assert.equal(report.findings.length, 1);
    assert.match(
      report.findings[0]!,
      /^PyPI jinja2 3[.\d]+: PYSEC-0, fixed in 99\.0$/,
    );
  });
});
