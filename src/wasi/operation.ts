// What each kind of operation does with its stream: the two shapes that they have. Mirrors spec/09.

import type { Value } from "../model/values.ts";
import type { Host } from "./host.ts";
import type { ErrorCode, Operation } from "./world.ts";

/** What there is to deliver now. */
export type Supply =
  | { readonly tag: "some"; readonly n: number }
  /** nothing yet: more may come */
  | { readonly tag: "none" }
  /** the end of the data, or the error in its place */
  | { readonly tag: "end"; readonly error: ErrorCode | null };

/** What can be taken now. */
export type Room =
  /** with `error`: or the host finds out now that it cannot, as it happens */
  | { readonly tag: "some"; readonly n: number; readonly error?: ErrorCode }
  | { readonly tag: "none" }
  | { readonly tag: "error"; readonly error: ErrorCode };

/** The host writes to a guest's readable end. */
export interface Producer {
  readonly side: "producer";
  /** The error when a device fails; without it `io`. */
  readonly fault?: ErrorCode;
  /** `asked`: how many elements the guest's copy is good for. Reads only. */
  readonly supply: (h: Host, op: Operation, asked: number) => Supply;
  /** Takes `n` elements, at most what `supply` said, to deliver them. */
  readonly take: (h: Host, op: Operation, n: number) => readonly Value[];
  /** The guest dropped its end. */
  readonly dropped?: (h: Host, op: Operation) => void;
  /** A copy of no elements asks for more than to be told that somebody is there. */
  readonly probed?: (h: Host, op: Operation) => void;
}

/** The host reads from a guest's writable end. */
export interface Consumer {
  readonly side: "consumer";
  /** The error when a device fails; without it `io`. */
  readonly fault?: ErrorCode;
  /** Reads only. */
  readonly room: (h: Host, op: Operation, offered: number) => Room;
  /** Takes elements, at most what `room` said; the error if they did not arrive. */
  readonly put: (h: Host, op: Operation, elements: readonly Value[]) => ErrorCode | null;
  /** The guest dropped its end: everything was written. The error if it did not get through. */
  readonly dropped: (h: Host, op: Operation) => ErrorCode | null;
  /** The operation failed for good. */
  readonly failed?: (h: Host, op: Operation) => void;
}

export type Behaviour = Producer | Consumer;

/** The most elements that the host moves at once. */
export const chunk = 8192;
