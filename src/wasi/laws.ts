// What must hold of every world: standing properties of a host that keeps objects open for their holders. Mirrors spec/09.

import { context } from "../canon/machine.ts";
import { readEnd } from "../canon/pairs.ts";
import { editStore } from "../model/edit.ts";
import type { Store } from "../model/store.ts";
import type { Property } from "../scheduler/properties.ts";
import { peerOf } from "./ends.ts";
import { worldKey } from "./guest.ts";
import { type Host, Undecided } from "./host.ts";
import { homeOf } from "./object-names.ts";
import { allPins, openObjects, unpinned } from "./pins.ts";
import { isOverlapping } from "./sockets/addresses.ts";
import { isDriven } from "./teardown.ts";
import type { ObjectRef, World } from "./world.ts";

const show = ({ kind, id }: ObjectRef): string => `${kind} ${id}`;

/** Nothing is released early: whatever somebody holds is open. */
function heldIsOpen(h: Host): string | null {
  const open = new Set(openObjects(h.world).map(show));
  const lost = allPins(h).find(({ object }) => !open.has(show(object)));
  return lost === undefined
    ? null
    : `${show(lost.object)} is closed, but held by a ${lost.holder.tag}`;
}

/** Nothing is released late: where nothing can happen any more, whatever is open is held. */
function openIsHeld(h: Host): string | null {
  const [left] = isDriven(h) ? unpinned(h) : [];
  return left === undefined ? null : `${show(left)} is open, but nobody holds it`;
}

/** Whoever awaits the future of an operation that is over has been told. */
function futuresResolve(h: Host): string | null {
  if (!isDriven(h)) return null;
  const late = Object.entries(h.world.operations).find(([, { status, future }]) => {
    return status === "done" && future !== null && peerOf(h, future)?.state === "copying";
  });
  return late === undefined
    ? null
    : `the future of operation ${late[0]} is awaited and not resolved`;
}

/** What the world itself refers to, whatever the table of holders says. */
function nothingDangles({ world }: Host): string | null {
  const open = new Set(openObjects(world).map(show));
  const { handles, preopens, operations, calls } = world;
  const running = Object.values(operations).filter(({ status }) => status === "active");
  const meant: readonly (readonly [string, ObjectRef | null])[] = [
    ...Object.values(handles).map((object) => ["a handle", object] as const),
    ...preopens.map(({ file }) => ["a preopened directory", { kind: "file", id: file }] as const),
    ...running.map(({ kind, target }) => [`a ${kind} that runs`, target] as const),
    ...Object.values(calls).flatMap(({ name, objects }) =>
      objects.map((object) => [`a call of ${name}`, object] as const),
    ),
  ];
  const lost = meant.find(([, object]) => object !== null && !open.has(show(object)));
  return lost === undefined ? null : `${lost[0]} means an object that is gone`;
}

/** A future says how its operation went, so it waits for the end of it. */
function futuresWait(h: Host): string | null {
  const early = Object.entries(h.world.operations).find(([, { status, future }]) => {
    if (status === "done" || future === null) return false;
    const { other, state, pendingEvent } = readEnd(h.c, future.waitable);
    // a reader that is gone leaves an event too
    return other !== null && (state === "copying" || pendingEvent !== null);
  });
  return early === undefined
    ? null
    : `the future of operation ${early[0]} is resolved, but it runs`;
}

/** How many sockets, or places in a backlog, have each side of a connection, by its number and side. */
function sidesOf({ tcps, operations }: World): ReadonlyMap<string, number> {
  const waiting = Object.values(operations).flatMap(({ kind, ahead }) =>
    kind === "tcp-listen" ? ahead : [],
  );
  const sides = [
    ...waiting.map((conn) => `${conn} 1`),
    ...Object.values(tcps).flatMap(({ state }) => {
      if (state.tag === "connected") return [`${state.conn} ${state.side}`];
      return state.tag === "listening" ? state.backlog.map((conn) => `${conn} 1`) : [];
    }),
  ];
  const counts = new Map<string, number>();
  for (const side of sides) counts.set(side, (counts.get(side) ?? 0) + 1);
  return counts;
}

