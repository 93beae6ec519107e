/**
 * Tests how the reports of `npm audit` and pip-audit are read. test/long/sbom.test.ts runs
 * pip-audit.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { setupModule } from "./checkout";

const root = path.resolve(__dirname, "../..");

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

  it("of npm is read as npm writes it", async () => {
    const { readNpmAudit } = await load();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "convnotes-audit-"));
    const locked = { version: "1.0.0", integrity: "sha512-x" };
    fs.writeFileSync(
      path.join(folder, "package.json"),
      '{ "name": "project", "version": "1.0.0", "dependencies": { "a": "1.0.0" } }',
    );
    fs.writeFileSync(
      path.join(folder, "package-lock.json"),
      JSON.stringify({
        name: "project",
        version: "1.0.0",
        lockfileVersion: 3,
        packages: {
          "": { name: "project", dependencies: { a: "1.0.0" } },
          "node_modules/a": { ...locked, dependencies: { b: "^1.0.0" } },
          "node_modules/b": locked,
        },
      }),
    );
    let answers = true;
    const advisory = {
      id: 1,
      title: "It is slow",
      severity: "high",
      url: "https://example.org/advisory",
      vulnerable_versions: "<1.0.1",
    };
    const registry = createServer((request, response) => {
      const isAudit = request.url === "/-/npm/v1/security/advisories/bulk";
      response.statusCode = isAudit ? (answers ? 200 : 405) : 404;
      response.end(JSON.stringify(isAudit && answers ? { b: [advisory] } : {}));
    });
    await new Promise<void>((resolve) =>
      registry.listen(0, "127.0.0.1", resolve),
    );
    const { port } = registry.address() as AddressInfo;
    const audit = async () => {
      const options = ["--json", "--package-lock-only", "--audit"];
      const child = spawn("npm", ["audit", ...options], {
        cwd: folder,
        env: {
          ...process.env,
          npm_config_registry: `http://127.0.0.1:${port}/`,
          npm_config_cache: path.join(folder, "cache"),
          npm_config_fetch_retries: "0",
        },
      });
      return readNpmAudit(await text(child.stdout));
    };
    try {
      assert.deepEqual(await audit(), {
        findings: [
          "npm b <1.0.1: It is slow (high), https://example.org/advisory",
        ],
      });
      answers = false;
      assert.match((await audit()).silence!, /with the status 405\.$/);
    } finally {
      registry.close();
      fs.rmSync(folder, { recursive: true });
    }
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
      assert.doesNotMatch(silence!, /private/);
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
