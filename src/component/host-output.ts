// What has come out of stdout and stderr, logged when nothing else can happen any more, or a trap ends all. Mirrors spec/14.

import type { Ctx, Guest } from "../canon/machine.ts";
import { decodeLatin1, decodeUtf8 } from "../canon/values/utf.ts";
import type { InstanceId } from "../model/ids.ts";
import { worldKey } from "../wasi/guest.ts";
import type { World } from "../wasi/world.ts";
import { hostInstance } from "./wasi.ts";

/** The interpreter of the thread that logs what was written. */
export const outputGuest = "output";

/** Later than any time of a clock, which is a u64. */
export const atTheEnd: bigint = 2n ** 64n;

/** All that the thread remembers. */
export const firstOutput = "start";

const names = ["stdout", "stderr"] as const;

function logOutput(c: Ctx, host: InstanceId): void {
  const world = c.edit.instance.read(host).globals[worldKey] as World;
  for (const name of names) {
    const { data } = world[name];
    if (data.length === 0) continue;
    const bytes = Uint8Array.from(data);
    c.edit.log(`${name} ${JSON.stringify(decodeUtf8(bytes) ?? decodeLatin1(bytes))}`);
  }
}

/** Logs one line for each of the two that is not empty; its thread waits for the end of all else. */
export function output(): Guest {
  return {
    trapped: (c) => logOutput(c, hostInstance),
    start: () => firstOutput,
    advance(c, { instance }, state) {
      logOutput(c, instance);
      return { move: { tag: "return", values: [] }, state };
    },
  };
}
