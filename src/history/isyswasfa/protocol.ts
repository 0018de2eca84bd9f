// Start/result splitting, seen from outside: what its host offers and what it has to know of a program. Mirrors spec/11.

import type { Ctx } from "../../canon/machine.ts";
import type { FuncId, InstanceId, ResourceTypeId } from "../../model/ids.ts";
import type { CoreFunc } from "../../model/program.ts";
import type { FuncType, ValType } from "../../model/types.ts";
import type { Value } from "../../model/values.ts";

/** A function of the host; its place in the list is its `CoreFunc.code` for the guest `isyswasfa`. */
export interface SplitFunc {
  /** `isyswasfa:isyswasfa/isyswasfa.make-task`, `host.f-isyswasfa-start` */
  readonly key: string;
  readonly ft: FuncType;
}

/** The resources and the function behind a future: keys. */
export interface PairKeys {
  readonly sender: string;
  readonly receiver: string;
  /** makes one of each */
  readonly pipe: string;
}

/** What the host of the split ABI offers to components. */
export interface SplitHost {
  /** keys of its resource types, in the order of their numbers: `isyswasfa:isyswasfa/isyswasfa.pending` */
  readonly resources: readonly string[];
  /** the number of the first of them */
  readonly first: number;
  /** every function, destructors (`KEY.drop`) included */
  readonly funcs: readonly SplitFunc[];
  /** `list<poll-input>` to `list<poll-output>` */
  readonly poll: FuncType;
  readonly pollInput: ValType;
  readonly pollOutput: ValType;
  /** A type as the split ABI has it: streams and futures are resources. */
  type(t: ValType): ValType;
  /** What stands for a future with this payload, which is among the types that the host was made for. */
  pair(payload: ValType | null): PairKeys;
  /** The resource type of this key. */
  resource(key: string): ResourceTypeId;
  /** The types of the two halves of a function. */
  start(ft: FuncType): FuncType;
  result(ft: FuncType): FuncType;
}

/** Both halves of an export, or of a function of the host. */
export interface Halves {
  readonly start: FuncId;
  readonly result: FuncId;
}

/** What the host has to know of the program that it drives. */
export interface Wiring {
  /** the components with a poll function, in the order in which a round calls them */
  readonly components: readonly {
    readonly name: string;
    readonly instance: InstanceId;
    readonly poll: FuncId;
  }[];
  /** by the key of the whole function: `G.foo` */
  readonly exports: Readonly<Record<string, Halves>>;
  /**
   * the functions behind the halves that the host offers, by name: `host.f` as the scenario wrote it, and
   * `P.f`, an export that is not split and that the host bridges
   */
  readonly hostFuncs: Readonly<Record<string, FuncId>>;
  /** Whether a component has messages to send or a task to run, for which it needs a round. */
  busy?(c: Ctx, instance: InstanceId): boolean;
  /** What its tasks wait for, in words. */
  explain?(c: Ctx, instance: InstanceId): readonly string[];
}

/** A call by the host from outside, as the state of a root thread begins. */
export interface RootCall {
  /** `G.foo`; a function that is not split is called as it is */
  readonly func: string;
  readonly args: readonly Value[];
}

/** The frame of a root thread: an interpreter and its first state. */
export interface RootFrame {
  readonly core: CoreFunc;
  readonly state: unknown;
}
