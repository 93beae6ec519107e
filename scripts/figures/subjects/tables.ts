/**
 * Tables of the gallery, as a notebook shows them.
 */
import { cifar10 } from "../../../src/data/catalog/cifar-10";
import { layerCosts } from "../../../src/models/layer-costs";
import { summary } from "../../../src/models/summary";
import { table } from "../../../src/notebook/table";
import { classReport } from "../../../src/training/class-report";
import { historyTable } from "../../../src/training/history-table";
import type { Subject } from "../exhibit";
import { matrix } from "./confusions";
import { inception, leNet } from "./networks";
import { interruptedRun, run } from "./runs";

/** Tables and summaries. */
export const tables: Subject = {
  title: "Tables and summaries",
  tolerance: 0.15,
  exhibits: [
    {
      name: "summary",
      about: "summary of a sequential model",
      make: () => summary(leNet()),
    },
    {
      name: "summary-branches",
      about: "summary of a model with branches",
      make: () => summary(inception()),
    },
    {
      name: "table-costs",
      about: "table of layerCosts, with a title and a note",
      make: () =>
        table(
          ["layer", "type", "values", "parameters", "multiplications"],
          layerCosts(leNet()).map((cost) => [
            ...[cost.name, cost.type, cost.values],
            ...[cost.parameters, cost.multiplications || null],
          ]),
          { title: "LeNet-5", notes: ["For one image"] },
        ),
    },
    {
      name: "history-interrupted",
      about: "an interrupted run",
      make: () => interruptedRun(),
    },
    {
      name: "history-table",
      about: "historyTable of a long run, shortened",
      make: () => historyTable(run(50), { rows: 8 }),
    },
    {
      name: "confusion-table",
      about: "a confusion matrix as a table",
      make: () => matrix(cifar10.classNames),
    },
    {
      name: "class-report",
      about: "classReport of 10 classes",
      make: () => classReport(matrix(cifar10.classNames)),
    },
  ],
};
