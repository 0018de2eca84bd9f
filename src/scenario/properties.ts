// Every standing property: the machine's and the WASI host's. Mirrors spec/07 and spec/09.

import { type Property, standingProperties } from "../scheduler/properties.ts";
import { wasiLaws } from "../wasi/laws.ts";

/** What must hold in every store of every exploration of a scenario. */
export const allProperties: readonly Property[] = [...standingProperties, ...wasiLaws];
