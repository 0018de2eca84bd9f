// Tests the streams, then their faulty variants, and prints what comes of it.

import { type CheckOptions, checkImplementation, type Make } from "canon-async/model-based";
import { ForgetsProgress, LosesEvents, NeverDone, TakesTwice } from "./faults.ts";
import { builtins, Streams } from "./streams.ts";

async function report(name: string, make: Make, more: CheckOptions): Promise<void> {
  try {
    await checkImplementation(make, { builtins, ...more }, { seed: 1, numRuns: 1000 });
    console.log(`${name}: the specification allows everything that it did\n`);
  } catch (error) {
    console.log(`${name}: ${String(error)}\n`);
  }
}

await report("Streams, one thread", (made) => new Streams(made), {});
await report("Streams, three threads", (made) => new Streams(made), { threads: 3 });
await report("LosesEvents", (made) => new LosesEvents(made), {});
await report("ForgetsProgress", (made) => new ForgetsProgress(made), {});
await report("NeverDone", (made) => new NeverDone(made), {});
await report("TakesTwice", (made) => new TakesTwice(made), { threads: 3 });
