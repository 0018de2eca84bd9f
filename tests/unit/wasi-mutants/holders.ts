// Mutants of the table of holders: each row of it taken out, and each of the things that hold nothing put in.

import { givenEnds } from "../../../src/wasi/ends.ts";
import type { Host } from "../../../src/wasi/host.ts";
import type { Holder, Pin } from "../../../src/wasi/pins.ts";
import type { ObjectRef, OperationKind, Tcp, World } from "../../../src/wasi/world.ts";
import { type Mutant, seamMutant } from "./seam.ts";

type Is = (h: Host, pin: Pin) => boolean;

const without = (row: string, is: Is): Mutant =>
  seamMutant(`${row} does not hold`, { pins: (h, pins) => pins.filter((pin) => !is(h, pin)) });

const of =
  (tag: Holder["tag"], kind: ObjectRef["kind"]): Is =>
  (_h, { holder, object }) =>
    holder.tag === tag && object.kind === kind;

const running =
  (...kinds: readonly OperationKind[]): Is =>
  ({ world }, { holder }) => {
    const op = holder.tag === "operation" ? world.operations[holder.operation] : undefined;
    return op !== undefined && kinds.includes(op.kind);
  };

const given =
  (part: "stream" | "future", ...kinds: readonly OperationKind[]): Is =>
  ({ world }, { holder }) => {
    if (holder.tag !== "value" || holder.part !== part) return false;
    const op = world.operations[holder.operation];
    return op !== undefined && kinds.includes(op.kind);
  };

/** The rows of spec/holders.json; where a row has several holders, each of them by itself. */
export const holdersTakenOut: readonly Mutant[] = [
  without("K1: a descriptor", of("handle", "file")),
  without("K2: a preopened directory", of("preopen", "file")),
  without("K3: a read that runs", running("fs-read")),
  without("K4: the stream of a read", given("stream", "fs-read")),
  without("K5: the future of a read", given("future", "fs-read")),
  without("K6: a write that runs", running("fs-write")),
  without("K6: an append that runs", running("fs-append")),
  without("K8: the future of a write", given("future", "fs-write")),
  without("K8: the future of an append", given("future", "fs-append")),
  without("K9: a directory that is being read", running("fs-readdir")),
  without("K9: the stream of a directory", given("stream", "fs-readdir")),
  without("K9: the future of a directory", given("future", "fs-readdir")),
  without("K10: a call on a descriptor", of("call", "file")),
  without("K11: a TCP socket's handle", of("handle", "tcp")),
  without("K12: a listen that runs", running("tcp-listen")),
  without("K12: the stream of connections", given("stream", "tcp-listen")),
  without("K13: a send that runs", running("tcp-send")),
  without("K14: the future of a send", given("future", "tcp-send")),
  without("K15: a receive that runs", running("tcp-receive")),
  without("K15: the stream of a receive", given("stream", "tcp-receive")),
  without("K16: the future of a receive", given("future", "tcp-receive")),
  without("K17: a connect that runs", of("call", "tcp")),
  without("K18: a UDP socket's handle", of("handle", "udp")),
  without("K18: a call on a UDP socket", of("call", "udp")),
];

const also = (what: string, more: (h: Host) => readonly Pin[]): Mutant =>
  seamMutant(what, { pins: (h, pins) => [...pins, ...more(h)] });

const by: Holder = { tag: "preopen", name: "a mutant" };

const file = (id: number): Pin => ({ object: { kind: "file", id }, holder: by });
const socket = (id: number): Pin => ({ object: { kind: "tcp", id }, holder: by });

interface Opened {
  readonly id: number;
  readonly isDirectory: boolean;
}

/** Open files and directories but the preopened ones; numbers grow, so the later ones come last. */
function openedIn({ files, inodes, preopens }: World): readonly Opened[] {
  return Object.entries(files)
    .map(([id, { inode }]) => ({
      id: Number(id),
      isDirectory: inodes[inode]?.type === "directory",
    }))
    .filter(({ id }) => !preopens.some((preopen) => preopen.file === id));
}

function isListening({ state }: Tcp): boolean {
  return state.tag === "listening";
}

/** Pairs of a listening socket and one that it accepted. */
function acceptedIn({ tcps }: World): readonly (readonly [number, number])[] {
  const all = Object.entries(tcps).map(([id, tcp]) => ({ id: Number(id), tcp }));
  return all
    .filter(({ tcp }) => isListening(tcp))
    .flatMap((listener) =>
      all
        .filter(({ tcp: { state, local } }) => {
          const accepted = state.tag === "connected" && state.side === 1;
          return accepted && local?.port === listener.tcp.local?.port;
        })
        .map(({ id }): readonly [number, number] => [listener.id, id]),
    );
}

/** What holds nothing, holding something. */
export const holdersPutIn: readonly Mutant[] = [
  also("N1: what was opened holds the directory that it was opened through", ({ world }) =>
    openedIn(world).flatMap(({ id }, i, all) =>
      all.slice(i + 1).length > 0 && all[i]?.isDirectory ? [file(id)] : [],
    ),
  ),
  also("N2: a directory holds what was opened through it", ({ world }) =>
    openedIn(world).flatMap(({ id }, i, all) =>
      all.slice(0, i).some(({ isDirectory }) => isDirectory) ? [file(id)] : [],
    ),
  ),
  also("N3: an accepted socket holds its listener", ({ world }) =>
    acceptedIn(world).map(([listener]) => socket(listener)),
  ),
  also("N4: a listener holds what it accepted", ({ world }) =>
    acceptedIn(world).map(([, accepted]) => socket(accepted)),
  ),
  also("N5: a connection that nobody accepted holds the listener", ({ world }) =>
    Object.entries(world.tcps)
      .filter(([, { state }]) => state.tag === "listening" && state.backlog.length > 0)
      .map(([id]) => socket(Number(id))),
  ),
  also("N9: values hold, whatever `pin` says", (h) =>
    givenEnds(h).flatMap((end): readonly Pin[] => {
      const object = h.world.operations[end.operation]?.target ?? null;
      return object === null ? [] : [{ object, holder: by }];
    }),
  ),
  also("an operation that is over goes on holding", ({ world }) =>
    Object.values(world.operations).flatMap(({ target }): readonly Pin[] =>
      target === null ? [] : [{ object: target, holder: by }],
    ),
  ),
  seamMutant("N10: an unlinked file goes although it is open", { keepsOpenInodes: false }),
];
