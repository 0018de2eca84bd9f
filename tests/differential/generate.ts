// Random guest programs, biased to what goes wrong: two calls at once, cancellation, locks, partial copies.

import {
  argument,
  type Body,
  builtin,
  fresh,
  guarded,
  hold,
  kindOfType,
  log,
  newSet,
  nextId,
  onceOnly,
  pools,
  returnTask,
  type Signature,
  steps,
  themes,
  variables,
  type World,
  wakeUp,
  yieldNow,
} from "./bodies.ts";
import type { Dice } from "./dice.ts";
import type { Block, Component, Export, Op, Program, Type } from "./program.ts";

function takeParameters(body: Body, params: readonly Type[]): readonly Op[] {
  return params.map((t, i) => {
    const kind = kindOfType(t);
    const ends = kind === "rs" || kind === "rf";
    const name = ends ? `${kind}${t.includes(":") ? 1 : 0}` : fresh(body, kind);
    hold(body, name, kind);
    if (t.startsWith("borrow") && body.component !== body.world.owner) body.owed.push(name);
    return { op: "set", dst: name, value: `a${i}` };
  });
}

/** Joins what is under way into a set and waits for it. */
function settle(body: Body): readonly Op[] {
  const { dice } = body.world;
  const open = [...body.live].flatMap(([name, kind]) => (kind === "sub" ? [name] : []));
  if (open.length === 0 || !dice.chance(75)) return [];
  const set = pools.set.find((name) => body.live.has(name));
  const first = set === undefined ? newSet(body) : [];
  const s = set ?? pools.set.find((name) => body.live.has(name)) ?? "s0";
  const wait = (t: string): Op =>
    guarded(t, [
      builtin(body, "waitable.join", [t, s]),
      builtin(body, "waitable-set.wait", [s], { at: 136, dst: [null, null, null] }),
      ...(dice.chance(25) ? [builtin(body, "subtask.drop", [t])] : []),
    ]);
  return [...first, ...open.map(wait)];
}

/** Goes on with the next turn. */
function goOn(body: Body): readonly Op[] {
  const { dice } = body.world;
  const filled = [...new Set(body.joined.values())];
  const known = pools.set.filter((name) => body.live.has(name));
  const sets = filled.length > 0 && !dice.chance(10) ? filled : known;
  if (sets.length > 0 && dice.chance(filled.length > 0 ? 80 : 45)) {
    return [{ op: "wait", set: dice.pick(sets) }];
  }
  if (dice.chance(30)) return [...newSet(body), { op: "wait", set: lastSet(body) }];
  return [{ op: "yield" }];
}

function lastSet(body: Body): string {
  return pools.set.findLast((name) => body.live.has(name)) ?? "s0";
}

/** The two bodies of a callback, which returns in the first turn, in the last, or in none. */
function turns(body: Body, start: Block, n: number): { body: Block; onEvent: Block } {
  const { dice } = body.world;
  const where = dice.weighted([
    [20, "start"],
    [75, "last"],
    [5, "never"],
  ]);
  const pause = n <= 5 && dice.chance(35) ? yieldNow(body) : [];
  const first = [...start, ...pause, ...steps(body, (n > 5 ? 3 : 1) + dice.below(n))];
  if (where === "start") first.push(...(returnTask(body) ?? []));
  body.returned = true;
  const yes = [
    ...(dice.chance(25) ? steps(body, 1) : []),
    ...(dice.chance(85) ? [builtin(body, "task.cancel", []), { op: "exit" } as const] : goOn(body)),
  ];
  const told: Op = { op: "if", a: "e", cmp: "==", b: 6, yes, no: [] };
  const last = 1 + dice.below(3);
  const opening = [...first, ...(dice.chance(6) ? [{ op: "exit" } as const] : goOn(body))];
  const turn = steps(body, dice.below(3));
  const more: Op = { op: "if", a: "count", cmp: "<", b: last, yes: goOn(body), no: [] };
  body.returned = where !== "last";
  const finish = returnTask(body) ?? [];
  const tick: Op = { op: "add", dst: "count", n: 1 };
  const onEvent = [tick, ...(dice.chance(80) ? [told] : []), ...turn, more, ...finish];
  return { body: opening, onEvent: [...onEvent, { op: "exit" }] };
}

