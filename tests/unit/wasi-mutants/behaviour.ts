// Mutants of what the WASI host does: when it releases, how its operations end, and what its streams carry.

import { readEnd } from "../../../src/canon/pairs.ts";
import type { Frame } from "../../../src/model/frames.ts";
import type { Value } from "../../../src/model/values.ts";
import { functions } from "../../../src/wasi/bodies.ts";
import { peerOf } from "../../../src/wasi/ends.ts";
import {
  type Body,
  give,
  type Host,
  type Next,
  objectOf,
  type State,
  type Step,
} from "../../../src/wasi/host.ts";
import { behaviours } from "../../../src/wasi/kinds.ts";
import type { Behaviour } from "../../../src/wasi/operation.ts";
import { holdersOf, openObjects, type Pin } from "../../../src/wasi/pins.ts";
import { operationBody } from "../../../src/wasi/serve.ts";
import { conclude } from "../../../src/wasi/settle.ts";
import {
  type ObjectRef,
  type Operation,
  type OperationKind,
  outcome,
  type World,
} from "../../../src/wasi/world.ts";
import { entryMutant, type Mutant, seamMutant, together } from "./seam.ts";

const isHandle = ({ holder: { tag } }: Pin): boolean => tag !== "operation" && tag !== "value";

/** The operations that run. */
function active({ world }: Host): readonly (readonly [number, Operation])[] {
  return Object.entries(world.operations)
    .filter(([, { status }]) => status === "active")
    .map(([id, op]): readonly [number, Operation] => [Number(id), op]);
}

/** A mark that an object is to be released, among the names of functions that the host refuses. */
const doomed = ({ kind, id }: ObjectRef): string => `doomed ${kind} ${id}`;

/** When objects are released. */
export const releases: readonly Mutant[] = [
  seamMutant("released early: the last operation does not count", {
    released: (h, gone) => [
      ...gone,
      ...openObjects(h.world).filter((object) => {
        const holders = holdersOf(h, object);
        return holders.length === 1 && holders[0]?.tag === "operation";
      }),
    ],
  }),
  seamMutant("never released", { released: () => [] }),
  seamMutant("released one step late", {
    released: ({ world }, gone, now) => {
      if (!now) return gone;
      const { denied } = world;
      const due = gone.filter((object) => denied.includes(doomed(object)));
      if (due.length === 0) world.denied = gone.map(doomed);
      return due;
    },
  }),
  seamMutant("dropping a handle closes", { pins: (_h, pins) => pins.filter(isHandle) }),
];

function everyActive(name: string, ends: (h: Host, op: Operation) => boolean): Mutant {
  return seamMutant(name, {
    settled: (h) => {
      for (const [id, op] of active(h)) if (ends(h, op)) conclude(h, id, null);
    },
  });
}

function hasHandle({ world }: Host, target: ObjectRef): boolean {
  return Object.values(world.handles).some(
    ({ kind, id }) => kind === target.kind && id === target.id,
  );
}

const isConsumer = ({ kind }: Operation): boolean => behaviours[kind].side === "consumer";

/** The cursor of an operation whose future was resolved once. */
const told = -1n;

/** Writes to the future of an operation that runs, unless that was done; then goes on. */
function resolveNow(h: Host, s: State): Next | null {
  const { future, status } = h.world.operations[s.operation as number] ?? {};
  if (future == null || status === "done") return null;
  const { state, t } = readEnd(h.c, future.waitable);
  if (state !== "idle") return null;
  const values = [outcome(null)];
  const kind = "writable-future";
  const { waitable } = future;
  const frame: Frame = { tag: "host.copy", waitable, kind, t, values, length: 1, async: true };
  return { do: "rule", frame, state: { at: "serve", operation: s.operation } };
}

/** How operations end, and what their futures say. */
export const endings: readonly Mutant[] = [
  everyActive(
    "K7: a write does not wait for its writer once the handle is gone",
    (h, op) => op.target !== null && isConsumer(op) && !hasHandle(h, op.target),
  ),
  everyActive(
    "N8: an operation ends with the task that started it",
    ({ c }) => !c.edit.task.list.some((task) => task !== null && task.opts !== null),
  ),
  everyActive(
    "dropping the future cancels the operation",
    (h, { future }) => future !== null && peerOf(h, future) === null,
  ),
  entryMutant("a future resolves before its operation is over", operationBody, (real) => ({
    serve: {
      ...real.serve,
      run: (h, s, input) => resolveNow(h, s) ?? real.serve?.run(h, s, input) ?? give(),
    },
  })),
  entryMutant("a future resolves twice", operationBody, (real) => ({
    resolved: {
      ...real.resolved,
      run: (h, s, input) => {
        const op = h.world.operations[s.operation as number];
        if (op?.future == null || op.cursor === told)
          return real.resolved?.run(h, s, input) ?? give();
        op.cursor = told;
        return { do: "go", state: { at: "resolve", operation: s.operation } };
      },
    },
  })),
  entryMutant("a future is never resolved", operationBody, () => ({
    resolve: { run: () => give() },
  })),
  seamMutant("a lent handle comes back when the host is done", { lendsToTheEnd: false }),
];

