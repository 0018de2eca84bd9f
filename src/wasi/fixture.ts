// The host as a test sees it: `canon-async:testing/fixture`. Mirrors spec/09.

import { stringValue } from "../canon/values/strings.ts";
import { decodeLatin1, decodeUtf8, encodeUtf8 } from "../canon/values/utf.ts";
import type { Value } from "../model/values.ts";
import { inodeAt } from "./files/from-root.ts";
import { argsOf, type Bodies, type Body, give, type Host, objectOf, syncFunction } from "./host.ts";
import { anyAddress } from "./sockets/addresses.ts";
import { connectedPair, reset } from "./sockets/connections.ts";
import { isTcpTaken } from "./sockets/ports.ts";
import type { Inode, Lock, World } from "./world.ts";

const at = "canon-async:testing/fixture";

/** A string argument. */
function text(value: Value | undefined): string {
  if (typeof value === "string") return value;
  return typeof value === "object" && "tag" in value && value.tag === "string" ? value.s : "";
}

/** Bytes as a text; what is not UTF-8 byte by byte. */
const textOf = (bytes: Uint8Array): string => decodeUtf8(bytes) ?? decodeLatin1(bytes);

function string(bytes: ArrayLike<number>): Value {
  return stringValue(textOf(Uint8Array.from(bytes)));
}

function lock(h: Host, [file, exclusive]: readonly Value[]): Value {
  const { world } = h;
  const { id } = objectOf(h, file);
  const inode = world.files[id]?.inode ?? -1;
  const held: readonly Lock[] = world.locks[inode] ?? [];
  const others = held.filter((other) => other.file !== id);
  const free = others.every((other) => exclusive === false && !other.exclusive);
  if (free) world.locks[inode] = [...others, { file: id, exclusive: exclusive === true }];
  return free;
}

const isLocked = ({ world }: Host, [path]: readonly Value[]): Value =>
  (world.locks[inodeAt(world, text(path)) ?? -1] ?? []).length > 0;

function content({ world }: Host, [path]: readonly Value[]): Value {
  const inode: Inode | undefined = world.inodes[inodeAt(world, text(path)) ?? -1];
  return string(inode?.data ?? []);
}

function deny({ world }: Host, [name, denied]: readonly Value[]): null {
  const others = world.denied.filter((other) => other !== text(name));
  world.denied = denied === true ? [...others, text(name)] : others;
  return null;
}

function arrive({ world }: Host, [what]: readonly Value[]): null {
  world.stdin.data = [...world.stdin.data, ...encodeUtf8(text(what))];
  return null;
}

/** The connections of this port break: both sides of each are told that it was reset. */
function resetAt(h: Host, [port]: readonly Value[]): null {
  for (const connection of Object.values(h.world.conns)) {
    if (connection.ends.some((end) => end.port === port)) reset(h, connection);
  }
  return null;
}

/** Whether a socket of either family is in the way. */
function isPortBusy(h: Host, [port]: readonly Value[]): Value {
  const families = ["ipv4", "ipv6"] as const;
  return families.some((family) => isTcpTaken(h, { ...anyAddress(family), port: Number(port) }));
}

/** A function that changes the world and returns nothing. */
const change = (run: (world: World) => void): Body =>
  syncFunction(({ world }) => {
    run(world);
    return null;
  });

const count = (of: (world: World) => object): Body =>
  syncFunction(({ world }) => Object.keys(of(world)).length);

/** Returns when nothing else can happen without time passing. */
const idle: Body = {
  start: {
    run: (h, s) => ({ do: "sleep", until: h.world.now, state: { at: "over", args: argsOf(s) } }),
  },
  over: { run: () => give() },
};

export const fixtureFunctions: Bodies = {
  [`${at}.lock`]: syncFunction(lock),
  [`${at}.locked`]: syncFunction(isLocked),
  [`${at}.content`]: syncFunction(content),
  [`${at}.exists`]: syncFunction(({ world }, [path]) => inodeAt(world, text(path)) !== null),
  [`${at}.inodes`]: count(({ inodes }) => inodes),
  [`${at}.files`]: count(({ files }) => files),
  [`${at}.sockets`]: count(({ tcps }) => tcps),
  [`${at}.operations`]: count(({ operations }) => operations),
  [`${at}.stdin-send`]: syncFunction(arrive),
  [`${at}.stdin-close`]: change(({ stdin }) => {
    stdin.closed = true;
  }),
  [`${at}.stdin-fail`]: change(({ stdin }) => {
    stdin.error = "io";
  }),
  [`${at}.stdout`]: syncFunction(({ world }) => string(world.stdout.data)),
  [`${at}.stderr`]: syncFunction(({ world }) => string(world.stderr.data)),
  [`${at}.stdout-break`]: change(({ stdout }) => {
    stdout.broken = "pipe";
  }),
  [`${at}.deny`]: syncFunction(deny),
  [`${at}.connected`]: syncFunction((h, [port]) => connectedPair(h, Number(port))),
  [`${at}.port-busy`]: syncFunction(isPortBusy),
  [`${at}.reset`]: syncFunction(resetAt),
  [`${at}.idle`]: idle,
};
