// NON-SPEC: streams and futures in the hands of the host: copies, cancels and drops. Mirrors spec/05.

import type { Frame } from "../model/frames.ts";
import type { WaitableId } from "../model/ids.ts";
import type { Buffer, End, EndKind } from "../model/store.ts";
import type { ValType } from "../model/types.ts";
import type { Value } from "../model/values.ts";
import { type CopyFrame, unlink } from "./ends.ts";
import { knowEnds, values } from "./host-values.ts";
import { become, blocked, type Ctx, finish, results, trapAt } from "./machine.ts";
import { copyResults, editEnd, newEnds, readEnd } from "./pairs.ts";
import { hasPendingEvent } from "./ready.ts";
import type { Rules } from "./rule.ts";
import { waitUntil } from "./threads.ts";
import { sameType } from "./values/types.ts";
import { dropWaitable, takePendingEvent } from "./waitables.ts";

interface CopiedFrame extends Frame {
  readonly waitable: WaitableId;
  readonly async: boolean;
}

/** What the host's code takes the end for. */
interface HostEndFrame extends Frame {
  readonly waitable: WaitableId;
  readonly kind: EndKind;
}

/** The end that the host's code names; null if it was given away or dropped. */
function heldEnd(c: Ctx, { waitable, kind }: HostEndFrame): Readonly<End> | null {
  const w = c.edit.waitable.read(waitable);
  trapAt(w.tag !== "end" || w.kind !== kind, "guest.type");
  return w.tag === "end" && w.owner === null ? w : null;
}

interface HostCopy extends HostEndFrame {
  /** null: a read takes what there is */
  readonly t: ValType | null;
  readonly values: readonly Value[];
  readonly length: number;
  readonly async: boolean;
}

/** An end that the host may not use (any more) answers DROPPED. */
function copy(c: Ctx, frame: HostCopy): void {
  const { waitable, async, length, kind } = frame;
  const end = heldEnd(c, frame);
  if (end?.state !== "idle") {
    finish(c, values(copyResults.DROPPED, []));
    return;
  }
  trapAt(!kind.startsWith("readable") && !sameType(end.t, frame.t), "guest.type");
  editEnd(c, waitable).received = [];
  const buffer: Buffer = { tag: "host", values: frame.values, progress: 0, length };
  const start: CopyFrame = { tag: "copy", waitable, buffer };
  become(c, { tag: "host.copied", waitable, async }, start);
}

function copied(c: Ctx, { waitable, async }: CopiedFrame): void {
  const done: Frame = { tag: "host.copy.done", waitable };
  if (hasPendingEvent(c, waitable)) become(c, done);
  else if (async) finish(c, values(blocked, []));
  else become(c, done, waitUntil({ tag: "has-event", waitable }));
}

function copyDone(c: Ctx, { waitable }: CopiedFrame): void {
  const { p2 } = takePendingEvent(c, waitable);
  const { received } = readEnd(c, waitable);
  for (const v of received) knowEnds(c, v);
  editEnd(c, waitable).received = [];
  finish(c, values(p2, received));
}

/** The host gives up a pending copy of its own, or takes the event that beat it. */
function cancelCopy(c: Ctx, frame: HostEndFrame): void {
  const { waitable } = frame;
  const done: Frame = { tag: "host.copied", waitable, async: true };
  if (heldEnd(c, frame)?.state === "copying") become(c, done, { tag: "end.cancel", waitable });
  else finish(c, values(blocked, []));
}

/** An event that the host has not taken is gone with the end. */
function dropEnd(c: Ctx, frame: HostEndFrame): void {
  const { waitable } = frame;
  if (heldEnd(c, frame) !== null) {
    if (hasPendingEvent(c, waitable)) takePendingEvent(c, waitable);
    unlink(c, waitable);
    dropWaitable(c, waitable);
  }
  results(c);
}

function newPair(c: Ctx, frame: Frame & { what: "stream" | "future"; t: ValType | null }): void {
  const ends = newEnds(c, frame.what, frame.t, null);
  finish(c, values(...ends.map((waitable): Value => ({ tag: "end", waitable }))));
}

export const hostEndRules: Rules = {
  "host.new": newPair,
  "host.copy": copy,
  "host.copied": copied,
  "host.copy.done": copyDone,
  "host.cancel-copy": cancelCopy,
  "host.drop": dropEnd,
};
