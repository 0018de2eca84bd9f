// Laws of polling and of handles: what a poll says, and that nobody reaches what he was not given.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PollState, pollModel, pollOf } from "../../src/history/promises/poll.ts";
import type { Store } from "../../src/model/store.ts";
import type { ValType } from "../../src/model/types.ts";
import { type WasiInterface, wasiNames } from "../../src/scenario/wasi-names.ts";
import { explore } from "../../src/scheduler/explore/explore.ts";
import { anySystem } from "./arbitraries/systems.ts";
import { anySeed, revisionNames, runs, walk } from "./laws.ts";

describe("a poll", () => {
  test("gives the places of the list whose sources are ready, each once, and never none", () => {
    const anyList = fc.array(fc.nat(3), { maxLength: 6 });
    const anyReady = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(anyReady, anyList, (ready, list) => {
        const found = pollOf(ready, list);
        if (list.length === 0) expect(found).toEqual({ tag: "trap" });
        else if (list.every((source) => !ready[source])) expect(found).toEqual({ tag: "blocks" });
        else {
          const indices = found.tag === "ready" ? found.indices : [];
          expect(indices.length).toBeGreaterThan(0);
          expect([...indices].sort()).toEqual([...new Set(indices)].sort());
          // a source that stands there twice is told of twice
          for (const [i, source] of list.entries()) {
            expect(indices.includes(i)).toBe(ready[source]);
          }
        }
      }),
      runs(200),
    );
  });

  test("with a timer in the list ends when the timer does, if nothing else is ready", () => {
    const [source, timer] = [0, 1];
    expect(pollOf([false, false], [source, timer])).toEqual({ tag: "blocks" });
    expect(pollOf([false, true], [source, timer])).toEqual({ tag: "ready", indices: [1] });
  });
});

function orders(n: number): readonly string[] {
  if (n === 0) return [""];
  const all = (left: readonly number[]): readonly string[][] =>
    left.length === 0
      ? [[]]
      : left.flatMap((i) => all(left.filter((j) => j !== i)).map((rest) => [`read ${i}`, ...rest]));
  return all([...new Array(n).keys()]).map((one) => one.join());
}

const bothReady: (s: PollState) => string = ({ read }) => String(read.every((r) => r));

describe("an await made of tries and polls", () => {
  test("reads everything, in any order, if no source is ready without reason", () => {
    for (const n of [1, 2, 3]) {
      const { outcomes } = explore(pollModel(n, false), { final: bothReady });
      expect(outcomes.map(({ tag, fact }) => `${tag} ${fact}`)).toEqual(
        outcomes.map(() => "end true"),
      );
      const seen = outcomes.map(({ observed }) => observed.join());
      expect([...seen].sort()).toEqual([...orders(n)].sort());
    }
  });

  test("goes round for ever only where an item that can arrive never does", () => {
    const { outcomes } = explore(pollModel(2, true), { final: bothReady });
    const cycles = outcomes.filter(({ tag }) => tag === "cycle");
    expect(cycles.length).toBeGreaterThan(0);
    expect(cycles.filter(({ fair }) => fair)).toEqual([]);
    const ends = outcomes.filter(({ tag }) => tag === "end");
    expect(new Set(ends.map(({ fact }) => fact))).toEqual(new Set(["true"]));
  });

  test("finds a source ready until it is tried: readiness is a level, no edge", () => {
    const { initial, enabled, step } = pollModel(2, true);
    const take = (s: PollState, name: string): PollState => {
      const action = enabled(s).find((a) => a.name === name);
      if (action === undefined) throw new Error(`${name} is not possible`);
      return step(s, action);
    };
    const twice = take(take(initial, "arrive 0"), "spurious 1");
    expect(twice.ready).toEqual([true, true]);
    // the poll itself uses nothing up; the try of the second finds nothing there
    const polled = take(twice, "guest");
    expect(polled.ready).toEqual([true, true]);
    const tried = take(take(polled, "guest"), "guest");
    expect([tried.read, tried.ready]).toEqual([
      [true, false],
      [true, false],
    ]);
  });
});

/** What an instance holds handles of, by its name in the whole store. */
function reachOf({ entities }: Store, instance: number): ReadonlySet<string> {
  const { array } = entities.instance[instance]?.handles ?? { array: [] };
  return new Set(
    array.flatMap((entry): string[] => {
      if (entry?.tag === "waitable") return [`waitable ${entry.waitable}`];
      if (entry?.tag === "set") return [`set ${entry.set}`];
      if (entry?.tag !== "resource") return [];
      const handle = entities.handle[entry.handle];
      return [`resource ${handle?.rt} ${handle?.rep}`];
    }),
  );
}

/** Everything below a value that says what it is. */
function tagged(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return found;
  const { tag, rep, waitable } = value as Record<string, unknown>;
  if (tag === "rep") found.add(`rep ${rep}`);
  if (tag === "end") found.add(`waitable ${waitable}`);
  for (const inner of Object.values(value)) tagged(inner, found);
  return found;
}

/** The values that are on their way from one table to another, or lie with the host. */
function underWay({ entities }: Store): ReadonlySet<string> {
  const frames = entities.thread.map((t) => [t?.frames, t?.ret]);
  return tagged([frames, entities.waitable, entities.instance[0]?.globals]);
}

/** The rules by which an instance makes something of its own. */
const makers: ReadonlySet<string> = new Set([
  "resource.new",
  "stream.new",
  "future.new",
  "waitable-set.new",
  "lower.called-async",
]);