/** Blocks in a way that may be told of a cancellation, and then confirms it or returns. */
function askCancel(body: Body, reply: Block): Block {
  const { dice } = body.world;
  const first = dice.chance(60)
    ? [builtin(body, dice.chance(80) ? "thread.yield" : "thread.suspend", [], { dst: [null] })]
    : [];
  const names = [
    ...["thread.yield", "thread.suspend", "waitable-set.wait", "waitable-set.poll"],
    ...(body.threads
      ? ["suspend", "yield"].flatMap((how) => [
          `thread.${how}-then-resume`,
          `thread.${how}-then-promote`,
        ])
      : []),
  ];
  const name = dice.pick(names);
  const set = name.startsWith("waitable-set");
  const more = { cancellable: dice.chance(85), dst: ["n1"], at: set ? 128 : null };
  const ops: Op[] = [...first];
  if (set) ops.push(...newSet(body));
  else if (name.includes("-then-")) {
    const func = dice.pick(["w0", "w1"]);
    ops.push(builtin(body, "thread.new-indirect", [1], { func, dst: ["th0"] }));
    if (name.endsWith("promote")) ops.push(builtin(body, "thread.resume-later", ["th0"]));
  }
  const args = set ? [lastSet(body)] : name.includes("-then-") ? ["th0"] : [];
  ops.push(builtin(body, name, args, more));
  const yes = [builtin(body, "task.cancel", [])];
  return [...ops, { op: "if", a: "n1", cmp: "==", b: set ? 6 : 1, yes, no: reply }];
}

interface Home {
  readonly world: World;
  readonly name: string;
  readonly imports: readonly string[];
  readonly resources: readonly string[];
  readonly threads: boolean;
}

function emptyBody(home: Home, kind: Body["kind"], rank: number, result: Type | null): Body {
  const { world, name: component, imports, resources, threads } = home;
  const state = { live: new Map(), copying: new Set<string>(), joined: new Map() };
  const rest = { loose: new Set<string>(), owed: [], raised: 0, returned: false };
  const fixed = { world, component, imports, resources, threads, rank, kind, result };
  return { ...fixed, ...state, ...rest };
}

function bodyOf(home: Home, s: Signature, n: number): Omit<Export, "name" | "async" | "mode"> {
  const { dice } = home.world;
  const kind = s.async ? s.mode : "sync-typed";
  const body = emptyBody(home, kind, s.rank, s.result);
  const rest = { params: s.params, result: s.result, eventId: 0, onEvent: null, postReturn: null };
  const start = [...takeParameters(body, s.params)];
  if (s.mode === "callback") {
    return { ...rest, eventId: nextId(home.world), ...turns(body, start, n) };
  }
  const early = s.mode === "stackful" && dice.chance(30);
  const least = n > 5 ? 4 : 1;
  const pause = n <= 5 && dice.chance(35) ? yieldNow(body) : [];
  const before = early ? steps(body, dice.below(n)) : steps(body, least + dice.below(n));
  const reply = s.mode === "stackful" ? (returnTask(body) ?? []) : [];
  const after = early ? steps(body, 1 + dice.below(2)) : [];
  if (s.mode === "stackful") {
    const answer = home.world.old && dice.chance(40) ? askCancel(body, reply) : reply;
    return { ...rest, body: [...start, ...pause, ...before, ...answer, ...after, ...settle(body)] };
  }
  const end = settle(body);
  const result = s.result === null ? null : argument(body, s.result);
  const back: readonly Op[] =
    result === null ? [] : [...result.ops, { op: "return", value: result.arg }];
  const post = dice.chance(6) ? steps(body, 1) : null;
  return { ...rest, body: [...start, ...pause, ...before, ...end, ...back], postReturn: post };
}

