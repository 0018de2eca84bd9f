// Pairs of a sender and a receiver: the futures of the split ABI. Mirrors spec/11.

import { becomeReady } from "./events.ts";
import { type Body, caseOf, type Host, release, taskBehind, unexpected, within } from "./host.ts";
import { capability, taskOf } from "./messages.ts";
import { addPair, addTask, closeReceiver, type Pair, setPair, type Task } from "./tasks.ts";

function pairOf({ tasks }: Host, id: number): Pair {
  const pair = tasks.pairs[id];
  if (pair === undefined) throw new Error(`a handle on pair ${id}, which is gone`);
  return pair;
}

export const makePair: Body = within(({ tasks }) => {
  const id = addPair(tasks, { sender: true, receiver: true, sent: null });
  return [[capability(id), capability(id)]];
});

/** Takes the sender with it, and succeeds whoever listens. */
export const send: Body = within((h, [sender, ...values]) => {
  const id = taskOf(sender);
  setPair(h.tasks, id, { ...pairOf(h, id), sender: false, sent: values });
  return [];
});

export const dropSender: Body = within((h, [rep]) => {
  const id = Number(rep);
  setPair(h.tasks, id, { ...pairOf(h, id), sender: false });
  return [];
});

export const dropReceiver: Body = within(({ tasks }, [rep]) => {
  closeReceiver(tasks, Number(rep));
  return [];
});

/** What a receiver gets once its sender is gone: nothing if that was dropped; without a payload nothing either way. */
function received(h: Host, id: number, payload: boolean): ReturnType<typeof caseOf>[] {
  const { sent } = pairOf(h, id);
  if (!payload) return [];
  const [value] = sent ?? [];
  return [value === undefined ? caseOf("none") : caseOf("some", value)];
}

/** Takes the receiver with it. */
export function receiveStart(payload: boolean): Body {
  return within((h, [receiver]) => {
    const pair = taskOf(receiver);
    if (!pairOf(h, pair).sender) {
      const [value = null] = received(h, pair, payload);
      closeReceiver(h.tasks, pair);
      return [caseOf("ok", value)];
    }
    const task: Task = { kind: "receive", pair, listen: null, refs: 1, ready: false };
    return [caseOf("error", capability(addTask(h.tasks, task)))];
  });
}

/** The receiver goes with the record of the wait. */
export function receiveResult(payload: boolean): Body {
  return within((h, [ready]) => {
    const id = taskOf(ready);
    const task = taskBehind(h, id);
    if (task.kind !== "receive" || !task.ready) unexpected();
    const got = received(h, task.pair, payload);
    release(h, id);
    return got;
  });
}

/** The waits for a value that are not over, by number, with their pairs. */
function receiving({ tasks }: Host): readonly { readonly id: number; readonly pair: number }[] {
  return Object.entries(tasks.tasks).flatMap(([id, one]) =>
    one.kind === "receive" && !one.ready ? [{ id: Number(id), pair: one.pair }] : [],
  );
}

export function isReceiving(h: Host): boolean {
  return receiving(h).length > 0;
}

export function hasReceived(h: Host): boolean {
  return receiving(h).some(({ pair }) => !pairOf(h, pair).sender);
}

/** H10: the waits whose sender is gone are over. */
export function receive(h: Host): void {
  for (const { id, pair } of receiving(h)) {
    const one = taskBehind(h, id);
    if (one.kind === "receive" && !pairOf(h, pair).sender)
      becomeReady(h, id, { ...one, ready: true });
  }
}
