// Functions of the host in JavaScript that tell of their calls. Mirrors spec/15.

import type { FuncType } from "../../model/types.ts";
import type { TraceEvent } from "../format/trace.ts";
import { isPromise } from "../promising.ts";
import { isResultError, wave, waveOfError, waveOfResult } from "./host-values.ts";

/** A function of the host: it may give a promise. */
export type JsFunc = (...args: readonly unknown[]) => unknown;

type Emit = (event: TraceEvent) => void;

/** What it is called in the trace, and its type. */
interface Named {
  readonly name: string;
  readonly ft: FuncType;
}

/** How a call ends, with its event; what the function gives and throws goes on to who called it. */
interface Ending {
  readonly gave: (value: unknown) => unknown;
  readonly threw: (error: unknown) => never;
}

function endingOf({ name, ft: { result } }: Named, thread: string, emit: Emit): Ending {
  const place = { event: "host-return", thread, func: name } as const;
  const returned = (value: string | null): void => {
    emit(value === null ? place : { ...place, value });
  };
  return {
    gave: (value) => {
      try {
        returned(waveOfResult(result, value));
      } catch (error) {
        // what is no value of its type is for the engine to refuse
        if (!(error instanceof TypeError)) throw error;
        emit({ ...place, trapped: true, note: error.message });
      }
      return value;
    },
    threw: (error) => {
      if (result !== null && isResultError(result, error)) returned(waveOfError(result, error));
      else emit({ ...place, trapped: true, note: String(error) });
      throw error;
    },
  };
}

/** The same function, whose calls and returns are events; the name of a thread says which belong together. */
export function tellingFunc(named: Named, func: JsFunc, emit: Emit): JsFunc {
  const { name, ft } = named;
  let calls = 0;
  return (...args) => {
    calls += 1;
    const thread = `${name}#${calls}`;
    const texts = ft.params.map(({ t }, i) => wave(t, args[i]));
    emit({ event: "host-call", thread, func: name, args: texts });
    const { gave, threw } = endingOf(named, thread, emit);
    let value: unknown;
    try {
      value = func(...args);
    } catch (error) {
      return threw(error);
    }
    return isPromise(value) ? value.then(gave, threw) : gave(value);
  };
}
