// Laws of what goes through streams, and of counters and continuations along random runs.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Store } from "../../src/model/store.ts";
import {
  anyMove,
  anyPipe,
  chunks,
  type Move,
  moveScenario,
  type Pipe,
  pipeScenario,
} from "./arbitraries/streams.ts";
import { anySystem } from "./arbitraries/systems.ts";
import { anySeed, replayable, revisionNames, runs, walk } from "./laws.ts";

const anyRevision = fc.constantFrom(...revisionNames);

/** The progress in a logged result: `COMPLETED|4`, or BLOCKED for nothing yet. */
function progressOf(entry: string): number {
  return Number(/\|([0-9]+)$/.exec(entry)?.[1] ?? 0);
}

interface Traffic {
  /** the bytes whose writing was reported, and whose reading was */
  readonly written: string;
  readonly read: string;
  /** reports of writes and of reads */
  readonly counts: readonly [number, number];
}

function trafficOf({ log }: Store, pipe: Pipe): Traffic {
  const writes = log.filter((entry) => entry.startsWith("write ")).map(progressOf);
  const reads = log.filter((entry) => entry.startsWith("read ")).map(progressOf);
  const data = log
    .filter((entry) => entry.startsWith("data "))
    .map((e) => e.slice("data b'".length));
  const all = chunks(pipe);
  return {
    written: writes.map((n, i) => (all[i] ?? "").slice(0, n)).join(""),
    read: data.map((bytes, i) => bytes.slice(0, reads[i] ?? 0)).join(""),
    counts: [writes.length, reads.length],
  };
}

describe("the bytes of a stream", () => {
  test("arrive in order and each once", () => {
    fc.assert(
      fc.property(anyPipe, anyRevision, anySeed, (pipe, revision, policySeed) => {
        fc.pre(pipe.forward === "no" || revision === "d1daf829");
        const scenario = pipeScenario(pipe);
        const { store, schedule } = walk(scenario, revision, policySeed, () => undefined);
        replayable(
          () => ({ scenario, revision, schedule }),
          () => {
            const { written, read } = trafficOf(store, pipe);
            const offered = chunks(pipe).join("");
            for (const byte of read) expect(offered).toContain(byte);
            expect(read.startsWith(written) || written.startsWith(read)).toBe(true);
          },
        );
      }),
      runs(400),
    );
  });

  test("are counted alike at both ends once every copy has been reported", () => {
    let whole = 0;
    fc.assert(
      fc.property(anyPipe, anyRevision, anySeed, (pipe, revision, policySeed) => {
        fc.pre(pipe.forward === "no" || revision === "d1daf829");
        const scenario = pipeScenario(pipe);
        const { store, schedule } = walk(scenario, revision, policySeed, () => undefined);
        const { written, read, counts } = trafficOf(store, pipe);
        if (store.ending !== null || store.log.includes("write BLOCKED")) return;
        if (counts[0] !== pipe.writes.length || counts[1] !== pipe.reads.length) return;
        whole += 1;
        replayable(
          () => ({ scenario, revision, schedule }),
          () => expect(read).toBe(written),
        );
      }),
      runs(400),
    );
    expect(whole).toBeGreaterThan(40);
  });
});

/** One end as a reader of the specification sees it. */
interface Side {
  state: "idle" | "copying" | "done" | "gone";
  /** what the pending copy still has room or data for; null: no pending copy */
  left: number | null;
  /** its progress, once there is something to report */
  event: number | null;
}

/** What each legal move must log; the moves that would trap are left out. */
function expectedLog(moves: readonly Move[]): { legal: Move[]; log: string[] } {
  const sides: Record<"r" | "w", Side> = {
    r: { state: "idle", left: null, event: null },
    w: { state: "idle", left: null, event: null },
  };
  const legal: Move[] = [];
  const log: string[] = [];
  for (const move of moves) {
    const me = sides[move.end];
    const peer = sides[move.end === "r" ? "w" : "r"];
    const idle = me.state === "idle" || me.state === "done";
    const possible = {
      copy: me.state === "idle",
      cancel: me.state === "copying",
      poll: true,
      drop: idle,
    };
    if (!possible[move.does]) continue;
    legal.push(move);
    if (move.does === "drop") drop(me, peer);
    else if (move.does === "poll") log.push(me.event === null ? "0" : take(me, peer, "COMPLETED"));
    else if (move.does === "cancel") log.push(take(me, peer, "CANCELLED"));
    else {
      me.state = "copying";
      if (peer.state !== "gone") meet(move.end, me, peer, move.size);
      log.push(me.event === null ? "BLOCKED" : take(me, peer, "COMPLETED"));
    }
  }
  return { legal, log };
}