/** A function of the host, by its key. */
function functionMutant(name: string, key: string, mutate: (real: Body) => Body): Mutant {
  const body = functions[key];
  if (body === undefined) throw new Error(`no function ${key}`);
  return entryMutant(name, body, mutate);
}

function behaviourMutant(
  name: string,
  kind: OperationKind,
  mutate: (real: Behaviour) => object,
): Mutant {
  return entryMutant<object>(name, behaviours[kind], (real) => mutate(real as Behaviour));
}

/** The file that was opened last gets the lowest number that no open file has. */
function renumber({ world }: Host): void {
  const ids = Object.keys(world.files).map(Number);
  const last = Math.max(...ids);
  const first = Math.min(...ids);
  const free = Array.from({ length: last - first }, (_, i) => first + i).find(
    (id) => world.files[id] === undefined,
  );
  const handle = Object.entries(world.handles).find(([, { id }]) => id === last)?.[0];
  const file = world.files[last];
  if (free === undefined || handle === undefined || file === undefined) return;
  world.files[free] = file;
  delete world.files[last];
  world.handles[Number(handle)] = { kind: "file", id: free };
}

function renumbering(real: Step | undefined): Step {
  return {
    ...real,
    run: (h, s, input) => {
      const next = real?.run(h, s, input) ?? give();
      if (next.do === "return") renumber(h);
      return next;
    },
  };
}

const sizeOf = ({ world }: Host, { target }: Operation): number =>
  world.inodes[world.files[target?.id ?? -1]?.inode ?? -1]?.data.length ?? 0;

/** What files do, and what their streams carry. */
export const files: readonly Mutant[] = [
  functionMutant(
    "an append goes to where the file ended at the call",
    "wasi:filesystem/types.descriptor.append-via-stream",
    (real) => ({
      start: {
        run: (h, s, input) => {
          const next = real.start?.run(h, s, input) ?? give();
          for (const [, op] of active(h).filter(([, { kind }]) => kind === "fs-append")) {
            op.kind = "fs-write";
            op.cursor = BigInt(sizeOf(h, op));
          }
          return next;
        },
      },
    }),
  ),
  seamMutant("locks outlive their open file", { unlocks: false }),
  behaviourMutant("the end of a file is waited for", "fs-read", (real) => ({
    supply: (h: Host, op: Operation, asked: number) => {
      const supply = real.side === "producer" ? real.supply(h, op, asked) : { tag: "none" };
      return supply.tag === "end" ? { tag: "none" } : supply;
    },
  })),
  behaviourMutant("two reads of a file share their place", "fs-read", (real) => ({
    take: (h: Host, op: Operation, n: number) => {
      const taken = real.side === "producer" ? real.take(h, op, n) : [];
      for (const [, other] of active(h)) {
        if (other.kind === "fs-read" && other.target?.id === op.target?.id)
          other.cursor = op.cursor;
      }
      return taken;
    },
  })),
  together(
    "numbers of files are used again, and dropping a handle closes",
    functionMutant("", "wasi:filesystem/types.descriptor.open-at", (real) => ({
      begin: renumbering(real.begin),
      act: renumbering(real.act),
    })),
    seamMutant("", { pins: (_h, pins) => pins.filter(isHandle) }),
  ),
];

function connectionOf({ world }: Host, { id }: ObjectRef): World["conns"][number] | null {
  const state = world.tcps[id]?.state;
  return state?.tag === "connected" ? (world.conns[state.conn] ?? null) : null;
}

const drop = "wasi:sockets/types.tcp-socket.drop";

/** What sockets and standard streams do. */
export const streams: readonly Mutant[] = [
  functionMutant("dropping a socket's handle ends its outgoing half", drop, (real) => ({
    start: {
      run: (h, s, input) => {
        const [rep] = s.args as readonly Value[];
        const object = objectOf(h, { tag: "rep", rep: Number(rep) });
        const state = h.world.tcps[object.id]?.state;
        const pipes = connectionOf(h, object)?.pipes;
        if (state?.tag === "connected" && pipes !== undefined) pipes[state.side].fin = true;
        return real.start?.run(h, s, input) ?? give();
      },
    },
  })),
  seamMutant("a socket closes without a word", { hangsUp: false }),
  behaviourMutant("dropping a receive does not shut the incoming half", "tcp-receive", () => ({
    dropped: () => {},
  })),
  seamMutant("a socket may send again when its send is over", {
    settled: ({ world }) => {
      for (const { kind, status, target } of Object.values(world.operations)) {
        const tcp = world.tcps[target?.id ?? -1];
        if (tcp !== undefined && status === "done" && kind === "tcp-send") tcp.sendTaken = false;
      }
    },
  }),
  behaviourMutant("each view of stdin begins at the beginning", "stdin", () => ({
    supply: ({ world }: Host, op: Operation) => {
      const { data, closed, error } = world.stdin;
      const left = data.length - Number(op.cursor);
      if (left > 0) return { tag: "some", n: left };
      return closed || error !== null ? { tag: "end", error } : { tag: "none" };
    },
    take: ({ world }: Host, op: Operation, n: number) => {
      const at = Number(op.cursor);
      op.cursor += BigInt(n);
      return world.stdin.data.slice(at, at + n);
    },
  })),
];
