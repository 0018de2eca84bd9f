// Runs of components that are written as text: every outcome of some invocations.

import { checkComponent } from "../../src/component/check.ts";
import { callableAt, linkComponents, type Unit } from "../../src/component/instantiate.ts";
import { componentSystem, type RootPlan } from "../../src/component/system.ts";
import { revisions } from "../../src/model/amendments.ts";
import { profiles } from "../../src/model/profiles.ts";
import type { Value } from "../../src/model/values.ts";
import { explore } from "../../src/scheduler/explore/explore.ts";
import type { System } from "../../src/scheduler/machine.ts";
import { machineModel } from "../../src/scheduler/machine-model.ts";
import { factOf, outcomeWith, showOutcome } from "../../src/scheduler/outcome.ts";
import type { World } from "../../src/wasi/world.ts";
import { unit } from "./component-link-harness.ts";

/** A call: the path of an export, and what it is called with. */
export type Invocation = readonly [path: string, ...args: readonly Value[]];

export interface Calls {
  /** sequences of calls of the last unit that are made at the same time */
  readonly roots: readonly (readonly Invocation[])[];
  readonly revision?: keyof typeof revisions;
  readonly profile?: keyof typeof profiles;
  readonly world?: World;
}

export function systemOf(units: readonly Unit[], calls: Calls): System {
  const { revision = "d1daf829", profile = "full", world } = calls;
  const { amendments } = revisions[revision];
  for (const { component } of units) checkComponent(component, new Set(amendments));
  const linked = linkComponents(units);
  const last = units.at(-1)?.name ?? "";
  const roots = calls.roots.map((all, i): RootPlan => {
    const steps = all.map(([path, ...args]) => {
      return { tag: "call", func: callableAt(linked, last, path).func, args, label: path } as const;
    });
    return { name: `r${i}`, steps };
  });
  const more = world === undefined ? {} : { world };
  return componentSystem(linked, { roots, amendments, profile: profiles[profile], ...more });
}

/** Every outcome, sorted: `[f = 1] traps x.y`. */
export function outcomes(system: System): readonly string[] {
  const found = explore(machineModel(system), { maxStates: 20_000, final: factOf });
  if (found.coverage.tag !== "all") throw new Error("not all states were visited");
  const all = found.outcomes.map(({ tag, observed, fact }) =>
    tag === "end" ? showOutcome(outcomeWith(observed, fact)) : `[${observed.join(", ")}] diverges`,
  );
  return [...new Set(all)].sort();
}

/** Every outcome of calls of one component. */
export async function outcomesOf(text: string, calls: Calls): Promise<readonly string[]> {
  return outcomes(systemOf([await unit("main", text)], calls));
}
