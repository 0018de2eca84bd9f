// The functions of wasi:clocks: time is virtual, and passes when nothing else can happen. Mirrors spec/09 and wasi:clocks.

import type { Value } from "../../model/values.ts";
import {
  argsOf,
  type Bodies,
  type Body,
  cancelRequested,
  give,
  type Host,
  type Next,
  syncFunction,
} from "../host.ts";
import { begin, isNow } from "../pending.ts";

const second = 1_000_000_000n;

/** The last mark: who would wait longer waits until then. */
const endOfTime = 2n ** 64n - 1n;

/** Resolves at a time; at one that is past as any other `async func`, at once or a little later. */
function waitUntil(when: (h: Host, arg: bigint) => bigint): Body {
  return {
    start: {
      run: (h, s) => {
        const until = when(h, BigInt(argsOf(s)[0] as bigint));
        const passed = until <= h.world.now;
        return passed ? begin(h, { at: "begin" }) : sleep(until);
      },
    },
    begin: {
      run: (h, s, { pick }) => (isNow(s, pick) ? give() : sleep(h.world.now)),
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

const sleep = (until: bigint): Next => ({ do: "sleep", until, state: { at: "over", until } });

const one = (): Value => 1n;

export const clockFunctions: Bodies = {
  "wasi:clocks/monotonic-clock.now": syncFunction(({ world }) => world.now),
  "wasi:clocks/monotonic-clock.get-resolution": syncFunction(one),
  "wasi:clocks/monotonic-clock.wait-until": waitUntil((_h, when) => when),
  "wasi:clocks/monotonic-clock.wait-for": waitUntil(({ world }, howLong) => {
    const when = world.now + howLong;
    return when < endOfTime ? when : endOfTime;
  }),
  "wasi:clocks/system-clock.now": syncFunction(({ world }) => ({
    tag: "record",
    fields: { seconds: world.now / second, nanoseconds: Number(world.now % second) },
  })),
  "wasi:clocks/system-clock.get-resolution": syncFunction(one),
};
