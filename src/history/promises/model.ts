// The bridge as a model to explore: microtasks in their order, events of the host in any. Mirrors spec/13.

import type { Encoding } from "../../scheduler/encoding/encoding.ts";
import type { Model, Named } from "../../scheduler/model.ts";
import { type Step, stepped } from "./bridge.ts";
import type { BridgeProgram, TickSize } from "./program.ts";
import { type BridgeState, firstState } from "./state.ts";

/** A step with its name: `main`, `microtask`, or `event N`. */
export type BridgeAction = Named & Step;

const main: BridgeAction = { tag: "main", name: "main" };
const microtask: BridgeAction = { tag: "microtask", name: "microtask" };

/** Events wait until no microtask is left; which comes next is a choice. */
function enabled({ started, microtasks, events }: BridgeState): readonly BridgeAction[] {
  if (!started) return [main];
  if (microtasks.length > 0) return [microtask];
  return events.map((n): BridgeAction => ({ tag: "event", n, name: `event ${n}` }));
}

/** The model of a program; `size` is the size of a turn of the run queue. */
export function bridgeModel(
  program: BridgeProgram,
  size: TickSize,
): Model<BridgeState, BridgeAction> {
  return {
    initial: firstState(program),
    enabled,
    step: (state, action) => stepped(program, size, state, action),
    encode: (state: BridgeState, out: Encoding) => {
      const { log: _, ...rest } = state;
      out.text(JSON.stringify(rest));
    },
    observed: ({ log }) => log,
  };
}
