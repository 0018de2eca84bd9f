// Where mutants of the WASI host get in: the tests' mocks ask here what to do, and by default change nothing.

import type * as Subtasks from "../../../src/canon/subtasks.ts";
import type * as Close from "../../../src/wasi/files/close.ts";
import type { Host } from "../../../src/wasi/host.ts";
import type * as Pins from "../../../src/wasi/pins.ts";
import type * as Settle from "../../../src/wasi/settle.ts";
import type * as TcpClose from "../../../src/wasi/sockets/tcp-close.ts";
import type { ObjectRef } from "../../../src/wasi/world.ts";

interface Seam {
  /** who holds what, as everybody is told, the laws too */
  pins: (h: Host, pins: readonly Pins.Pin[]) => readonly Pins.Pin[];
  /** what the host releases of what nobody holds, now or if it settled now; laws do not hear of it */
  released: (h: Host, gone: readonly ObjectRef[], now: boolean) => readonly ObjectRef[];
  /** what the host does after it has settled; null: nothing more */
  settled: ((h: Host) => void) | null;
  /** whether an inode that is open outlives its name */
  keepsOpenInodes: boolean;
  /** whether locks go with the open file that has them */
  unlocks: boolean;
  /** whether a socket that closes tells its peer, and those who were not accepted */
  hangsUp: boolean;
  /** whether what a call borrowed is lent until the caller has heard of its end */
  lendsToTheEnd: boolean;
}

const sound: Readonly<Seam> = {
  pins: (_h, pins) => pins,
  released: (_h, gone) => gone,
  settled: null,
  keepsOpenInodes: true,
  unlocks: true,
  hangsUp: true,
  lendsToTheEnd: true,
};

let seam: Seam = { ...sound };
/** What the host is doing, if anything: settling, or asking whether it has to. */
let host: "settles" | "asks" | null = null;

/** Runs something that the host does, so that `released` counts. */
function asHost<T>(does: "settles" | "asks", run: () => T): T {
  host = does;
  try {
    return run();
  } finally {
    host = null;
  }
}

const show = ({ kind, id }: ObjectRef): string => `${kind} ${id}`;

/** `pins.ts` with the mutant's table. */
export function mutatedPins(real: typeof Pins): typeof Pins {
  const allPins = (h: Host): readonly Pins.Pin[] => seam.pins(h, real.allPins(h));
  const unpinned = (h: Host): readonly ObjectRef[] => {
    const held = new Set(allPins(h).map(({ object }) => show(object)));
    const gone = real.openObjects(h.world).filter((object) => !held.has(show(object)));
    return host === null ? gone : seam.released(h, gone, host === "settles");
  };
  return { ...real, allPins, unpinned };
}

/** `settle.ts` with what the mutant does of its own. */
export function mutatedSettle(real: typeof Settle): typeof Settle {
  return {
    ...real,
    settle: (h) =>
      asHost("settles", () => {
        real.settle(h);
        seam.settled?.(h);
      }),
    isUnsettled: (h) => seam.settled !== null || asHost("asks", () => real.isUnsettled(h)),
    hasUnpinned: (h) => asHost("asks", () => real.hasUnpinned(h)),
  };
}

/** `files/close.ts`, perhaps careless of locks and of open inodes. */
export function mutatedClose(real: typeof Close): typeof Close {
  return {
    ...real,
    closeFile: (h, id) => {
      const locks = { ...h.world.locks };
      real.closeFile(h, id);
      if (!seam.unlocks) h.world.locks = locks;
    },
    forgetInode: (world, id) => {
      if (seam.keepsOpenInodes) real.forgetInode(world, id);
      else delete world.inodes[id];
    },
  };
}

/** `sockets/tcp-close.ts`, perhaps without a word to anybody. */
export function mutatedTcpClose(real: typeof TcpClose): typeof TcpClose {
  return {
    ...real,
    closeTcp: (h, id) => {
      if (seam.hangsUp) real.closeTcp(h, id);
      else delete h.world.tcps[id];
    },
  };
}

/** `subtasks.ts`, where what was lent may come back too early. */
export function mutatedSubtasks(real: typeof Subtasks): typeof Subtasks {
  return {
    ...real,
    resolve: (c, id, state, results) => {
      real.resolve(c, id, state, results);
      if (seam.lendsToTheEnd) return;
      const subtask = real.editSubtask(c, id);
      for (const handle of subtask.lenders ?? []) c.edit.handle.edit(handle).numLends -= 1;
      subtask.lenders = [];
    },
  };
}

/** A defect of the host. */
export interface Mutant {
  readonly name: string;
  /** Puts the defect in; what is returned takes it out again. */
  readonly enter: () => () => void;
}

/** A defect in what the seam is asked. */
export function seamMutant(name: string, change: Partial<Seam>): Mutant {
  return {
    name,
    enter: () => {
      seam = { ...sound, ...change };
      return () => {
        seam = { ...sound };
      };
    },
  };
}

/** A defect in an entry of one of the host's tables, such as its bodies or the kinds of operation. */
export function entryMutant<T extends object>(
  name: string,
  table: Readonly<T>,
  mutate: (real: T) => Partial<T>,
): Mutant {
  return {
    name,
    enter: () => {
      const open = table as T;
      const before = { ...open };
      Object.assign(open, mutate(before));
      return () => {
        Object.assign(open, before);
      };
    },
  };
}

/** Two defects that belong together. */
export function together(name: string, ...mutants: readonly Mutant[]): Mutant {
  return {
    name,
    enter: () => {
      const leave = mutants.map(({ enter }) => enter());
      return () => {
        for (const undo of leave) undo();
      };
    },
  };
}
