// Pollables, which watch a variable of the host, and the two halves of waiting for one: rules H2, H10, H12. Mirrors spec/11.

import { Trap, thread } from "../../canon/machine.ts";
import type { Value } from "../../model/values.ts";
import { becomeReady } from "./events.ts";
import {
  argsOf,
  type Body,
  caseOf,
  give,
  type Host,
  note,
  release,
  type State,
  taskBehind,
  unexpected,
  within,
} from "./host.ts";
import { capability, capabilityName, taskOf } from "./messages.ts";
import { isPipeReady, observe } from "./pipes.ts";
import { addPollable, addTask, type Tasks, without } from "./tasks.ts";

function textOf(v: Value | undefined): string {
  return typeof v === "object" && "tag" in v && v.tag === "string" ? v.s : String(v);
}

function isFired(h: Host, id: number): boolean {
  const source = h.tasks.pollables[id];
  if (source === undefined) return false;
  if (source.tag !== "variable") return isPipeReady(h, source);
  return Number(h.c.edit.instance.read(h.instance).globals[source.name] ?? 0) !== 0;
}

/** Somebody learns that it is ready. */
function seen(h: Host, id: number): void {
  const source = h.tasks.pollables[id];
  if (source !== undefined) observe(h, source);
}

export const subscribe: Body = within(({ tasks }, [name]) => [
  capability(addPollable(tasks, { tag: "variable", name: textOf(name) })),
]);

export const isPollableReady: Body = within((h, [self]) => [isFired(h, taskOf(self))]);

/** A task is a child of what it waits for: that may not go before it. */
export const dropPollable: Body = within(({ tasks }, [rep]) => {
  const source = Number(rep);
  const isWaited = Object.values(tasks.tasks).some(
    (one) => one.kind === "pollable" && one.source === source,
  );
  if (isWaited) throw new Trap("isyswasfa.has-children");
  tasks.pollables = without(tasks.pollables, source);
  return [];
});

/** H2: looks once; a wait that is not over becomes a task. */
export const blockStart: Body = within((h, [self]) => {
  const source = taskOf(self);
  if (isFired(h, source)) {
    seen(h, source);
    note(h, "calls", () => "block start -> ok");
    return [caseOf("ok")];
  }
  const id = addTask(h.tasks, { kind: "pollable", source, listen: null, refs: 1, ready: false });
  note(h, "calls", () => `block start -> ${capabilityName("pending", id)}`);
  return [caseOf("error", capability(id))];
});

/** H12: a wait that is over has no value. */
export const blockResult: Body = within((h, [ready]) => {
  const id = taskOf(ready);
  note(h, "calls", () => `block result ${capabilityName("ready", id)}`);
  const task = taskBehind(h, id);
  if (task.kind !== "pollable" || !task.ready) unexpected();
  release(h, id);
  return [];
});

const sourceOf = (s: State): number => taskOf(argsOf(s)[0]);

/** The same wait as an `async func` of today. */
export const block: Body = {
  start: { run: (_h, { args }) => ({ do: "wait", state: { at: "waiting", args } }) },
  waiting: {
    ready: (h, s) => isFired(h, sourceOf(s)),
    explain: () => "waits for a pollable",
    run: (h, s) => {
      const { task: id } = thread(h.c);
      if (id === null || h.c.edit.task.read(id).state !== "pending-cancel") {
        seen(h, sourceOf(s));
        return give();
      }
      const frame = { tag: "host.confirm-cancel" } as const;
      return { do: "rule", frame, state: { at: "over" } };
    },
  },
  over: { run: () => give() },
};

/** The waits that are not over, by number. */
function watched({ tasks }: Pick<Tasks, "tasks">): readonly number[] {
  return Object.entries(tasks).flatMap(([id, one]) =>
    one.kind === "pollable" && !one.ready ? [Number(id)] : [],
  );
}

export function isWatching({ tasks }: Host): boolean {
  return watched(tasks).length > 0;
}

/** What the pollables that somebody waits for watch: a variable, or an end of a pipe. */
export function waitsOut(h: Host): readonly string[] {
  return watched(h.tasks).map((id) => {
    const one = taskBehind(h, id);
    const source = one.kind === "pollable" ? h.tasks.pollables[one.source] : undefined;
    if (source === undefined) return "a pollable";
    return source.tag === "variable" ? `the host's ${source.name}` : `a pipe's ${source.tag}`;
  });
}

function firedWaits(h: Host): readonly number[] {
  return watched(h.tasks).filter((id) => {
    const one = taskBehind(h, id);
    return one.kind === "pollable" && isFired(h, one.source);
  });
}

export function hasFired(h: Host): boolean {
  return firedWaits(h).length > 0;
}

/** H10: the waits whose pollable is ready are over. */
export function fire(h: Host): void {
  for (const id of firedWaits(h)) {
    const one = taskBehind(h, id);
    if (one.kind !== "pollable") continue;
    seen(h, one.source);
    becomeReady(h, id, { ...one, ready: true });
  }
}
