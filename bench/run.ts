// `npm run bench`: measures and prints.

import { main } from "./main.ts";
import { fullEffort } from "./measure.ts";

const io = {
  out: (text: string) => process.stdout.write(text),
  err: (text: string) => process.stderr.write(text),
};

process.exitCode = await main(process.argv.slice(2), io, fullEffort);