/** Each side of a connection is closed, or one socket or backlog has it. */
function sidesAreOwned({ world }: Host): string | null {
  const owners = sidesOf(world);
  const sides = Object.entries(world.conns).flatMap(([id, { closed }]) =>
    closed.map((isClosed, side) => ({ key: `${id} ${side}`, isClosed })),
  );
  const known = new Set(sides.map(({ key }) => key));
  const lost = [...owners.keys()].find((key) => !known.has(key));
  if (lost !== undefined) return `side ${lost} has a socket, but there is no connection`;
  const odd = sides.find(({ key, isClosed }) => (owners.get(key) ?? 0) !== (isClosed ? 0 : 1));
  return odd === undefined ? null : `side ${odd.key} has ${owners.get(odd.key) ?? 0} sockets`;
}

function namesOf({ inodes }: World): ReadonlyMap<number, number> {
  const names = new Map<number, number>();
  for (const { entries } of Object.values(inodes)) {
    for (const id of Object.values(entries)) names.set(id, (names.get(id) ?? 0) + 1);
  }
  return names;
}

/** An inode lives while it has a name or is open, and knows how many names it has. */
function inodesLive({ world }: Host): string | null {
  const names = namesOf(world);
  const open = new Set(Object.values(world.files).map(({ inode }) => inode));
  for (const [key, { links }] of Object.entries(world.inodes)) {
    const id = Number(key);
    const count = (names.get(id) ?? 0) + (id === world.root ? 1 : 0);
    if (count !== links) return `inode ${id} has ${count} names and a link count of ${links}`;
    if (count === 0 && !open.has(id)) return `inode ${id} has no name and is not open`;
  }
  const missing = [...names.keys(), ...open].find((id) => world.inodes[id] === undefined);
  return missing === undefined ? null : `inode ${missing} is gone, but named or open`;
}

/** A lock belongs to an open file; an exclusive one is alone. */
function locksHold({ world }: Host): string | null {
  for (const [inode, locks] of Object.entries(world.locks)) {
    const owner = locks.find(({ file }) => world.files[file]?.inode !== Number(inode));
    if (owner !== undefined) return `a lock on inode ${inode} belongs to a file that is closed`;
    if (locks.length > 1 && locks.some(({ exclusive }) => exclusive)) {
      return `inode ${inode} is locked exclusively and by others`;
    }
  }
  return null;
}

/** No two sockets listen on one address. */
function portsAreOne({ world }: Host): string | null {
  const listening = Object.values(world.tcps).filter(({ state }) => state.tag === "listening");
  const clash = listening.findIndex((one, i) =>
    listening.slice(0, i).some((other) => {
      return one.local !== null && other.local !== null && isOverlapping(one.local, other.local);
    }),
  );
  return clash === -1 ? null : "two sockets listen on one address";
}

/** Asked of every state of every system, most of which have none. */
function hasWorld({ entities }: Store): boolean {
  return entities.instance[0]?.globals[worldKey] !== undefined;
}

/** A law as a property of stores; one without a host, or with an open choice point, keeps it. */
function law(
  name: string,
  text: string,
  when: Property["when"],
  broken: (h: Host) => string | null,
): Property {
  return {
    name,
    text,
    when,
    broken: (store: Store) => {
      if (store.ending !== null || !hasWorld(store)) return null;
      const c = context({ program: nothing, guests: {} }, editStore(store));
      const home = homeOf(c);
      try {
        return home === null ? null : broken({ c, ...home });
      } catch (error) {
        if (error instanceof Undecided) return null;
        throw error;
      }
    },
  };
}

const nothing = { instances: [], funcs: [], resourceTypes: [] };

/** All of them, in the order in which they are reported. */
export const wasiLaws: readonly Property[] = [
  law("W01", "An object that somebody holds is open.", "always", heldIsOpen),
  law("W02", "An object that nobody holds any more is released.", "final", openIsHeld),
  law(
    "W03",
    "An awaited future of an operation that is over is resolved.",
    "final",
    futuresResolve,
  ),
  law("W04", "An inode lives as long as it has a name or is open.", "always", inodesLive),
  law("W05", "A lock lives as long as its open file description.", "always", locksHold),
  law("W06", "No two sockets listen on one address.", "always", portsAreOne),
  law(
    "W07",
    "What a handle, an operation that runs or a call refers to is open.",
    "always",
    nothingDangles,
  ),
  law("W08", "The future of an operation that runs is not resolved.", "always", futuresWait),
  law("W09", "A side of a connection is closed, or one socket has it.", "always", sidesAreOwned),
];
