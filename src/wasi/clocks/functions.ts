// The functions of wasi:clocks: time is virtual, and passes when nothing else can happen. Mirrors spec/09.

import type { Value } from "../../model/values.ts";
import {
  argsOf,
  type Bodies,
  type Body,
  cancelRequested,
  give,
  type Host,
  syncFunction,
} from "../host.ts";

const second = 1_000_000_000n;

/** Resolves at a time, which may be past already. */
function waitUntil(when: (h: Host, arg: bigint) => bigint): Body {
  return {
    start: {
      run: (h, s) => {
        const until = when(h, BigInt(argsOf(s)[0] as bigint));
        return until <= h.world.now ? give() : { do: "sleep", until, state: { at: "over", until } };
      },
    },
    over: {
      run: (h, s) => {
        if (cancelRequested(h)) return { do: "cancelled" };
        h.world.now = s.until as bigint;
        return give();
      },
    },
  };
}

const one = (): Value => 1n;

export const clockFunctions: Bodies = {
  "wasi:clocks/monotonic-clock.now": syncFunction(({ world }) => world.now),
  "wasi:clocks/monotonic-clock.get-resolution": syncFunction(one),
  "wasi:clocks/monotonic-clock.wait-until": waitUntil((_h, when) => when),
  "wasi:clocks/monotonic-clock.wait-for": waitUntil(({ world }, howLong) => world.now + howLong),
  "wasi:clocks/system-clock.now": syncFunction(({ world }) => ({
    tag: "record",
    fields: { seconds: world.now / second, nanoseconds: Number(world.now % second) },
  })),
  "wasi:clocks/system-clock.get-resolution": syncFunction(one),
};
