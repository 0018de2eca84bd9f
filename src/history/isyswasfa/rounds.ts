// A root call and the rounds that it is driven by: rules H3, H9, H10 and H11. Mirrors spec/11.

import { Trap } from "../../canon/machine.ts";
import type { Frame } from "../../model/frames.ts";
import type { FuncId } from "../../model/ids.ts";
import type { CaseValue, EndValue, Value } from "../../model/values.ts";
import { type Body, give, go, type Host, type Next, note, release, type State } from "./host.ts";
import { callsOut, finish, hasFinished, startable, started, startNext } from "./host-futures.ts";
import {
  capability,
  capabilityName,
  inputText,
  inputValue,
  outputOf,
  outputText,
  taskOf,
} from "./messages.ts";
import { seeAnswer, seeInput } from "./monitor.ts";
import { hasReceived, isReceiving, receive } from "./pairs.ts";
import { fire, hasFired, isWatching, waitsOut } from "./pollables.ts";
import type { RootCall } from "./protocol.ts";
import { route } from "./routing.ts";
import { settingOf } from "./tasks.ts";

const callOf = (s: State): RootCall => s.call as RootCall;

/** The components of a round in their order; as it was built one may be listed twice. */
function listed({ wiring, tasks }: Host): readonly number[] {
  const places = [...wiring.components.keys()];
  const each = settingOf(tasks, "component-order") === "declared" ? places : places.reverse();
  return settingOf(tasks, "poll-twice") === "yes" ? [...each, ...each] : each;
}

function calling(func: FuncId, args: readonly Value[], state: State): Next {
  const frame: Frame = { tag: "host.call", func, args, async: false };
  return { do: "rule", frame, state };
}

/** The function of a call that is made as a whole, because it is not split. */
function wholeFunc({ c }: Host, name: string): FuncId {
  const id = c.program.funcs.findIndex((f) => f.name === name);
  if (id === -1) throw new Error(`there is no function ${name}`);
  return id as FuncId;
}

/** H11: one root call after the other, each from its start half. */
function begin(h: Host, s: State): Next {
  if (h.tasks.driving) return { do: "wait", state: s };
  h.tasks.driving = true;
  const { func, args } = callOf(s);
  const halves = h.wiring.exports[func];
  if (halves === undefined) return calling(wholeFunc(h, func), args, { ...s, at: "over" });
  if (h.wiring.components.length === 0) throw new Trap("isyswasfa.no-poll-function");
  return calling(halves.start, args, { ...s, at: "started" });
}

/** H11: a call that finished at once needs no round. */
function startedCall(h: Host, s: State, value: CaseValue): Next {
  const { func } = callOf(s);
  if (value.label === "ok") {
    note(h, "calls", () => `${func} start -> ok`);
    return go({ ...s, at: "over" });
  }
  const root = taskOf(value.value ?? undefined);
  h.tasks.root = root;
  note(h, "calls", () => `${func} start -> ${capabilityName("pending", root)}`);
  return go({ ...s, at: "round", place: 0 });
}

/** H3: calls the next component of the round with all that is there for it. */
function poll(h: Host, s: State): Next {
  const place = Number(s.place);
  const component = listed(h)[place];
  const known = h.wiring.components[component ?? -1];
  if (component === undefined || known === undefined) return go({ ...s, at: "quiet" });
  const inbox = h.tasks.inboxes[component] ?? [];
  h.tasks.inboxes = h.tasks.inboxes.map((one, i) => (i === component ? [] : one));
  for (const input of inbox) seeInput(h, component, input);
  const told = inbox.map(inputText).join(", ");
  return calling(known.poll, [inbox.map(inputValue)], { ...s, at: "polled", told });
}

/** H3: what a component answers is dealt with before the next one is called. */
function polled(h: Host, s: State, [answer]: readonly Value[]): Next {
  const place = Number(s.place);
  const component = listed(h)[place] ?? 0;
  const outputs = (answer as readonly Value[]).map(outputOf);
  const said = outputs.map(outputText).join(", ");
  const level = said === "" && s.told === "" ? "calls" : "log";
  note(h, level, () => `${h.wiring.components[component]?.name}.poll[${s.told}] -> [${said}]`);
  for (const output of outputs) route(h, component, output);
  seeAnswer(h);
  return go({ at: "round", call: s.call, place: place + 1 });
}

