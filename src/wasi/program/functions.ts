// The functions of wasi:cli about the program itself: its arguments, its environment, its exit, its terminal. Mirrors spec/09 and wasi:cli.

import { trapAt } from "../../canon/machine.ts";
import { stringValue } from "../../canon/values/strings.ts";
import type { Value } from "../../model/values.ts";
import { type Bodies, type Body, type Host, syncFunction } from "../host.ts";

const none: Value = { tag: "case", label: "none", value: null };

/** Nobody holds a terminal: the host has none. */
const nothing: Body = syncFunction(() => null);

const noTerminal: Body = syncFunction(() => none);

const noFolder: Body = syncFunction(() => none);

function environment({ world }: Host): Value {
  return world.env.map(([name, value]) => [stringValue(name), stringValue(value)]);
}

/** Ends the run as a trap would. */
function exit({ c }: Host, how: string): null {
  c.edit.log(`exit ${how}`);
  trapAt(true, "host.exited");
  return null;
}

function isOk(status: Value | undefined): boolean {
  return typeof status === "object" && "tag" in status && status.tag === "case"
    ? status.label === "ok"
    : false;
}

export const programFunctions: Bodies = {
  "wasi:cli/environment.get-environment": syncFunction(environment),
  "wasi:cli/environment.get-arguments": syncFunction(({ world }) =>
    world.args.map((arg) => stringValue(arg)),
  ),
  "wasi:cli/environment.get-initial-cwd": noFolder,
  "wasi:cli/exit.exit": syncFunction((h, [status]) => exit(h, isOk(status) ? "ok" : "error")),
  "wasi:cli/exit.exit-with-code": syncFunction((h, [code]) => exit(h, String(code))),
  "wasi:cli/terminal-stdin.get-terminal-stdin": noTerminal,
  "wasi:cli/terminal-stdout.get-terminal-stdout": noTerminal,
  "wasi:cli/terminal-stderr.get-terminal-stderr": noTerminal,
  "wasi:cli/terminal-input.terminal-input.drop": nothing,
  "wasi:cli/terminal-output.terminal-output.drop": nothing,
};
