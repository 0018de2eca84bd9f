// Which locals of a script are still read after each point: live-variable analysis of compiled code.

import type { Instr } from "./code.ts";

/** The locals that an instruction writes before anything reads them again. */
function written(instr: Instr): readonly number[] {
  if (instr.op === "set-local") return [instr.slot];
  return instr.op === "destructure" ? instr.slots : [];
}

/** Where control may be after the instruction at `pc`; a call comes back. */
function successors(instr: Instr, pc: number): readonly number[] {
  switch (instr.op) {
    case "jump":
      return [instr.to];
    case "jump-unless":
      return [instr.to, pc + 1];
    case "return":
    case "turn":
    case "trap":
      return [];
    default:
      return [pc + 1];
  }
}

/** The locals that are live before an instruction, if `after` are live behind it. */
function before(instr: Instr, after: Iterable<number>): Set<number> {
  const live = new Set(after);
  for (const slot of written(instr)) live.delete(slot);
  if (instr.op === "local") live.add(instr.slot);
  return live;
}

/**
 * For each place of `instrs`, and for the one behind the last, the slots that some way from there reads
 * before it writes them, least first. All others may hold anything.
 */
export function liveLocals(instrs: readonly Instr[]): readonly (readonly number[])[] {
  const live = Array.from({ length: instrs.length + 1 }, () => new Set<number>());
  for (let changed = true; changed; ) {
    changed = false;
    for (let pc = instrs.length - 1; pc >= 0; pc--) {
      const instr = instrs[pc];
      if (instr === undefined) continue;
      const now = before(
        instr,
        successors(instr, pc).flatMap((next) => [...(live[next] ?? [])]),
      );
      changed ||= now.size !== live[pc]?.size;
      live[pc] = now;
    }
  }
  return live.map((slots) => [...slots].sort((a, b) => a - b));
}
