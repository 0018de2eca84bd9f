// The state of a WASI host as plain data: files, sockets, stdio, the clock. Mirrors spec/09.

import type { CaseValue, EndValue } from "../model/values.ts";
import type { Settings } from "./choice-points.ts";

/** A number that names one thing of a world and is never used again. */
export type WorldId = number;

/** An object that is kept open by its holders, and released with the last of them. */
export interface ObjectRef {
  readonly kind: "file" | "tcp" | "udp";
  readonly id: WorldId;
}

export type InodeType = "regular-file" | "directory" | "symbolic-link";

export interface Inode {
  type: InodeType;
  /** of a regular file */
  data: Uint8Array;
  /** of a directory: inodes by name, in the order in which they were made */
  entries: Record<string, WorldId>;
  /** of a symbolic link */
  target: string;
  /** the number of its names */
  links: number;
  times: Times;
}

/** When an inode was last read, written and changed, as far as guests have set it; nanoseconds. */
export interface Times {
  readonly access: bigint;
  readonly modified: bigint;
  readonly changed: bigint;
}

/** A name in a directory and what it names. */
export interface Listed {
  readonly name: string;
  readonly type: InodeType;
}

/** An open file description: what the handles and operations of one `open-at` share. */
export interface OpenFile {
  inode: WorldId;
  flags: readonly DescriptorFlag[];
  /** Opened beneath a preopened directory that the host keeps read-only. */
  readOnly: boolean;
  /** The path it was opened by: for people. */
  readonly name: string;
}

export type DescriptorFlag =
  | "read"
  | "write"
  | "file-integrity-sync"
  | "data-integrity-sync"
  | "requested-write-sync"
  | "mutate-directory";

/** A lock on an inode; its owner is an open file description. */
export interface Lock {
  readonly file: WorldId;
  readonly exclusive: boolean;
}

export type Family = "ipv4" | "ipv6";

/** An address and a port; the parts of an IPv4 address are 4 numbers, of an IPv6 address 8. */
export interface Address {
  readonly family: Family;
  readonly ip: readonly number[];
  readonly port: number;
}

export type TcpState =
  | { readonly tag: "unbound" }
  | { readonly tag: "bound" }
  /** `backlog`: connections that nobody has accepted, oldest first */
  | { readonly tag: "listening"; readonly backlog: readonly WorldId[] }
  | { readonly tag: "connecting"; readonly remote: Address }
  | {
      readonly tag: "connected";
      readonly remote: Address;
      readonly conn: WorldId;
      readonly side: 0 | 1;
    }
  | { readonly tag: "closed"; readonly cause: string };

export interface Tcp {
  family: Family;
  state: TcpState;
  local: Address | null;
  sendTaken: boolean;
  receiveTaken: boolean;
  backlogSize: number;
  options: Record<string, boolean | number | bigint>;
}

/** What travels one way of a connection. */
export interface Pipe {
  data: readonly number[];
  capacity: number;
  /** The sender is done: after the data comes the end. */
  fin: boolean;
  /** The connection was reset: there is nothing but an error. */
  reset: boolean;
  /** The receiver shut its side. */
  shut: boolean;
}

/** A connection; `pipes[i]` goes from side i to side 1-i. */
export interface Connection {
  pipes: [Pipe, Pipe];
  /** whose socket is gone */
  closed: [boolean, boolean];
  /** the address of each side's socket */
  readonly ends: readonly [Address, Address];
}

export interface Datagram {
  readonly data: readonly number[];
  readonly from: Address;
}

export interface Udp {
  family: Family;
  local: Address | null;
  remote: Address | null;
  inbox: readonly Datagram[];
  options: Record<string, boolean | number | bigint>;
}

/** Where bytes come from, outside. */
export interface Source {
  data: readonly number[];
  closed: boolean;
  error: string | null;
}

/** Where bytes go, outside. */
export interface Sink {
  data: readonly number[];
  /** The error that a write meets: nobody reads any more. */
  broken: string | null;
}

export type OperationKind =
  | "fs-read"
  | "fs-write"
  | "fs-append"
  | "fs-readdir"
  | "tcp-listen"
  | "tcp-send"
  | "tcp-receive"
  | "stdin"
  | "stdout"
  | "stderr";

/** What a running operation of the host knows. Its thread moves it. */
export interface Operation {
  kind: OperationKind;
  /** null for stdio, which lives as long as the store */
  target: ObjectRef | null;
  /** the host's end of the stream; null once the host dropped it */
  stream: EndValue | null;
  /** the host's writable end of the future; null if there is none or it was resolved and dropped */
  future: EndValue | null;
  /** the next byte, of fs-read and fs-write */
  cursor: bigint;
  status: "active" | "done";
  /** Once it is done: the error, or null for ok. */
  error: ErrorCode | null;
  /** Bytes that were taken from the guest, or from the file, ahead of time (`apply`, `readahead`). */
  ahead: readonly number[];
  /** Of fs-readdir: what was there at the call, and the names that were delivered since. */
  listing: { readonly atCall: readonly Listed[]; readonly seen: readonly string[] } | null;
}

/** A case of an `error-code`, by its label; `other` carries no text here. */
export type ErrorCode = string;

/** A running `async func` that concerns objects. */
export interface Call {
  readonly name: string;
  readonly objects: readonly ObjectRef[];
  /** The operation whose result the call returns, where there is no future for it. */
  readonly operation: WorldId | null;
}

export interface World {
  /** Settled choice points, and what was fixed beforehand. */
  settings: Settings;
  /** nanoseconds */
  now: bigint;
  next: WorldId;
  inodes: Record<WorldId, Inode>;
  root: WorldId;
  files: Record<WorldId, OpenFile>;
  tcps: Record<WorldId, Tcp>;
  conns: Record<WorldId, Connection>;
  udps: Record<WorldId, Udp>;
  /** Representations of resource handles that guests own: what they stand for. */
  handles: Record<WorldId, ObjectRef>;
  preopens: readonly { readonly name: string; readonly file: WorldId }[];
  operations: Record<WorldId, Operation>;
  calls: Record<WorldId, Call>;
  /** by inode */
  locks: Record<WorldId, readonly Lock[]>;
  /** what `get-arguments` gives: the name of the program, then its arguments */
  readonly args: readonly string[];
  /** variables of the environment with their values */
  readonly env: readonly (readonly [string, string])[];
  /** how many random bytes were given */
  randomTaken: number;
  stdin: Source;
  stdout: Sink;
  stderr: Sink;
  /** the bytes that all files together may have; null: no bound */
  quota: number | null;
  /** What the host's policy refuses: names of functions, such as `listen`. */
  denied: readonly string[];
  /** How many more times a device may fail. */
  faults: number;
}

/** `ok`, or `error(code)`: a `result<_, error-code>`. */
export function outcome(code: ErrorCode | null): CaseValue {
  return code === null ? ok(null) : failed(code);
}

/** `ok(value)` of a result. */
export function ok(value: CaseValue["value"]): CaseValue {
  return { tag: "case", label: "ok", value };
}

/** `error(code)` of a result. */
export function failed(code: ErrorCode): CaseValue {
  return { tag: "case", label: "error", value: { tag: "case", label: code, value: null } };
}
