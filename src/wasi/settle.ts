// What follows at once when a holder goes: operations end with their stream, objects with their last pin. Mirrors spec/09.

import { givenEnds, hasReceived, peerOf } from "./ends.ts";
import { closeFile } from "./files/close.ts";
import { type Host, isVariant, oneOf } from "./host.ts";
import { behaviours } from "./kinds.ts";
import { unpinned } from "./pins.ts";
import { closeTcp } from "./sockets/tcp-close.ts";
import { closeUdp } from "./sockets/udp-close.ts";
import type { ErrorCode, ObjectRef, Operation, World, WorldId } from "./world.ts";

/**
 * Brings the world to where nothing is left to do: an operation whose guest has dropped its end of the
 * stream is done, and so is every object that nobody holds any more.
 */
export function settle(h: Host): void {
  for (const [id, op] of active(h.world)) {
    if (streamIsOver(h, op) && !isBehind(h, op)) conclude(h, id, droppedBy(h, op));
  }
  if (isVariant(h, "V4", "V4-soft")) killOrphans(h);
  for (let gone = unpinned(h); gone.length > 0; gone = unpinned(h)) {
    for (const object of gone) close(h, object);
  }
  for (const id of forgotten(h)) delete h.world.operations[id];
}

/** Whether there is something to settle. Reads only. */
export function isUnsettled(h: Host): boolean {
  return (
    hasOrphans(h) || isVariant(h, "V4", "V4-soft") || forgotten(h).length > 0 || hasUnpinned(h)
  );
}

/** Whether a guest has dropped its end of an operation that does not know it yet. */
function hasOrphans(h: Host): boolean {
  return active(h.world).some(([, op]) => streamIsOver(h, op) && !isBehind(h, op));
}

/** Whether an object is to be released that no operation's own thread is about to. Reads only. */
export function hasUnpinned(h: Host): boolean {
  return unpinned(h).length > 0;
}

function active({ operations }: World): readonly (readonly [WorldId, Operation])[] {
  const found: [WorldId, Operation][] = [];
  for (const key in operations) {
    const op = operations[key];
    if (op?.status === "active") found.push([Number(key), op]);
  }
  return found;
}

/** Whether the guest has dropped its end of an operation's stream. */
export function streamIsOver(h: Host, { stream }: Operation): boolean {
  return stream !== null && peerOf(h, stream) === null;
}

/** The stream of another operation was dropped, but the last of its elements still have to be put away. */
function isBehind(h: Host, { stream }: Operation): boolean {
  return stream !== null && hasReceived(h, stream);
}

function droppedBy(h: Host, op: Operation): ErrorCode | null {
  const behaviour = behaviours[op.kind];
  if (behaviour.side === "consumer") return behaviour.dropped(h, op);
  behaviour.dropped?.(h, op);
  return null;
}

/** The operation is over: it holds nothing any more, and its thread tells the guest. */
export function conclude({ world }: Host, id: WorldId, error: ErrorCode | null): void {
  const op = world.operations[id];
  if (op === undefined) return;
  op.status = "done";
  op.error = error;
}

const killed = {
  file: ["bad-descriptor", "interrupted"],
  tcp: ["invalid-state", "connection-aborted"],
  udp: ["invalid-state"],
} as const;

/** Under V4 an operation dies with the last handle of its object; what is queued is lost. */
function killOrphans(h: Host): void {
  const { world } = h;
  const owned = new Set(Object.values(world.handles).map(({ id }) => id));
  for (const { file } of world.preopens) owned.add(file);
  for (const [id, { target }] of active(world)) {
    if (target === null || owned.has(target.id)) continue;
    conclude(h, id, isVariant(h, "V4-soft") ? null : oneOf(h, killed[target.kind]));
  }
}

function close(h: Host, { kind, id }: ObjectRef): void {
  if (kind === "file") closeFile(h, id);
  else if (kind === "tcp") closeTcp(h, id);
  else closeUdp(h, id);
}

/** Operations of which nothing is left: they are no part of the state. */
function forgotten(h: Host): readonly WorldId[] {
  const { operations, calls } = h.world;
  const over: WorldId[] = [];
  for (const key in operations) {
    const { stream, future, status } = operations[key] as Operation;
    if (status === "done" && stream === null && future === null) over.push(Number(key));
  }
  if (over.length === 0) return over;
  const given = new Set<WorldId | null>(givenEnds(h).map(({ operation }) => operation));
  for (const { operation } of Object.values(calls)) given.add(operation);
  return over.filter((id) => !given.has(id));
}
