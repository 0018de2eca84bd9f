// The interpreter of the split host: its functions, and the threads of root calls. Mirrors spec/11.

import { type Ctx, type Guest, type GuestMove, thread } from "../../canon/machine.ts";
import type { Frame, Ret } from "../../model/frames.ts";
import type { InstanceId } from "../../model/ids.ts";
import type { CoreFunc } from "../../model/program.ts";
import { dropCapability, makeTask, readyState } from "./capabilities.ts";
import { type Body, givenBy, type Host, type Next, type State, type Step } from "./host.ts";
import { resultHalf, startHalf } from "./host-futures.ts";
import { pollablesKey, tasksKey } from "./interfaces.ts";
import { dropReceiver, dropSender, makePair, receiveResult, receiveStart, send } from "./pairs.ts";
import { checkWrite, dropStream, flush, makePipe, read, subscribeTo, write } from "./pipes.ts";
import {
  block,
  blockResult,
  blockStart,
  dropPollable,
  isPollableReady,
  subscribe,
} from "./pollables.ts";
import type { RootCall, RootFrame, SplitFunc, SplitHost, Wiring } from "./protocol.ts";
import { rootBody } from "./rounds.ts";
import { changed, type Tasks, tasksGlobal } from "./tasks.ts";

/** The functions that every host has, by key. */
const fixed: Readonly<Record<string, Body>> = {
  [`${tasksKey}.make-task`]: makeTask,
  [`${tasksKey}.ready.state`]: readyState,
  [`${tasksKey}.pending.drop`]: dropCapability,
  [`${tasksKey}.cancel.drop`]: dropCapability,
  [`${tasksKey}.ready.drop`]: dropCapability,
  "wasi:io/poll.pollable.ready": isPollableReady,
  "wasi:io/poll.pollable.drop": dropPollable,
  "isyswasfa:io/poll.block-isyswasfa-start": blockStart,
  "isyswasfa:io/poll.block-isyswasfa-result": blockResult,
  "wasi:io/streams.input-stream.read": read,
  "wasi:io/streams.input-stream.subscribe": subscribeTo("input"),
  "wasi:io/streams.input-stream.drop": dropStream("input"),
  "wasi:io/streams.output-stream.check-write": checkWrite,
  "wasi:io/streams.output-stream.write": write,
  "wasi:io/streams.output-stream.flush": flush,
  "wasi:io/streams.output-stream.subscribe": subscribeTo("output"),
  "wasi:io/streams.output-stream.drop": dropStream("output"),
  "isyswasfa:io/pipe.make-pipe": makePipe,
  [`${pollablesKey}.subscribe`]: subscribe,
  [`${pollablesKey}.block`]: block,
};

/** The functions of futures, by how their keys begin or end. */
const ofPairs: Readonly<Record<string, (f: SplitFunc) => Body>> = {
  "futures.isyswasfa-pipe-": () => makePair,
  ".send": () => send,
  ".receive-isyswasfa-start": ({ ft }) => receiveStart(hasPayload(ft)),
  ".receive-isyswasfa-result": ({ ft }) => receiveResult(ft.result !== null),
  "futures.isyswasfa-sender-": () => dropSender,
  "futures.isyswasfa-receiver-": () => dropReceiver,
};

function hasPayload({ result }: SplitFunc["ft"]): boolean {
  return result?.tag === "result" && result.ok !== null;
}

function bodyOf(f: SplitFunc): Body {
  const { key } = f;
  const known = fixed[key];
  if (known !== undefined) return known;
  if (key.startsWith("futures.")) {
    const of = Object.entries(ofPairs).find(([part]) => key.startsWith(part) || key.endsWith(part));
    if (of !== undefined) return of[1](f);
  }
  const [, name, half] = /^(.*)-isyswasfa-(start|result)$/.exec(key) ?? [];
  if (name === undefined) throw new Error(`the host has no function ${key}`);
  return half === "start" ? startHalf(name) : resultHalf(name);
}

/** `CoreFunc.code` of the threads of root calls. */
const rootCode = -1;

const gone: State = { at: "$gone" };

/** Finds the step of a state. */
type StepAt = (core: CoreFunc, at: string) => Step;

function hostAt(c: Ctx, { instance }: CoreFunc, wiring: Wiring): Host {
  const tasks = c.edit.instance.read(instance).globals[tasksGlobal] as Tasks;
  return { c, instance, wiring, tasks };
}

/** Runs a step on the tasks, which are written only if it changed them. */
function run(h: Host, step: Step, state: State, ret: Ret): Next {
  const { after, value } = changed(h.tasks, (tasks) => {
    return step.run({ ...h, tasks }, state, givenBy(ret));
  });
  if (after !== h.tasks) {
    const instance = h.c.edit.instance.edit(h.instance);
    instance.globals = { ...instance.globals, [tasksGlobal]: after };
  }
  return value;
}

const call = (frame: Frame): GuestMove => ({ tag: "host-call", frame });

/** What the machine is asked for. */
function moveOf(
  c: Ctx,
  core: CoreFunc,
  next: Exclude<Next, { do: "go" }>,
): { readonly move: GuestMove; readonly state: State } {
  switch (next.do) {
    case "return":
      return { move: { tag: "return", values: next.values }, state: gone };
    case "choose":
      return { move: { tag: "choose", options: next.options }, state: next.state };
    case "rule":
      return { move: call(next.frame), state: next.state };
    default: {
      const { state } = next;
      const ready = { tag: "guest", core, state, task: thread(c).task } as const;
      return { move: call({ tag: "host.await", ready }), state };
    }
  }
}

/** The interpreter of the functions of `host` and of the root calls into what `wiring` says. */
export function isyswasfaGuest(host: SplitHost, wiring: Wiring): Guest {
  const bodies = host.funcs.map(bodyOf);
  const stepAt: StepAt = ({ code }, at) => {
    const step = (code === rootCode ? rootBody : bodies[code])?.[at];
    if (step === undefined) throw new Error(`no step ${at} in function ${code} of the host`);
    return step;
  };
  return {
    start: (_c, _core, args): State => ({ at: "start", args }),
    advance: (c, core, state, input) => {
      let at = state as State;
      for (let ret = input; ; ret = null) {
        const next = run(hostAt(c, core, wiring), stepAt(core, at.at), at, ret);
        if (next.do !== "go") return moveOf(c, core, next);
        at = next.state;
      }
    },
    ready: (c, core, state) => {
      const at = state as State;
      return stepAt(core, at.at).ready?.(hostAt(c, core, wiring), at) ?? true;
    },
    explain: (c, core, state) => {
      const at = state as State;
      const explain = stepAt(core, at.at).explain;
      return explain?.(hostAt(c, core, wiring), at) ?? "waits for the host";
    },
  };
}

/** The frame of the thread that makes a root call; `instance` is the host's. */
export function rootFrame(instance: InstanceId, root: RootCall): RootFrame {
  const state: State = { at: "start", call: root };
  return { core: { guest: "isyswasfa", instance, code: rootCode }, state };
}
