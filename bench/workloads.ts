// All that is measured, in the order of the report.

import { callRates } from "./calls.ts";
import { componentFigures } from "./components.ts";
import { explorerFigures } from "./explorer.ts";
import { judgingFigures } from "./judging.ts";
import { randomFigures } from "./random.ts";
import { streamRates } from "./streams.ts";
import { threadRates } from "./threads.ts";
import { valueRates } from "./values.ts";
import { wasmFigures } from "./wasm.ts";
import type { Workload } from "./workload.ts";

export const workloads: readonly Workload[] = [
  ...callRates,
  ...streamRates,
  ...threadRates,
  ...valueRates,
  ...explorerFigures,
  ...randomFigures,
  ...componentFigures,
  ...wasmFigures,
  ...judgingFigures,
];
