// Runs the command line in this process and keeps what it says.

import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export const fixtures: string = "tests/unit/fixtures";

/** `changes` replaces parts of a machine without colours, without a terminal, that never stops. */
export async function cli(argv: readonly string[], changes: Partial<Io> = {}): Promise<Said> {
  let [out, err] = ["", ""];
  const io: Io = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    color: false,
    terminal: false,
    stopped: () => false,
    ...changes,
  };
  const code = await main(argv, io);
  return { code, out, err };
}
