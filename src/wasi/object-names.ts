// What people call the objects of a host: files by path, sockets by address, operations by number. Mirrors spec/09.

import type { Ctx } from "../canon/machine.ts";
import { describe } from "../canon/names.ts";
import type { InstanceId, WaitableId } from "../model/ids.ts";
import { worldKey } from "./guest.ts";
import { ids } from "./pins.ts";
import type { Address, ObjectRef, Tcp, Udp, World, WorldId } from "./world.ts";

/** An object of a host that is there now. */
export interface OpenObject {
  readonly kind: ObjectRef["kind"] | "inode";
  /** its number in the host's world, which is never used again */
  readonly id: WorldId;
  /** `file a`, `tcp 127.0.0.1:80`, `inode d/a`; with its number, `file a#7`, where two share a name */
  readonly name: string;
  /** `listening`, `connected to 127.0.0.1:80`; empty for a file */
  readonly state: string;
}

/** The world of a store, and the instance that has it. */
export interface Home {
  readonly instance: InstanceId;
  readonly world: World;
}

/** The world of a store; null if its host offers no WASI. */
export function homeOf(c: Ctx): Home | null {
  for (const instance of c.edit.instance.ids()) {
    const world = c.edit.instance.read(instance).globals[worldKey];
    if (world !== undefined) return { instance, world: world as World };
  }
  return null;
}

/** `127.0.0.1:80`, `[0:0:0:0:0:0:0:1]:80` */
function addressText({ family, ip, port }: Address): string {
  if (family === "ipv4") return `${ip.join(".")}:${port}`;
  return `[${ip.map((part) => part.toString(16)).join(":")}]:${port}`;
}

/** An object before it is known whether another one has its name. */
interface Unnamed extends Omit<OpenObject, "name"> {
  /** null: it has no name of its own */
  readonly called: string | null;
}

const nullable = (address: Address | null): string | null =>
  address === null ? null : addressText(address);

function tcpState({ state }: Tcp): string {
  const { tag } = state;
  if (tag === "connected") return `connected to ${addressText(state.remote)}`;
  return tag === "connecting" ? `connecting to ${addressText(state.remote)}` : tag;
}

function udpState({ local, remote }: Udp): string {
  if (remote !== null) return `connected to ${addressText(remote)}`;
  return local === null ? "unbound" : "bound";
}

/** Every path of every inode, in the order of a walk from the root; the root's is `/`. */
export function pathsOf({ inodes, root }: World): ReadonlyMap<WorldId, readonly string[]> {
  const paths = new Map<WorldId, readonly string[]>();
  const visit = (id: WorldId, path: string): void => {
    paths.set(id, [...(paths.get(id) ?? []), path]);
    for (const [name, entry] of Object.entries(inodes[id]?.entries ?? {})) {
      visit(entry, path === "/" ? name : `${path}/${name}`);
    }
  };
  visit(root, "/");
  return paths;
}

function unnamed(world: World): readonly Unnamed[] {
  const paths = pathsOf(world);
  return [
    ...ids(world.files).map(([id, { name }]): Unnamed => {
      return { kind: "file", id, called: name, state: "" };
    }),
    ...ids(world.tcps).map(([id, tcp]): Unnamed => {
      return { kind: "tcp", id, called: nullable(tcp.local), state: tcpState(tcp) };
    }),
    ...ids(world.udps).map(([id, udp]): Unnamed => {
      return { kind: "udp", id, called: nullable(udp.local), state: udpState(udp) };
    }),
    ...ids(world.inodes).map(([id, { type }]): Unnamed => {
      return { kind: "inode", id, called: paths.get(id)?.[0] ?? null, state: type };
    }),
  ];
}

/** `file a`; nothing that has no name of its own shares it */
function plainName({ kind, called }: Unnamed): string {
  return called === null ? kind : `${kind} ${called}`;
}

/** Everything that is open in a world, and its inodes. */
export function objectsIn(world: World): readonly OpenObject[] {
  const all = unnamed(world);
  const names = all.map(plainName);
  return all.map((one): OpenObject => {
    const { kind, id, state, called } = one;
    const plain = plainName(one);
    const alone = called !== null && names.indexOf(plain) === names.lastIndexOf(plain);
    return { kind, id, name: alone ? plain : `${plain}#${id}`, state };
  });
}

/** `file a`, whether others have that name or not. */
function withoutNumber({ id, name }: OpenObject): string {
  const number = `#${id}`;
  return name.endsWith(number) ? name.slice(0, -number.length) : name;
}

/** `file a#7`, whether others have that name or not. */
export function withNumber(object: OpenObject): string {
  return `${withoutNumber(object)}#${object.id}`;
}

/** Whether an object is meant by `file a`, `file a#7`, or, unless it is an inode, just `a` or `a#7`. */
export function isCalled(object: OpenObject, asked: string): boolean {
  const { kind, id } = object;
  const number = `#${id}`;
  const plain = withoutNumber(object);
  const short = kind === "inode" ? plain : plain.slice(kind.length + 1);
  return [plain, short].some((text) => text !== "" && [text, text + number].includes(asked));
}

/** `fs-write#3`: an operation, as its thread is called. */
export function operationName({ operations }: World, id: WorldId): string {
  return `${operations[id]?.kind ?? "operation"}#${id}`;
}

/** The operation that has this end in its hands; null: none. */
export function holderOfEnd({ operations }: World, waitable: WaitableId): WorldId | null {
  const found = ids(operations).find(([, { stream, future }]) =>
    [stream, future].some((end) => end?.waitable === waitable),
  );
  return found?.[0] ?? null;
}

/** Whether an end is in the hands of an operation of the host. */
export function isOfOperation(c: Ctx, waitable: WaitableId): boolean {
  const home = homeOf(c);
  return home !== null && holderOfEnd(home.world, waitable) !== null;
}

/** `C/r5`; `fs-read#3/w` for an end in the hands of an operation. */
export function endName(c: Ctx, waitable: WaitableId): string {
  const name = describe(c, waitable);
  const home = homeOf(c);
  const operation = home === null ? null : holderOfEnd(home.world, waitable);
  if (home === null || operation === null) return name;
  return name.replace(/^[^/]*/, operationName(home.world, operation));
}

/** `file a`: the object behind a representation of a handle; null if there is none. */
export function handleName(c: Ctx, rep: WorldId): string | null {
  const world = homeOf(c)?.world;
  const object = world?.handles[rep];
  if (world === undefined || object === undefined) return null;
  const { kind, id } = object;
  return objectsIn(world).find((one) => one.kind === kind && one.id === id)?.name ?? null;
}
