// The static side of a system: what instantiation fixes and no step changes. Mirrors spec/01.

import type { FuncId, InstanceId, MemoryId, ResourceTypeId } from "./ids.ts";
import type { AddressType, CoreType, FuncType, StringEncoding, ValType } from "./types.ts";

/** A core function: `code` is read by the guest kind that interprets it. */
export interface CoreFunc {
  readonly guest: string;
  readonly instance: InstanceId;
  readonly code: number;
}

/** CanonicalABI.md, "Canonical ABI Options". */
export interface CanonicalOptions {
  readonly encoding: StringEncoding;
  readonly memory: MemoryId | null;
  readonly address: AddressType;
  readonly realloc: CoreFunc | null;
  readonly postReturn: CoreFunc | null;
  readonly async: boolean;
  readonly callback: CoreFunc | null;
}

/**
 * What a host function does when its caller asks to cancel it: it is cancelled, goes on and may confirm it
 * later, or is resumed at once and decides.
 */
export type HostCancel = "at-once" | "defer" | "told";

/** A component-level function: lifted from a guest, or the host's own. */
export type FuncDef =
  | {
      readonly tag: "lift";
      readonly name: string;
      readonly instance: InstanceId;
      readonly core: CoreFunc;
      readonly ft: FuncType;
      readonly opts: CanonicalOptions;
    }
  | {
      readonly tag: "host";
      readonly name: string;
      readonly instance: InstanceId;
      readonly core: CoreFunc;
      readonly ft: FuncType;
      readonly cancel: HostCancel;
    };

export interface ResourceType {
  readonly name: string;
  readonly impl: InstanceId;
  /** Called when an own handle is dropped; does nothing where the type declares no destructor. */
  readonly dtor: FuncId;
}

/** The names of the canonical built-ins, as in Explainer.md, "Canonical Built-ins". */
export const builtins = [
  "resource.new",
  "resource.drop",
  "resource.rep",
  "context.get",
  "context.set",
  "backpressure.inc",
  "backpressure.dec",
  "task.return",
  "task.cancel",
  "waitable-set.new",
  "waitable-set.wait",
  "waitable-set.poll",
  "waitable-set.drop",
  "waitable.join",
  "subtask.cancel",
  "subtask.drop",
  "stream.new",
  "stream.read",
  "stream.write",
  "stream.cancel-read",
  "stream.cancel-write",
  "stream.drop-readable",
  "stream.drop-writable",
  "stream.forward",
  "future.new",
  "future.read",
  "future.write",
  "future.cancel-read",
  "future.cancel-write",
  "future.drop-readable",
  "future.drop-writable",
  "future.forward",
  "thread.index",
  "thread.new-indirect",
  "thread.resume-later",
  "thread.suspend",
  "thread.yield",
  "thread.suspend-then-resume",
  "thread.yield-then-resume",
  "thread.suspend-then-promote",
  "thread.yield-then-promote",
  "error-context.new",
  "error-context.debug-message",
  "error-context.drop",
] as const;

export type BuiltinName = (typeof builtins)[number];

/** An entry of a function table, with its core type. */
export interface TableEntry {
  readonly core: CoreFunc;
  readonly params: readonly (CoreType | "reference")[];
  /** absent: none */
  readonly results?: readonly unknown[];
}

/** A table whose entries change: they belong to an interpreter. `params` is the core type of a thread's function. */
export interface GuestTable {
  readonly tag: "guest";
  readonly guest: string;
  readonly instance: InstanceId;
  /** the interpreter's number of the table */
  readonly table: number;
  readonly params: readonly CoreType[];
}

/** What a core module imports: a built-in with its immediates, or a lowered function. */
export type CoreImport =
  | {
      readonly tag: "builtin";
      readonly name: BuiltinName;
      /** Element type of a stream or future, or the result type of `task.return`. */
      readonly t: ValType | null;
      /** Resource type of `resource.*`. */
      readonly rt: ResourceTypeId | null;
      readonly opts: CanonicalOptions;
      /** The `cancellable` immediate, which CM#716 removed. */
      readonly cancellable: boolean;
      /** The table of `thread.new-indirect`. */
      readonly table: readonly TableEntry[] | GuestTable;
      /** The slot of `context.*`, where it is no operand: it comes before the operands. */
      readonly slot?: number;
    }
  | { readonly tag: "lower"; readonly func: FuncId; readonly opts: CanonicalOptions };

export interface InstanceDef {
  readonly name: string;
  readonly parent: InstanceId | null;
}

/** Everything about a system that does not change while it runs. */
export interface Program {
  readonly instances: readonly InstanceDef[];
  readonly funcs: readonly FuncDef[];
  readonly resourceTypes: readonly ResourceType[];
}
