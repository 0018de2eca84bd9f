// The bound on how long code runs before it calls out: a stated limit, not a trap. Mirrors spec/14.

import { Limit } from "../scheduler/machine.ts";
import type { Machine } from "./run-machine.ts";

/*
 * A call costs as many instructions as the function's body has, a branch back as many as it goes back over,
 * a copy or fill one for each byte or entry. The rest is bounded by these.
 */

export function outOfFuel({ budget }: Machine): never {
  throw new Limit(`${budget} core instructions without a call out`);
}

/** Pays for something that costs more than one instruction. */
export function burn(m: Machine, cost: number): void {
  m.fuel -= cost;
  if (m.fuel < 0) outOfFuel(m);
}

/** Pages of a memory, 1 GiB of them, that an activation may be the first to write to. */
export const mostFresh: number = 2 ** 20;

/** Pays for a page that was all zeros so far. */
export function takePage(m: Machine): void {
  m.fresh += 1;
  if (m.fresh > mostFresh) throw new Limit("1 GiB of zeros overwritten without a call out");
}
