// The host functions that JavaScript stands for: each call asks it, and waits if it takes its time.

import type { Ctx, Guest } from "../canon/machine.ts";
import { currentTask } from "../canon/machine.ts";
import type { Ret } from "../model/frames.ts";
import type { TaskId } from "../model/ids.ts";
import type { CoreValue, Value } from "../model/values.ts";
import type { Answer, Request } from "./arrivals.ts";
import {
  type At,
  ask,
  type Body,
  give,
  interpreter,
  type Next,
  rule,
  trap,
  wait,
} from "./bodies.ts";
import { change, desk, tell, without } from "./desk.ts";
import { endsFor } from "./sources-in.ts";

/** A call of a JavaScript function. */
export interface RequestState extends At, Request {
  readonly at: "start" | "asked" | "waiting" | "told" | "cancelled";
  readonly task: TaskId | null;
}

/** Where a thread stands when it asks JavaScript: the answer is on the desk, or will be. */
export const askOptions: readonly string[] = ["answered", "pending"];

function start(c: Ctx, s: RequestState): Next<RequestState> {
  const request = desk(c).requests;
  change(c, { requests: request + 1 });
  return ask(askOptions, { ...s, at: "asked", request, task: currentTask(c) });
}

function answerOf(c: Ctx, { request }: RequestState): Answer | undefined {
  return desk(c).answers[request];
}

function wasPicked(ret: Ret): number {
  return ret?.tag === "core" ? Number(ret.values[0] as CoreValue) : 0;
}

function isCancelled(c: Ctx, { task }: RequestState): boolean {
  return task !== null && c.edit.task.read(task).state === "pending-cancel";
}

function answered(c: Ctx, s: RequestState): Next<RequestState> {
  const answer = answerOf(c, s);
  if (answer === undefined) {
    tell(c, { tag: "abort", request: s.request });
    return wait({ ...s, at: "told" });
  }
  change(c, { answers: without(desk(c).answers, s.request) });
  return follow(c, s, answer);
}

function follow(c: Ctx, s: RequestState, answer: Answer): Next<RequestState> {
  switch (answer.tag) {
    case "returned":
      return give(...endsFor(c, answer.handed));
    case "threw":
      return trap();
    case "cancelled":
      return rule({ tag: "host.confirm-cancel" }, { ...s, at: "cancelled" });
  }
}

const explain = (_c: Ctx, { func }: RequestState): string =>
  `waits for JavaScript to answer ${func}`;

const requestBody: Body<RequestState> = {
  start: { run: start },
  asked: {
    run: (c, s, ret) => (wasPicked(ret) === 0 ? answered(c, s) : wait({ ...s, at: "waiting" })),
  },
  waiting: {
    ready: (c, s) => answerOf(c, s) !== undefined || isCancelled(c, s),
    explain,
    run: answered,
  },
  told: { ready: (c, s) => answerOf(c, s) !== undefined, explain, run: answered },
  cancelled: { run: () => give() },
};

/** The interpreter of the host functions with these names: `CoreFunc.code` is the place among them. */
export function requestGuest(names: readonly string[]): Guest {
  return interpreter<RequestState>({
    body: requestBody,
    start: ({ code }, args: readonly Value[]) => {
      return { at: "start", request: -1, func: names[code] ?? "", args, task: null };
    },
  });
}
