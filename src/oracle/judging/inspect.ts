// What is wrong with an event whatever the schedule: a name that nothing has, or what the header leaves out. Mirrors spec/15.

import { trapCodes } from "../../canon/traps.ts";
import { builtins } from "../../model/program.ts";
import type { System } from "../../scheduler/machine.ts";
import { didYouMean } from "../../wit/spelling.ts";
import { JudgeError } from "../errors.ts";
import type { TraceEvent, TraceHeader } from "../format/trace.ts";
import { hostEventChecker } from "../host-functions.ts";
import { namesOfFunc } from "../names.ts";
import { callNames } from "../roots.ts";
import type { Inspect } from "./window.ts";

/** Names of one kind: of any other name an event says what no run can do. */
interface Names {
  readonly what: string;
  readonly known: ReadonlySet<string>;
}

function checkName({ what, known }: Names, name: string, index: number): void {
  if (known.has(name)) return;
  const hint = didYouMean(name, known, known.size > 8 ? null : `there is ${[...known].join(", ")}`);
  throw new JudgeError(`there is no ${what} ${JSON.stringify(name)}`, { index, hint });
}

const traps: Names = { what: "trap", known: trapCodes };

/** What core code may call: built-ins, and functions that can be lowered. */
function calledBy({ program }: System): Names {
  const funcs = program.funcs.flatMap((def) => namesOfFunc(program, def));
  return { what: "built-in or lowered function", known: new Set([...builtins, ...funcs]) };
}

/** Null: the host of a scenario may call more, and names it as it does. */
function invocationsOf(system: System, { calls = [] }: TraceHeader): Names | null {
  if (calls.length === 0) return null;
  const names = [...callNames(system, calls)].map(([root, call]) => [call, root]);
  return { what: "invocation", known: new Set(names.flat()) };
}

/** What an event names that has to be there, and as what. */
function namedIn(
  event: TraceEvent,
): readonly ["called" | "invocations" | "traps", readonly (string | undefined)[]] | null {
  switch (event.event) {
    case "call":
    case "return":
      return ["called", [event.func]];
    case "invoke":
    case "result":
      return ["invocations", [event.call]];
    case "end":
      return ["invocations", event.waiting ?? []];
    case "trap":
      return ["traps", [event.code]];
    default:
      return null;
  }
}

function nameChecker(system: System, header: TraceHeader): Inspect {
  const known = { called: calledBy(system), invocations: invocationsOf(system, header), traps };
  return (event, index) => {
    const named = namedIn(event);
    if (named === null) return;
    const [of, names] = named;
    const those = known[of];
    if (those === null) return;
    for (const name of names) if (name !== undefined) checkName(those, name, index);
  };
}

function omittedIn(event: TraceEvent, omits: ReadonlySet<string>): string | null {
  if (omits.has(event.event)) return event.event;
  const func = "func" in event ? event.func : undefined;
  return func !== undefined && omits.has(func) ? func : null;
}

/** Throws `JudgeError` for an event that no trace of this system may hold. */
export function inspector(header: TraceHeader, system: System): Inspect {
  const omits = new Set<string>(header.omits);
  const checkHost = hostEventChecker(system.program);
  const checkNames = nameChecker(system, header);
  return (event, index) => {
    checkHost(event, index);
    checkNames(event, index);
    const word = omittedIn(event, omits);
    if (word === null) return;
    const problem = `the header says that ${word} is not recorded, and here it is`;
    throw new JudgeError(problem, { index, hint: null });
  };
}
