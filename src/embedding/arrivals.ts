// What goes in from JavaScript and what comes out to it, as plain data. Mirrors docs/embedding.md.
// On its far side are the files whose names end in `-in`, which run in the machine; the others run in JavaScript.

import type { WaitableId } from "../model/ids.ts";
import type { SubtaskState } from "../model/store.ts";
import type { ValType } from "../model/types.ts";
import type { Value } from "../model/values.ts";

/** A stream or future that JavaScript gives; among the values it stands as the end `- 1 - source`. */
export interface Given {
  readonly source: number;
  readonly what: "stream" | "future";
  readonly t: ValType | null;
}

/** Values from JavaScript with the streams and futures in them. */
export interface Handed {
  readonly values: readonly Value[];
  readonly given: readonly Given[];
}

/** How JavaScript answers a call of one of its functions; `pending`: later, in an arrival. */
export type Answer =
  | { readonly tag: "returned"; readonly handed: Handed }
  | { readonly tag: "cancelled" }
  | { readonly tag: "threw" };

/** The next items of a source; `last`: there are no more. */
export interface Items {
  readonly handed: Handed;
  readonly last: boolean;
}

/** What came from JavaScript: it enters a store while nothing in there can go on. */
export type Arrival =
  | {
      readonly tag: "invoke";
      readonly call: number;
      readonly func: string;
      readonly handed: Handed;
    }
  /** The caller of `invoke` has asked to cancel the call. */
  | { readonly tag: "cancel"; readonly call: number }
  | { readonly tag: "answer"; readonly request: number; readonly answer: Answer }
  | {
      readonly tag: "read";
      readonly read: number;
      readonly end: WaitableId;
      readonly what: "stream" | "future";
      /** elements */
      readonly most: number;
    }
  | { readonly tag: "cancel-read"; readonly read: number }
  | { readonly tag: "drop"; readonly end: WaitableId; readonly what: "stream" | "future" }
  | { readonly tag: "items"; readonly source: number; readonly items: Items };

/** What JavaScript is told. */
export type Notice =
  | {
      readonly tag: "resolved";
      readonly call: number;
      readonly state: SubtaskState;
      readonly values: readonly Value[];
    }
  /** The caller of a JavaScript function asks to cancel it. */
  | { readonly tag: "abort"; readonly request: number }
  | {
      readonly tag: "copied";
      readonly read: number;
      /** nothing more will come */
      readonly over: boolean;
      readonly values: readonly Value[];
    }
  /** The reader of a source asks for so many items at the most, 1 or more. */
  | { readonly tag: "pull"; readonly source: number; readonly most: number }
  /** The reader of a source has gone. */
  | { readonly tag: "close"; readonly source: number };

/** A call of a JavaScript function, which has to be answered before anything else happens. */
export interface Request {
  readonly request: number;
  readonly func: string;
  readonly args: readonly Value[];
}

/** What JavaScript had to do with a run, in the order in which it happened. */
export type Occurrence =
  /** Everything that had arrived when nothing could go on. */
  | { readonly tag: "turn"; readonly arrivals: readonly Arrival[] }
  /** The answer to a request; null: later. */
  | { readonly tag: "reply"; readonly request: number; readonly answer: Answer | null }
  /** Whoever still waited was told that this is for ever. */
  | { readonly tag: "deadlock" };
