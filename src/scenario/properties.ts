// Every standing property: the machine's, those of the WASI host and of the split host. Mirrors spec/07, spec/09 and spec/11.

import { isyswasfaLaws } from "../history/isyswasfa/laws.ts";
import { type Property, standingProperties } from "../scheduler/properties.ts";
import { wasiLaws } from "../wasi/laws.ts";

/** What must hold in every store of every exploration of a scenario. */
export const allProperties: readonly Property[] = [
  ...standingProperties,
  ...wasiLaws,
  ...isyswasfaLaws,
];
