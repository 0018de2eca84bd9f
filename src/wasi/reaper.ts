// The thread of the host that releases what nobody holds, where no other thread is about to. Mirrors spec/09.

import type { Body } from "./host.ts";
import { hasUnpinned } from "./settle.ts";
import { isDriven } from "./teardown.ts";

/** Settling is what every step begins with, so that there is nothing left to do. */
export const reaperBody: Body = {
  start: {
    ready: (h) => isDriven(h) && hasUnpinned(h),
    explain: () => "waits for something to release",
    run: () => ({ do: "wait", state: { at: "start" } }),
  },
};
