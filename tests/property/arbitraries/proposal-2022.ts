// Small programs of June 2022: trees of calls that react to what they are told, and streams through a chain of instances.

import fc from "fast-check";

/** A component of a tree: the calls that it makes, and whether it asks them to stop, or never returns. */
export interface Branch {
  readonly calls: readonly Branch[];
  /** it cancels its first call */
  readonly cancels: boolean;
  /** it waits for ever, unless it is cancelled */
  readonly silent: boolean;
}

const leaf: fc.Arbitrary<Branch> = fc.record({
  calls: fc.constant([]),
  cancels: fc.constant(false),
  silent: fc.boolean(),
});

const twig: fc.Arbitrary<Branch> = fc.record({
  calls: fc.array(leaf, { minLength: 1, maxLength: 2 }),
  cancels: fc.boolean(),
  silent: fc.constant(false),
});

/** At most five components, three deep. */
export const anyTree: fc.Arbitrary<Branch> = fc.record({
  calls: fc.oneof(
    fc.tuple(twig),
    fc.tuple(leaf, leaf),
    fc.tuple(leaf),
    fc.constant([]),
  ) as fc.Arbitrary<readonly Branch[]>,
  cancels: fc.boolean(),
  silent: fc.constant(false),
});

/** Trees in which everything returns. */
export const talkingTree: fc.Arbitrary<Branch> = anyTree.map(function talk(branch: Branch): Branch {
  return { ...branch, silent: false, calls: branch.calls.map(talk) };
});

export interface TreeOptions {
  readonly lift: "stackful" | "callback";
  readonly type: "future<u32>" | "stream<u8, u32>";
  /** It returns when it has the first value, and finishes when that was received, whatever is below it. */
  readonly hasty?: boolean;
}

const lines = (...all: readonly string[]): string => all.join("\n");

/** Offers the sum; whoever learns in the call that it was received is told nothing. */
function answer(done: string): string {
  return `store u32 64 (sum + 1); if canon.return t 64 { canon.finish t; ${done} }`;
}

/** What a component does when it is told something; `done` ends it. */
function reaction({ calls }: Branch, name: string, hasty: boolean, done: string): string {
  const last = `if left == 0 and not stopped { ${answer(done)} }`;
  const first = `if e == RETURNED and not answered and not stopped { answered = true; ${answer(done)} }`;
  return lines(
    `log "${name} {e}"`,
    "if e == RETURNED { sum = sum + load u32 (16 + 4 * i) }",
    hasty ? first : "",
    `if e == FINISHED { canon.drop i; left = left - 1; ${calls.length > 0 && !hasty ? last : ""} }`,
    "if e == TASK_CANCELLED { stopped = true }",
    `if e == RETURN_COMPLETE or (stopped and left == 0) { canon.finish t; ${done} }`,
  );
}

function start(
  { calls, cancels, silent }: Branch,
  names: readonly string[],
  type: string,
  done: string,
): string {
  const size = type.startsWith("stream") ? " 4" : "";
  const made = calls.map((_, k) => {
    return lines(
      `let s${k} = ${names[k]}.f()`,
      `let done${k}, n${k} = canon.listen s${k} (16 + 4 * s${k})${size}`,
      `if done${k} { sum = sum + load u32 (16 + 4 * s${k}) }`,
    );
  });
  const asked = cancels && calls.length > 0 ? ["canon.cancel s0"] : [];
  const returned = calls.length === 0 && !silent ? [answer(done)] : [];
  return lines(...made, ...asked, ...returned);
}

function component(branch: Branch, name: string, options: TreeOptions): string {
  const { lift, type, hasty = false } = options;
  const names = branch.calls.map((_, k) => `${name}${"AB"[k]}`);
  const done = lift === "callback" ? "exit" : "open = false";
  const begin = start(branch, names, type, done);
  const body =
    lift === "callback"
      ? lines(
          "callback(t) {",
          `on start() { ${begin}\nwait 0 }`,
          `on event(e, i, n) { ${reaction(branch, name, hasty, done)}\nwait 0 }`,
          "}",
        )
      : lines(
          "stackful(t) {",
          "let open = true",
          begin,
          `while open { let e, i, n = canon.wait\n${reaction(branch, name, hasty, done)} }`,
          "}",
        );
  const inner = branch.calls.map((call, k) => component(call, names[k] ?? "", options));
  return lines(
    ...inner,
    `component ${name} {`,
    ...names.map((n) => `import ${n}`),
    `var left = ${branch.calls.length}`,
    "var sum = 0",
    "var stopped = false",
    "var answered = false",
    `export f: func() -> ${type} ${body}`,
    "}",
  );
}

/** The text of a scenario in which the host calls the root of a tree. */
export function treeText(tree: Branch, options: TreeOptions): string {
  return lines(
    'scenario "a tree"',
    "design proposal-2022",
    component(tree, "N", options),
    "host { process main { log N.f() } }",
  );
}

/** A writer, and a reader that takes so many bytes at a time. */
export interface Pipe2022 {
  /** how many bytes each write offers */
  readonly writes: readonly number[];
  /** bytes of the reader's buffer */
  readonly size: number;
  /** bytes that it skips first */
  readonly skips: number;
  /** bytes at a time of whoever stands between */
  readonly between: number;
}

