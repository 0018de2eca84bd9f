// All trap codes: those of the rules and those of lifting and lowering. Mirrors spec/08.

import { ruleTraps } from "../model/traps.ts";
import { traps2022 } from "../model/traps-2022.ts";
import { valueTraps } from "./values/traps.ts";

/** One plain sentence for each trap code. */
export const traps: Readonly<Record<string, string>> = {
  ...ruleTraps,
  ...valueTraps,
  ...traps2022,
};

export const trapCodes: ReadonlySet<string> = new Set(Object.keys(traps));
