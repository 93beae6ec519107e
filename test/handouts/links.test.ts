/**
 * Tests where the links between notebooks lead in handouts.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { markdownWithLinks, withLinks } from "../../scripts/handouts/links";

describe("links of handouts", () => {
  test("lead to the files of notebooks that are beside them, and to the web", () => {
    const markdown =
      "[Lab 1](labs/lab-1.ipynb), [*two*](lab-2.ipynb#Step-1), [site](https://a.b/c.ipynb), [here](#Step)";
    const linked = (keepsSections: boolean) =>
      markdownWithLinks(markdown, ["lab-1", "lab-2"], {
        ending: ".html",
        keepsSections,
      });
    assert.equal(
      linked(false),
      "[Lab 1](lab-1.html), [*two*](lab-2.html), [site](https://a.b/c.ipynb), [here](#Step)",
    );
    assert.equal(
      linked(true),
      "[Lab 1](lab-1.html), [*two*](lab-2.html#Step-1), [site](https://a.b/c.ipynb), [here](#Step)",
    );
  });

  test("become text where the file is not beside them; images stay", () => {
    assert.equal(
      markdownWithLinks(
        "[Data](../docs/data.md), [`fit`](../src/fit.ts) and [lab](lab-3.ipynb), ![a](b.png)",
        ["lab-1"],
        { ending: ".ipynb" },
      ),
      "Data, `fit` and lab, ![a](b.png)",
    );
  });

  test("keep code in their labels, and are not found in code", () => {
    assert.equal(
      markdownWithLinks(
        "[`a[0](x)` of it](lab-1.ipynb), `layers[0](x)`\n\n```ts\nlayers[1](x);\n```\n",
        ["lab-1"],
        { ending: ".html" },
      ),
      "[`a[0](x)` of it](lab-1.html), `layers[0](x)`\n\n```ts\nlayers[1](x);\n```\n",
    );
  });

  test("are those of text cells; others stay the same objects", () => {
    const cell = (cell_type: "code" | "markdown", source: string) => ({
      cell_type,
      id: source.slice(0, 4),
      metadata: {},
      source,
    });
    const notebook = {
      cells: [
        cell("code", "a[0](b.ipynb)"),
        cell("markdown", "none"),
        cell("markdown", "[b](x/b.ipynb#c)"),
      ],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    };
    const { cells } = withLinks(notebook, ["b"], ".ipynb");
    assert.equal(cells[0], notebook.cells[0]);
    assert.equal(cells[1], notebook.cells[1]);
    assert.deepEqual(cells[2]!.source, ["[b](b.ipynb#c)"]);
  });
});