function signature(
  world: World,
  owner: string,
  name: string,
  rank: number,
  types: Types,
): Signature {
  const { dice } = world;
  const async = dice.chance(72);
  const mode = async
    ? dice.weighted<Export["mode"]>([
        [25, "sync"],
        [38, "stackful"],
        [37, "callback"],
      ])
    : "sync";
  const params = dice.chance(55) ? [] : [dice.pick(types.params)];
  const result = mode === "sync" ? dice.pick(types.results) : types.async;
  return { path: `${owner}.${name}`, owner, name, async, mode, params, result, rank };
}

interface Types {
  readonly params: readonly Type[];
  readonly results: readonly (Type | null)[];
  /** of everything that calls `task.return` */
  readonly async: Type | null;
}

function typesOf(dice: Dice, resources: readonly string[], elements: Type): Types {
  const element = elements === "own" ? `own:${resources[0] ?? ""}` : elements;
  const known = element !== "own:" && element !== "u8";
  const second = known ? [`stream:${element}`, `future:${element}`] : [];
  const owns = resources.map((r) => `own:${r}`);
  const borrows = resources.map((r) => `borrow:${r}`);
  return {
    params: ["u32", "stream", "stream", "future", ...second, ...second, ...owns, ...borrows],
    results: [null, null, null, "u32", "stream", "future", ...second, ...owns],
    async: dice.weighted<Type | null>([
      [6, null],
      [3, "u32"],
      [1, "stream"],
      [1, "future"],
    ]),
  };
}

/** A random program; the same dice give the same one. `old`: for the revision before CM#716. */
export function generate(dice: Dice, old: boolean): Program {
  const theme = dice.pick(themes);
  const names = dice.chance(55) ? ["A", "B"] : ["A", "B", "C"];
  const imports = new Map<string, string[]>();
  for (const [i, name] of names.entries()) {
    const known = names.filter((_, j) => j > i || (j < i && dice.chance(15)));
    imports.set(name, known);
  }
  const owner = dice.chance(60) ? dice.pick(names.slice(1)) : "A";
  const withResources = (theme.resource ?? 0) > 6 || dice.chance(25);
  const resourcesOf = (name: string): readonly string[] => {
    if (!withResources) return [];
    if (name === owner) return ["r"];
    return (imports.get(name) ?? []).includes(owner) ? [`${owner}.r`] : [];
  };
  const signatures: Signature[] = [];
  const choices: readonly Type[] = ["u8", "u8", "u8", "none", "u32", "future", "own"];
  const chosen = dice.pick(choices);
  const elements = chosen === "own" && !withResources ? "u8" : chosen;
  const world: World = {
    dice,
    old,
    signatures,
    elements,
    owner: withResources ? owner : "",
    theme,
    id: 0,
  };
  let rank = 0;
  const types = new Map(names.map((name) => [name, typesOf(dice, resourcesOf(name), elements)]));
  for (const name of names) {
    const t = types.get(name);
    if (t === undefined) continue;
    const n = name === "A" ? 1 : 1 + dice.below(3);
    for (let i = 0; i < n; i++) {
      rank += 1;
      const s = signature(world, name, `f${i}`, rank, t);
      const main = name === "A" && i === 0;
      signatures.push(main ? { ...s, async: dice.chance(90), params: [] } : s);
    }
  }
  if (dice.chance(30)) {
    rank += 1;
    const t = types.get("A") ?? typesOf(dice, [], "u8");
    signatures.push(signature(world, "A", "back", rank, t));
  }
  for (const [i, s] of signatures.entries()) {
    if (!s.async && s.mode !== "sync") signatures[i] = { ...s, mode: "sync" };
  }
  const wakers = new Set((theme.threadOp ?? 0) > 10 ? names.slice(1) : []);
  for (const name of wakers) {
    const plain = { async: false, mode: "sync", params: [], result: null } as const;
    signatures.push({ ...plain, path: `${name}.wake`, owner: name, name: "wake", rank: rank + 1 });
  }
  const components = names.map((name): Component => {
    const known = imports.get(name) ?? [];
    const threads = (theme.race ?? 0) > 10 || (theme.threadOp ?? 0) > 10 || dice.chance(25);
    const resources = resourcesOf(name);
    const home: Home = { world, name, imports: known, resources, threads };
    const result = types.get(name)?.async ?? null;
    const worker = (): Block =>
      steps(emptyBody(home, "thread", rank, result), dice.below(3)).concat(
        dice.chance(15) ? (onceOnly(emptyBody(home, "thread", rank, result)) ?? []) : [],
        dice.chance(50) ? wakeUp(emptyBody(home, "thread", rank, result)) : [],
      );
    const dtor = (): Block => [
      log(emptyBody(home, "dtor", rank, null), ["rep"]),
      ...(dice.chance(25) ? steps(emptyBody(home, "dtor", rank, null), 1) : []),
    ];
    const funcs = threads
      ? [
          { name: "w0", body: worker() },
          { name: "w1", body: worker() },
        ]
      : [];
    const exports = signatures
      .filter((s) => s.owner === name && s.name !== "wake")
      .map((s): Export => {
        const n = name === "A" && s.name === "f0" ? 9 : 4;
        return { name: s.name, async: s.async, mode: s.mode, ...bodyOf(home, s, n) };
      });
    const own = resources.includes("r");
    if (own) exports.push(maker(home));
    if (wakers.has(name)) exports.push(waker(home));
    return {
      name,
      parent: null,
      imports: known,
      vars: variables,
      resources: own ? [{ name: "r", dtor: dice.chance(80) ? dtor() : null }] : [],
      funcs,
      exports,
    };
  });
  const runs = [{ name: "main", func: "A.f0", cancel: dice.chance(12) }];
  const others = signatures.filter((s) => s.path !== "A.f0" && s.params.length === 0);
  if (others.length > 0 && dice.chance(25)) {
    runs.push({ name: "other", func: dice.pick(others).path, cancel: dice.chance(25) });
  }
  if (names.length === 3 && !runs.some((run) => run.func.startsWith("C")) && dice.chance(25)) {
    nest(components, imports);
  }
  return { components, runs };
}

