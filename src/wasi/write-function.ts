// The functions that take a stream in: one body for the shapes that the variants give them. Mirrors spec/09.

import type { Value } from "../model/values.ts";
import { dropEnd } from "./ends.ts";
import {
  argsOf,
  type Body,
  cancelRequested,
  freshId,
  give,
  type Host,
  type Next,
  type State,
  settled,
} from "./host.ts";
import { behaviours } from "./kinds.ts";
import { operationOf } from "./operation-state.ts";
import { conclude } from "./settle.ts";
import { refuse, type Start, startConsumer } from "./start-operation.ts";
import { type ErrorCode, failed, ok, outcome, type WorldId } from "./world.ts";

interface WriteFunction {
  readonly name: string;
  /** The stream among the arguments, and the operation that takes it in; reads settings first. */
  readonly prepare: (
    h: Host,
    args: readonly Value[],
  ) => { readonly data: Value | undefined; readonly start: Start };
  /** What the object remembers of a call that was not refused. */
  readonly started?: (h: Host, args: readonly Value[]) => void;
}

/** Where a failure that is known at the call is reported: V3 has two places for it. */
const reports: Readonly<Record<string, readonly string[]>> = {
  V3: ["outer", "inner"],
  "V3-pinned": ["outer"],
};

/** A function of a write: V1 answers when it is over, V2 with a future, V3 with a result of a future. */
export function writeFunction(what: WriteFunction): Body {
  const { name, prepare } = what;
  return {
    start: {
      run: (h, s) => {
        const { start } = prepare(h, argsOf(s));
        const places = reports[settled(h, "variant")];
        if (places === undefined || (start.error ?? null) === null) return begun(h, s, what);
        return { do: "choose", options: places, state: { at: "refuse", args: s.args, places } };
      },
    },
    refuse: {
      run: (h, s, { pick }) => {
        if ((s.places as readonly string[])[pick] === "inner") return begun(h, s, what);
        const { data, start } = prepare(h, argsOf(s));
        return refused(h, data, start.error ?? "");
      },
    },
    done: {
      ready: (h, s) => {
        const { status, stream } = operationOf(h, s);
        return status === "done" && (stream === null || settled(h, "order") !== "stream-first");
      },
      explain: () => `waits for the operation of ${name} to be over`,
      run: (h, s) => {
        const { status } = operationOf(h, s);
        if (!cancelRequested(h)) return answer(h, s);
        const options = [...(status === "done" ? ["return"] : []), ...waysToStop(h, s)];
        return { do: "choose", options, state: { ...s, at: "cancelled", options } };
      },
    },
    cancelled: {
      run: (h, s, { pick }) => {
        const way = (s.options as readonly string[])[pick];
        return way === "return" ? answer(h, s) : cancel(h, s, way === "cancel");
      },
    },
  };
}

/** The failure is the result: there is neither an operation nor a future. */
function refused(h: Host, data: Value | undefined, error: ErrorCode): Next {
  refuse(h, data);
  return give(failed(error));
}

function begun(h: Host, s: State, { name, prepare, started }: WriteFunction): Next {
  const variant = settled(h, "variant");
  const { data, start } = prepare(h, argsOf(s));
  const { error = null } = start;
  if (error === null) started?.(h, argsOf(s));
  else if (variant === "V1") return refused(h, data, error);
  const { operation, future } = startConsumer(h, data, start);
  if (future !== null) return give(variant.startsWith("V3") ? ok(future) : future);
  const call = freshId(h);
  const objects = start.target === null ? [] : [start.target];
  h.world.calls[call] = { name, objects, operation };
  return { do: "wait", state: { at: "done", operation, call } };
}

function answer(h: Host, s: State): Next {
  const { error } = operationOf(h, s);
  delete h.world.calls[s.call as WorldId];
  return give(outcome(error));
}

/** A socket whose sending was cancelled tells its peer that there is no more, or does not. */
function waysToStop(h: Host, s: State): readonly string[] {
  const { kind, status } = operationOf(h, s);
  return kind === "tcp-send" && status === "active" ? ["cancel", "cancel silently"] : ["cancel"];
}

/** The host stops: what it has taken stays, and it drops its end. */
function cancel(h: Host, s: State, tells: boolean): Next {
  const op = operationOf(h, s);
  const { stream, status } = op;
  const behaviour = behaviours[op.kind];
  delete h.world.calls[s.call as WorldId];
  if (status === "active") {
    if (tells && behaviour.side === "consumer") behaviour.failed?.(h, op);
    op.stream = null;
    conclude(h, s.operation as WorldId, null);
    if (stream !== null) dropEnd(h, { tag: "end", waitable: stream.waitable });
  }
  return { do: "cancelled" };
}