/** Whether a round has left nothing to do: as it was built the host looks at inboxes only. */
function isQuiet({ c, wiring, tasks }: Host): boolean {
  if (tasks.inboxes.some((inbox) => inbox.length > 0)) return false;
  if (settingOf(tasks, "lost-round") === "as-built") return true;
  return !wiring.components.some(({ instance }) => wiring.busy?.(c, instance) === true);
}

/** H9: another round, the result, or a wait. */
function endRound(h: Host, s: State): Next {
  const { tasks, wiring } = h;
  if (!isQuiet(h)) return go({ ...s, at: "round", place: 0 });
  const { root, done } = tasks;
  if (root === null || !done) return go({ ...s, at: "idle" });
  // the right to wait for it, which the host has had all along, becomes the right to claim it
  release(h, root);
  tasks.root = null;
  tasks.done = false;
  const { func } = callOf(s);
  const halves = wiring.exports[func];
  if (halves === undefined) throw new Error(`${func} is not split`);
  note(h, "calls", () => `${func} result ${capabilityName("ready", root)}`);
  return calling(halves.result, [capability(root)], { ...s, at: "over" });
}

/** H10: with nothing to wait for a root call is lost; without one all is done. */
function idle(h: Host, s: State): Next {
  if (startable(h) !== null) return go({ ...s, at: "bridge" });
  const waits = h.tasks.futures.length > 0 || isReceiving(h) || isWatching(h);
  if (waits) return { do: "wait", state: { ...s, at: "wait" } };
  if (h.tasks.root !== null) throw new Trap("isyswasfa.no-host-tasks");
  return leave(h);
}

const kinds = ["futures", "pollables"] as const;

/** All that the host waits for, in words, and who waits for the host. */
function explainWait(h: Host): string {
  const { c, wiring } = h;
  const outside = [...callsOut(h), ...waitsOut(h), ...(isReceiving(h) ? ["a sender"] : [])];
  const tasks = wiring.components.flatMap(({ instance }) => wiring.explain?.(c, instance) ?? []);
  return [`waits for ${outside.join(", ")}`, ...tasks].join("; ");
}

/** H10: one wait delivers what has happened of one kind. */
function waited(h: Host, s: State): Next {
  const [first, ...more] = kinds.filter((kind) => hasHappened(h, kind));
  if (first === undefined) return { do: "wait", state: s };
  if (more.length === 0) return deliver(h, s, first);
  return { do: "choose", options: [first, ...more], state: { ...s, at: "chosen" } };
}

function hasHappened(h: Host, kind: (typeof kinds)[number]): boolean {
  return kind === "futures" ? hasFinished(h) || hasReceived(h) : hasFired(h);
}

function deliver(h: Host, s: State, kind: (typeof kinds)[number]): Next {
  if (kind === "pollables") fire(h);
  else {
    finish(h);
    receive(h);
  }
  return go({ at: "bridge", call: s.call });
}

/** Where a call over the bridge has ended the next one in line starts. */
function bridgeNext(h: Host, s: State): Next {
  const next = startable(h);
  if (next === null) return go({ at: "round", call: s.call, place: 0 });
  return startNext(h, next, { at: "bridged", call: s.call, id: next.id });
}

/** The root call is over; the host may go on to run rounds for what was left behind. */
function over(h: Host, s: State): Next {
  if (settingOf(h.tasks, "rounds") === "root") return leave(h);
  return go({ ...s, at: "round", place: 0 });
}

function leave({ tasks }: Host): Next {
  tasks.driving = false;
  return give();
}

/** The thread of a root call. */
export const rootBody: Body = {
  start: {
    ready: ({ tasks }) => !tasks.driving,
    explain: () => "waits for another root call to end",
    run: begin,
  },
  started: { run: (h, s, { values: [value] }) => startedCall(h, s, value as CaseValue) },
  round: { run: poll },
  polled: { run: (h, s, { values }) => polled(h, s, values) },
  quiet: { run: endRound },
  idle: { run: idle },
  wait: {
    ready: (h) => kinds.some((kind) => hasHappened(h, kind)),
    explain: explainWait,
    run: waited,
  },
  chosen: { run: (h, s, { pick }) => deliver(h, s, kinds[pick] ?? "futures") },
  bridge: { run: bridgeNext },
  bridged: {
    run: (h, s, { values: [call] }) => {
      started(h, Number(s.id), call as EndValue);
      return go({ at: "bridge", call: s.call });
    },
  },
  over: { run: over },
};
