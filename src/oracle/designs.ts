// The designs before today's, of which there are no traces: what happens in them are no crossings of this ABI. Mirrors spec/15.

import { guest2022 } from "../history/proposal-2022/guest.ts";
import type { Scenario } from "../scenario/ast.ts";
import type { Selection } from "../scenario/revision.ts";
import { meaningOfAll } from "../scenario/settings.ts";
import { isSplit } from "../scenario/stackless/program.ts";
import type { System } from "../scheduler/machine.ts";
import { JudgeError } from "./errors.ts";

/** What each is called, by the interpreter of its hosts or guests. */
const designs: readonly (readonly [guest: string, design: string])[] = [
  [guest2022, "the proposal of 2022"],
  ["stacks", "blocking on stacks"],
  ["isyswasfa", "split functions"],
];

function refuse(design: string): never {
  throw new JudgeError(`there are no traces of an earlier design: ${design}`);
}

/** Throws `JudgeError` for a system of an earlier design, as far as its interpreters tell. */
export function refuseEarlier({ guests }: Pick<System, "guests">): void {
  for (const [guest, design] of designs) if (guest in guests) refuse(design);
}

/** Throws `JudgeError` for a scenario whose functions are compiled to halves. */
export function refuseSplit(scenario: Scenario, { settings }: Selection): void {
  if (isSplit(scenario, meaningOfAll(settings).designs)) refuse("split functions");
}