export const anyPipe2022: fc.Arbitrary<Pipe2022> = fc.record({
  writes: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }),
  size: fc.integer({ min: 1, max: 4 }),
  skips: fc.constant(0),
  between: fc.integer({ min: 1, max: 3 }),
});

export const skippingPipe: fc.Arbitrary<Pipe2022> = fc
  .tuple(anyPipe2022, fc.integer({ min: 1, max: 3 }))
  .map(([pipe, skips]) => ({ ...pipe, skips }));

/** What stands between the writer and the reader. */
export type Between = "nothing" | "forward" | "splice" | "copy";

/** Bytes 1, 2, 3, .. at 100, then the end value 9. Each offer is made again until all of it is gone. */
function writer({ writes }: Pipe2022): string {
  const total = writes.reduce((sum, n) => sum + n, 0);
  const ends = writes.map((_, k) => 100 + writes.slice(0, k + 1).reduce((sum, n) => sum + n, 0));
  const offers = ends.map((end) => {
    return lines(
      `while at < ${end} {`,
      `let n = canon.write t at (${end} - at)`,
      'if n == 0 { log "lends"; let e, i, m = canon.wait; n = m; log "back" }',
      "at = at + n",
      "}",
    );
  });
  return lines(
    "component P {",
    "export s: func() -> stream<u8, u8> stackful(t) {",
    ...Array.from({ length: total }, (_, k) => `store u8 ${100 + k} ${k + 1}`),
    "let at = 100",
    ...offers,
    "store u8 50 9",
    'if not (canon.return t 50) { log "lends"; let e, i, m = canon.wait; log "back" }',
    "canon.finish t",
    "}",
    "}",
  );
}

/** Listens with the bytes at `ptr` until the end value is there; `round` is what follows each listen. */
function reading(ptr: number, size: number, round: string): string {
  return lines(
    "let more = true",
    "while more {",
    `let done, n = canon.listen s ${ptr} ${size}`,
    'if not done { log "lends"; let e, i, m = canon.wait; n = m; log "back" }',
    "more = n > 0",
    round,
    "}",
  );
}

const ended = lines("let e2, i2, n2 = canon.wait", "canon.drop s");

function reader({ size, skips }: Pipe2022, from: string, how: "skip" | "ignore"): string {
  const skipped =
    skips === 0 || how === "ignore"
      ? `let ignored = ${skips}`
      : lines(
          "let ignored = 0",
          `let left = ${skips}`,
          "while left > 0 {",
          "let all = canon.skip s left",
          "if all { left = 0 } else {",
          "let e, i, m = canon.wait",
          "if m == 0 { left = 0 } else { left = left - m }",
          "}",
          "}",
        );
  const each = lines(
    "let k = 0",
    "while k < n {",
    "if ignored > 0 { ignored = ignored - 1 } else { got = got * 10 + load u8 (16 + k) }",
    "k = k + 1",
    "}",
  );
  return lines(
    "component C {",
    `import ${from}`,
    "export run: func() -> future stackful(t) {",
    `let s = ${from}.s()`,
    "let got = 0",
    skipped,
    reading(16, size, each),
    'log "C {got} {load u8 16}"',
    ended,
    "if not (canon.return t 0) { let e3, i3, n3 = canon.wait }",
    "canon.finish t",
    "}",
    "}",
  );
}

/** An instance between the two: it gives on what it gets. */
function passer({ between: size }: Pipe2022, how: Between): string {
  const copied = reading(
    16,
    size,
    lines(
      "let out = 0",
      "while out < n {",
      "let w = canon.write t (16 + out) (n - out)",
      'if w == 0 { log "lends"; let e4, i4, m4 = canon.wait; w = m4; log "back" }',
      "out = out + w",
      "}",
    ),
  );
  const spliced = lines(
    "let going = true",
    "while going {",
    `let all = canon.splice s t ${size}`,
    `let m = ${size}`,
    "if not all { let e, i, k = canon.wait; m = k }",
    "going = m > 0",
    "}",
    "let done, n = canon.listen s 16 1",
    "if not done { let e5, i5, n5 = canon.wait }",
  );
  const rest = lines(
    ended,
    "if not (canon.return t 16) { let e6, i6, n6 = canon.wait }",
    "canon.finish t",
  );
  const body =
    how === "forward" ? "canon.forward s t" : lines(how === "splice" ? spliced : copied, rest);
  return lines(
    "component M {",
    "import P",
    "export s: func() -> stream<u8, u8> stackful(t) {",
    "let s = P.s()",
    body,
    "}",
    "}",
  );
}

/** The text of a scenario in which a reader takes what a writer writes. */
export function pipeText(
  pipe: Pipe2022,
  between: Between = "nothing",
  how: "skip" | "ignore" = "skip",
): string {
  return lines(
    'scenario "a pipe"',
    "design proposal-2022",
    writer(pipe),
    between === "nothing" ? "" : passer(pipe, between),
    reader(pipe, between === "nothing" ? "P" : "M", how),
    "run C.run() as main",
  );
}
