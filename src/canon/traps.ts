// All trap codes: those of the rules and those of lifting and lowering. Mirrors spec/08.

import { ruleTraps } from "../model/traps.ts";
import { valueTraps } from "./values/traps.ts";

/** One plain sentence for each trap code. */
export const traps: Readonly<Record<string, string>> = { ...ruleTraps, ...valueTraps };

export const trapCodes: ReadonlySet<string> = new Set(Object.keys(traps));