/** `wake` resumes the thread that sleeps. */
function waker(home: Home): Export {
  const body = emptyBody(home, "sync-typed", 0, null);
  const ops = [guarded("me", [builtin(body, "thread.resume-later", ["me"])])];
  const how = { name: "wake", async: false, mode: "sync", params: [], result: null } as const;
  return { ...how, body: ops, eventId: 0, onEvent: null, postReturn: null };
}

/** `make` gives a handle to whoever asks. */
function maker(home: Home): Export {
  const body = emptyBody(home, "sync-typed", 0, "own:r");
  const ops = [
    builtin(body, "resource.new", ["a0"], { resource: "r", dst: ["made"] }),
    { op: "return", value: "made" } as const,
  ];
  const how = {
    name: "make",
    async: false,
    mode: "sync",
    params: ["u32"],
    result: "own:r",
  } as const;
  return { ...how, body: ops, eventId: 0, onEvent: null, postReturn: null };
}

/** Makes C a child of B where only B knows C. */
function nest(components: Component[], imports: ReadonlyMap<string, readonly string[]>): void {
  if ((imports.get("A") ?? []).includes("C") && usesOf(components, "A").includes("C")) return;
  if ((imports.get("C") ?? []).length > 0) return;
  const at = components.findIndex(({ name }) => name === "C");
  const child = components[at];
  if (child !== undefined) components[at] = { ...child, parent: "B" };
  const a = components[0];
  if (a !== undefined) components[0] = { ...a, imports: a.imports.filter((n) => n !== "C") };
}

function usesOf(components: readonly Component[], name: string): string {
  const found = components.find((c) => c.name === name);
  return (
    JSON.stringify(found)
      .match(/[ABC]\.\w/g)
      ?.join(" ") ?? ""
  );
}