interface Turn {
  readonly rule: string;
  readonly instance: number | null;
}

function turnOf({ entities, stack }: Store): Turn {
  const t = entities.thread[stack.at(-1) ?? -1];
  const task = t === null || t === undefined || t.task === null ? null : entities.task[t.task];
  return { rule: t?.frames.at(-1)?.tag ?? "", instance: task?.instance ?? null };
}

/** Whether what appeared in a table was on its way there, or is one of several handles of it. */
function wasGiven(before: Store, name: string): boolean {
  const [kind, first, rep] = name.split(" ");
  const known = underWay(before);
  if (kind === "resource") return known.has(`rep ${rep}`);
  return kind === "waitable" && known.has(`waitable ${first}`);
}

/** Built-ins whose first argument is an index of the handle table. */
const indexed = /^(resource\.drop|waitable-set\.(wait|poll|drop)|subtask\.(cancel|drop))$/;
const ofEnds =
  /^(stream|future)\.(read|write|cancel-read|cancel-write|drop-readable|drop-writable)$/;

/** The index that the next rule is called with; null: it takes none. */
function indexUsed({ entities, stack }: Store): number | null {
  const frame = entities.thread[stack.at(-1) ?? -1]?.frames.at(-1);
  if (frame === undefined || !(indexed.test(frame.tag) || ofEnds.test(frame.tag))) return null;
  const [index] = (frame.args ?? []) as readonly unknown[];
  return typeof index === "number" ? index : null;
}

const anyRevision = fc.constantFrom(...revisionNames);

describe("a component", () => {
  test("reaches after a step what it reached before, what it made, and what was on its way to it", () => {
    const seen = { made: 0, given: 0 };
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, seed) => {
        walk(scenario, revision, seed, ({ before, after }) => {
          for (const instance of after.entities.instance.keys()) {
            const old = reachOf(before, instance);
            for (const name of reachOf(after, instance)) {
              if (old.has(name)) continue;
              const turn = turnOf(before);
              const made = turn.instance === instance && makers.has(turn.rule);
              if (made) seen.made += 1;
              else {
                seen.given += 1;
                expect([turn.rule, name, wasGiven(before, name)]).toEqual([turn.rule, name, true]);
              }
            }
          }
        });
      }),
      runs(80),
    );
    // both happened, so that the law says something
    expect(Math.min(seen.made, seen.given)).toBeGreaterThan(20);
  });

  test("traps when it uses an index that names nothing in its own table", () => {
    let used = 0;
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, seed) => {
        walk(scenario, revision, seed, ({ before, after }) => {
          const index = indexUsed(before);
          const { instance } = turnOf(before);
          if (index === null || instance === null) return;
          const table = before.entities.instance[instance]?.handles.array ?? [];
          if ((table[index] ?? null) !== null) return;
          used += 1;
          expect(after.ending?.tag).toBe("trap");
        });
      }),
      runs(200),
    );
    // it happened, so that the law says something
    expect(used).toBeGreaterThan(0);
  });

  test("shares an end of a stream or future with nobody", () => {
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, seed) => {
        walk(scenario, revision, seed, ({ after }) => {
          const all = [...after.entities.instance.keys()].flatMap((i) =>
            [...reachOf(after, i)].filter((name) => name.startsWith("waitable")),
          );
          expect(all.length).toBe(new Set(all).size);
        });
      }),
      runs(60),
    );
  });
});

/** The resource types that a value of this type hands over for good. */
function handedOver(t: ValType | null): readonly number[] {
  if (t === null || typeof t !== "object") return [];
  const found: number[] = [];
  const look = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    const { tag, rt } = part as { tag?: string; rt?: number };
    if (tag === "own" && rt !== undefined) found.push(rt);
    for (const inner of Object.values(part)) look(inner);
  };
  look(t);
  return found;
}

const sockets: WasiInterface | undefined = wasiNames("V2", 0).interfaces.find(({ id }) =>
  id.startsWith("wasi:sockets/types"),
);

/** What the methods of a resource hand over, by function; the resources by name. */
function given(resource: string): readonly (readonly [string, readonly string[]])[] {
  const { resources } = wasiNames("V2", 0);
  return [...(sockets?.funcs.values() ?? [])]
    .filter(({ name }) => name.startsWith(`${resource}.`))
    .map(({ name, ft }) => [
      name,
      handedOver(ft.result).map((rt) => resources[rt]?.replace(/.*[./]/, "") ?? ""),
    ]);
}

describe("a connection", () => {
  test("gives no way to make another one: only a listener hands over sockets", () => {
    const methods = given("tcp-socket");
    const gives = methods.filter(([, resources]) => resources.length > 0);
    expect(methods.length).toBeGreaterThan(10);
    // `create` needs no connection, only the interface; a listener gives the connections that come in
    expect(gives).toEqual([
      ["tcp-socket.create", ["tcp-socket"]],
      ["tcp-socket.listen", ["tcp-socket"]],
    ]);
  });

  test("hands its streams over as bytes, in which no handle can travel", () => {
    const elements = ["send", "receive"].map((name) => {
      const ft = sockets?.funcs.get(`tcp-socket.${name}`)?.ft;
      return JSON.stringify([ft?.params.slice(1), ft?.result]);
    });
    expect(elements.map((text) => text.includes('{"tag":"stream","t":{"tag":"u8"}}'))).toEqual([
      true,
      true,
    ]);
    expect(elements.map((text) => /"own"|"borrow"/.test(text))).toEqual([false, false]);
  });
});
