// The interpreter of the built-ins of June 2022: their steps run over the tree. Mirrors spec/12.

import type { Ctx, Guest, GuestMove } from "../../canon/machine.ts";
import type { Ret } from "../../model/frames.ts";
import type { InstanceId } from "../../model/ids.ts";
import type { CoreFunc } from "../../model/program.ts";
import type { ReadyWhen } from "../../model/thread.ts";
import { type Options, optionOf } from "../options.ts";
import { lastOfAll } from "./background.ts";
import type { Here, Next, Rule, State } from "./rule.ts";
import { codeOf, type RuleName2022, ruleAt } from "./rules.ts";
import { edited, hostInstance, present, type Tree, treeKey } from "./tree.ts";

/** The name of the interpreter among the guests of a system. */
export const guest2022 = "proposal-2022";

/** A rule as the function that an interpreter runs, called from an instance. */
export function builtin2022(name: RuleName2022, instance: InstanceId): CoreFunc {
  return { guest: guest2022, instance, code: codeOf(name) };
}

function treeOf(c: Ctx): Tree {
  return c.edit.instance.read(hostInstance).globals[treeKey] as Tree;
}

function ruleOf({ code }: CoreFunc): Rule {
  return present(ruleAt(code), "rule of this code");
}

/** Runs one step on the tree, which is as it was if the step throws. */
function step(c: Ctx, core: CoreFunc, state: State, pick: number): Next {
  const run = present(ruleOf(core).steps[state.at], `step ${state.at}`);
  const before = treeOf(c);
  const { tree, value } = edited(before, (draft) =>
    run({ c, tree: draft, instance: core.instance, pick }, state),
  );
  if (tree !== before) {
    const host = c.edit.instance.edit(hostInstance);
    host.globals = { ...host.globals, [treeKey]: tree };
  }
  return value;
}

interface Advanced {
  readonly move: GuestMove;
  readonly state: State;
}

const over: State = { at: "over", args: [] };

function advance(c: Ctx, core: CoreFunc, first: State, ret: Ret): Advanced {
  let next = step(c, core, first, ret?.tag === "core" ? Number(ret.values[0] ?? 0) : 0);
  for (;;) {
    if (next.do === "return") return { move: { tag: "return", values: next.values }, state: over };
    const { state } = next;
    if (next.do === "frame") return { move: { tag: "host-call", frame: next.frame }, state };
    if (next.do === "choose" && next.options.length > 1) {
      return { move: { tag: "choose", options: next.options }, state };
    }
    if (next.do === "wait" || next.do === "idle") {
      const frame = { tag: "host.await", ready: readyOf(core, next) };
      return { move: { tag: "host-call", frame }, state };
    }
    next = step(c, core, state, 0);
  }
}

/** The machine cancels nobody here: a wait belongs to no task of its own. */
function readyOf(core: CoreFunc, next: Next & { do: "wait" | "idle" }): ReadyWhen {
  if (next.do === "idle") return { tag: "idle", until: next.until, task: null };
  return { tag: "guest", core, state: next.state, task: null };
}

/** The interpreter of the built-ins of the proposal of June 2022. */
export function proposal2022Guest(): Guest {
  return {
    start: (_c, _core, args): State => ({ at: "start", args: args as readonly number[] }),
    advance: (c, core, state, input) => advance(c, core, state as State, input),
    ready: (c, core, state) => {
      const waits = state as State;
      const ready = ruleOf(core).ready?.[waits.at];
      const h: Here = { c, tree: treeOf(c), instance: core.instance, pick: 0 };
      return ready === undefined || ready(h, waits);
    },
    explain: (c, core, state) => {
      const h: Here = { c, tree: treeOf(c), instance: core.instance, pick: 0 };
      return ruleOf(core).waits?.(h, state as State) ?? "waits";
    },
  };
}

/** A thread of the host that waits from the start: what it runs, and for what it waits. */
export interface Background {
  readonly name: string;
  readonly core: CoreFunc;
  readonly state: State;
  readonly ready: ReadyWhen;
}

function background(name: RuleName2022, at: string, until: bigint | null): Background {
  const core = builtin2022(name, hostInstance);
  const state: State = { at, args: [] };
  const ready: ReadyWhen =
    until === null ? { tag: "guest", core, state, task: null } : { tag: "idle", until, task: null };
  return { name: `2022:${name}`, core, state, ready };
}

/** The threads of the host that see to copies and notifications for as long as there are any. */
export function background2022(options: Options): readonly Background[] {
  const always = [background("copies", "ready", null), background("partials", "some", null)];
  if (optionOf(options, "deadlock") !== "trap") return always;
  return [...always, background("deadlock", "idle", lastOfAll)];
}
