/**
 * Tests the parts of SBOMs. test/long/sbom.test.ts validates whole ones.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setupModule } from "./checkout";

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