function drop(me: Side, peer: Side): void {
  me.state = "gone";
  me.event = null;
  if (peer.state === "idle" || peer.state === "copying") peer.event ??= 0;
}

/** The result of a copy that is over; what it had left is its owner's again. */
function take(me: Side, peer: Side, usual: string): string {
  const gone = peer.state === "gone";
  const progress = me.event ?? 0;
  Object.assign(me, { state: gone ? "done" : "idle", left: null, event: null });
  return `${gone ? "DROPPED" : usual}|${progress}`;
}

/** A copy of `size` meets whatever the peer left pending. */
function meet(end: "r" | "w", me: Side, peer: Side, size: number): void {
  if (peer.left === null) me.left = size;
  else if (size > 0 && peer.left > 0) {
    const n = Math.min(size, peer.left);
    me.event = n;
    peer.event = (peer.event ?? 0) + n;
    peer.left = peer.left === n ? null : peer.left - n;
  } else if (size > 0 || (end === "r" && peer.left === 0)) {
    // a zero-length copy waited for somebody to come
    Object.assign(peer, { left: null, event: 0 });
    me.left = size;
  } else me.event = 0;
}

describe("the two ends of a stream", () => {
  test("report what a model of two counters says, for every sequence of legal moves", () => {
    fc.assert(
      fc.property(fc.array(anyMove, { maxLength: 14 }), (moves) => {
        const { legal, log } = expectedLog(moves);
        const scenario = moveScenario(legal);
        const { store, schedule } = walk(scenario, "d1daf829", 1, () => undefined);
        replayable(
          () => ({ scenario, revision: "d1daf829", schedule }),
          () => {
            expect(store.ending).toBeNull();
            expect(store.log).toEqual(log);
          },
        );
      }),
      runs(300),
    );
  });
});

describe("a continuation", () => {
  test("changes only while its thread runs on top, and there only at its top", () => {
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, policySeed) => {
        walk(scenario, revision, policySeed, ({ before, after }) => {
          const running = before.stack.at(-1);
          for (const [id, thread] of before.entities.thread.entries()) {
            const now = after.entities.thread[id];
            if (!thread || !now || now.name !== thread.name) continue;
            const kept = id === running ? thread.frames.slice(0, -1) : thread.frames;
            const same = kept.every((frame, i) => now.frames[i] === frame);
            const whole = id === running || now.frames.length === kept.length;
            if (!same || !whole) expect(now.frames).toEqual(kept);
          }
        });
      }),
      runs(100),
    );
  });

  test("stands on a stack of threads of which only the last one or two change in a step", () => {
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, policySeed) => {
        walk(scenario, revision, policySeed, ({ before, after }) => {
          const below = before.stack.slice(0, -1);
          expect(after.stack.slice(0, below.length)).toEqual(below);
          expect(after.stack.length - before.stack.length).toBeLessThanOrEqual(2);
        });
      }),
      runs(100),
    );
  });
});

describe("borrowed handles", () => {
  test("are all given back when no call is in progress any more", () => {
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, policySeed) => {
        const { store, schedule } = walk(scenario, revision, policySeed, () => undefined);
        if (store.ending !== null) return;
        const { waitable, handle, task } = store.entities;
        const lenders = waitable.flatMap((w) => (w?.tag === "subtask" ? (w.lenders ?? []) : []));
        replayable(
          () => ({ scenario, revision, schedule }),
          () => {
            for (const [id, h] of handle.entries()) {
              if (!h) continue;
              expect(h.numLends).toBe(lenders.filter((l) => l === id).length);
              if (!h.own) expect(task[h.task ?? -1]?.state).not.toBe("resolved");
            }
          },
        );
      }),
      runs(200),
    );
  });
});
