// Random pairs of stackless components, of which one calls the other, and a host that lets everything end.

import fc from "fast-check";

/** What a body of the callee waits for, in order: a turn, a variable by its number, or a function of the host. */
export type Wait = "yield" | "a" | "b" | "host";

/** What becomes of a call in the end. */
export type Fate = "await" | "cancel" | "nothing";

export interface SplitProgram {
  /** the exports of the callee */
  readonly bodies: readonly (readonly Wait[])[];
  /** the calls that the caller starts: by the number of the export */
  readonly calls: readonly number[];
  /** whether the caller asks for the first of them before anything else */
  readonly first: boolean;
  /** what it does with each call, in this order */
  readonly fates: readonly (readonly [call: number, fate: Fate])[];
  readonly spawned: readonly Wait[];
}

const wait: fc.Arbitrary<Wait> = fc.constantFrom("yield", "a", "b", "host");
const waits: fc.Arbitrary<readonly Wait[]> = fc.array(wait, { maxLength: 2 });
const fate: fc.Arbitrary<Fate> = fc.constantFrom("await", "await", "cancel", "nothing");

export const anySplitProgram: fc.Arbitrary<SplitProgram> = fc
  .record({
    bodies: fc.array(waits, { minLength: 1, maxLength: 2 }),
    calls: fc.array(fc.nat(1), { minLength: 1, maxLength: 3 }),
    first: fc.boolean(),
    fates: fc.array(fate, { minLength: 3, maxLength: 3 }),
    order: fc.shuffledSubarray([0, 1, 2], { minLength: 3, maxLength: 3 }),
    spawned: waits,
  })
  .map(({ fates, order, ...program }) => ({
    ...program,
    calls: program.calls.map((n) => n % program.bodies.length),
    fates: order
      .filter((call) => call < program.calls.length)
      .map((call) => [call, fates[call] ?? "await"] as const),
  }));

const waiting = (what: Wait): string => {
  if (what === "yield") return "yield";
  if (what === "host") return "await host.f()";
  return `let ${what} = pollables.subscribe("${what}"); await pollables.block(${what})`;
};

const block = (what: readonly Wait[]): string =>
  what.map((one, i) => `if true { ${waiting(one)} } -- ${i}`).join("\n");

function callerBody({ calls, first, fates, spawned }: SplitProgram): string {
  const names = calls.map((_, i) => `c${i}`);
  const starts = calls.map((n, i) => `let c${i} = start S.f${n}()`);
  const firsts = first ? [`log "number {await first ${names.join(", ")}}"`] : [];
  const ends = fates.flatMap(([call, what]) => {
    if (what === "nothing") return [];
    return what === "await" ? [`await c${call}`, `log "c${call}"`] : [`cancel c${call}`];
  });
  return [`spawn {\n${block(spawned)}\n}`, ...starts, ...firsts, ...ends].join("\n");
}

/** The program as a scenario without claims; `open`: whether what it waits for is there from the start. */
export function splitScenario(program: SplitProgram, open: boolean): string {
  const exports = program.bodies.map(
    (body, i) => `export f${i}: async func() stackless {\n${block(body)}\n}`,
  );
  const now = open ? 1 : 0;
  return `scenario "random"
component M {
  import S
  import host
  import canon-async:testing/pollables
  export run: async func() stackless {
    ${callerBody(program)}
  }
}
component S {
  import host
  import canon-async:testing/pollables
  ${exports.join("\n")}
}
host {
  var a = ${now}
  var b = ${now}
  var go = ${now}
  func f: async func() { await go }
  process clock { await idle; a = 1; await idle; go = 1; await idle; b = 1 }
}
run M.run
`;
}
