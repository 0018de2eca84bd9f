// canon wait: a stack is suspended until it is told something. Mirrors spec/12.

import { instanceName } from "../../canon/names.ts";
import { deliver, eventCodes, eventsFor, type TreeEvent } from "./events.ts";
import {
  currentStack,
  done,
  type Here,
  type Next,
  owningTask,
  type Rule,
  type State,
  trapIf,
} from "./rule.ts";
import { present, stackAt } from "./tree.ts";
import { linesOf } from "./words.ts";

function events(h: Here, { task: stack = 0 }: State): readonly TreeEvent[] {
  return eventsFor(h.tree, stack, h.instance);
}

function start(h: Here, { args: [byLift = 0] }: State): Next {
  const stack = currentStack(h);
  const running = stackAt(h.tree, stack);
  trapIf(running.callback && byLift === 0, "wait.callback");
  owningTask(h);
  running.waiting = true;
  return { do: "wait", state: { at: "told", args: [], task: stack } };
}

/** Which of the events it is, is open. */
function told(h: Here, state: State): Next {
  const place = instanceName(h.c, h.instance);
  const options = events(h, state).map(({ name, index }) => `${name} ${place}/${index}`);
  return { do: "choose", options, state: { ...state, at: "chosen" } };
}

function chosen(h: Here, state: State): Next {
  const event = present(events(h, state)[h.pick], "event that was chosen");
  deliver(h.tree, event);
  stackAt(h.tree, state.task ?? 0).waiting = false;
  return done(eventCodes[event.name], event.index, event.n);
}

export const waitRules: Readonly<Record<"wait", Rule>> = {
  wait: {
    steps: { start, told, chosen },
    ready: { told: (h, state) => events(h, state).length > 0 },
    waits: (h, { task: stack = 0 }) => `waits to be told: ${linesOf(h, stack)}`,
  },
};
