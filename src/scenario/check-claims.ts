// Runs, revisions and conditions: what they name must exist.

import {
  type AmendmentName,
  amendments,
  type RevisionName,
  revisions,
} from "../model/amendments.ts";
import { factorial } from "../scheduler/encoding/permutation.ts";
import { mostPermutations } from "../scheduler/encoding/root-symmetry.ts";
import { didYouMean } from "../wit/spelling.ts";
import { lackFor } from "./about.ts";
import type { Check, Condition, OutcomePattern, RevisionExpr, Scenario } from "./ast.ts";
import type { Expr } from "./ast-exprs.ts";
import type { Pos } from "./ast-types.ts";
import { checkConstant } from "./check-constants.ts";
import type { Code } from "./check-exprs.ts";
import { findExport, type Place, unique, type World } from "./check-names.ts";
import { checkSplit } from "./check-split.ts";
import { fault } from "./errors.ts";
import { entryText } from "./literals.ts";
import { settingsKey } from "./settings.ts";

const leakKinds: ReadonlySet<string> = new Set(
  "handle own borrow subtask end set error-context thread task".split(" "),
);

/** What can get stuck: the processes of the host, then the runs. */
function rootsOf({ host, runs }: Scenario): readonly { name: string; pos: Pos }[] {
  return [...(host?.processes ?? []), ...runs];
}

function codeAt(place: Place): Code {
  return { place, scope: { names: new Set(), outer: null }, returns: undefined };
}

function checkEntries(place: Place, entries: readonly Expr[]): void {
  for (const entry of entries) checkConstant(codeAt(place), entry, "an expected log");
}

function checkRoot({ scenario }: World, root: string, pos: Pos): void {
  const known = rootsOf(scenario).map((r) => r.name);
  if (known.includes(root)) return;
  const hint = didYouMean(
    root,
    known,
    known.length === 0 ? "nothing is run" : `runs: ${known.join(", ")}`,
  );
  fault(pos, `there is no run \`${root}\``, hint);
}

function checkTrap({ options }: World, code: string | null, pos: Pos): void {
  if (code === null || (options.trapCodes?.has(code) ?? true)) return;
  const hint = didYouMean(code, options.trapCodes ?? [], "`traps` alone means any trap");
  fault(pos, `there is no trap \`${code}\``, hint);
}

function checkRoots(world: World, roots: readonly string[], pos: Pos): void {
  for (const root of roots) checkRoot(world, root, pos);
  unique(
    roots,
    (root) => root,
    () => pos,
    "the run",
  );
  const all = rootsOf(world.scenario).map((r) => r.name);
  const order = all.filter((name) => roots.includes(name));
  if (order.join() !== roots.join()) {
    fault(
      pos,
      "the stuck runs are not in the order of the `run` lines",
      `stuck ${order.join(", ")}`,
    );
  }
}

function checkOutcome(place: Place, { log, end, pos }: OutcomePattern): void {
  checkEntries(place, log);
  if (end.tag === "traps") checkTrap(place.world, end.code, pos);
  if (end.tag === "stuck") checkRoots(place.world, end.roots, pos);
}

type Of<T extends Condition["tag"]> = Extract<Condition, { tag: T }>;
type Checkers = { readonly [T in Condition["tag"]]: (place: Place, c: Of<T>) => void };

function checkBoth(place: Place, { left, right }: Of<"and" | "or">): void {
  checkCondition(place, left);
  checkCondition(place, right);
}

const nothing = (): void => undefined;

const checkers: Checkers = {
  outcome: (place, c) => checkOutcome(place, c.outcome),
  log: (place, c) => checkEntries(place, c.log),
  contains: (place, c) => checkEntries(place, [c.entry]),
  before: (place, c) => checkEntries(place, [c.first, c.second]),
  traps: ({ world }, c) => checkTrap(world, c.code, c.pos),
  bug: nothing,
  stuck: ({ world }, c) => {
    if (c.root !== null) checkRoot(world, c.root, c.pos);
  },
  diverges: nothing,
  ok: nothing,
  leaks: ({ world }, c) => checkLeak(world, c.what, c.pos),
  not: (place, c) => checkCondition(place, c.of),
  and: checkBoth,
  or: checkBoth,
};

/** What a condition names must exist, for the scenario that `place` is the host of. */
export function checkCondition(place: Place, c: Condition): void {
  (checkers[c.tag] as (place: Place, c: Condition) => void)(place, c);
}

function checkLeak({ options }: World, what: string | null, pos: Pos): void {
  const kinds = options.leaks ?? leakKinds;
  if (what === null || kinds.has(what)) return;
  const hint = didYouMean(what, kinds, `leaks ${[...kinds].join(", ")}`);
  fault(pos, `nothing of the kind \`${what}\` can leak`, hint);
}

function knownRevision(base: string, pos: Pos): readonly AmendmentName[] {
  if (Object.hasOwn(revisions, base)) return revisions[base as RevisionName].amendments;
  const known = Object.keys(revisions);
  return fault(pos, `there is no revision \`${base}\``, didYouMean(base, known, known.join(", ")));
}

function knownAmendment(name: string, pos: Pos): AmendmentName {
  if (Object.hasOwn(amendments, name)) return name as AmendmentName;
  const known = Object.keys(amendments);
  return fault(pos, `there is no amendment \`${name}\``, didYouMean(name, known, known.join(", ")));
}

/** The amendments of a revision as it is written; stops when they do not go together. */
function amendmentsOf({ base, plus, minus, pos }: RevisionExpr): ReadonlySet<AmendmentName> {
  const set = new Set(knownRevision(base, pos));
  for (const name of plus) {
    if (set.has(knownAmendment(name, pos))) {
      fault(pos, `${name} is part of ${base} already, or added twice`, "leave it out");
    }
    set.add(name as AmendmentName);
  }
  for (const name of minus) {
    if (!set.delete(knownAmendment(name, pos)) || plus.includes(name)) {
      fault(pos, `${name} cannot be taken from ${base}`, "it is not part of it, or taken twice");
    }
  }
  for (const name of set) {
    const needs: readonly AmendmentName[] = amendments[name].requires;
    const absent = needs.find((need) => !set.has(need));
    if (absent !== undefined) {
      fault(
        pos,
        `${name} does not make sense without ${absent}`,
        `add \`+ ${absent}\` or take both`,
      );
    }
  }
  return set;
}

function checkUnder(under: RevisionExpr, only: readonly string[] | null): string {
  const set = amendmentsOf(under);
  if (only !== null && !only.includes(under.base)) {
    fault(under.pos, `this scenario is only for ${only.join(", ")}`, "add it to the `only` line");
  }
  return [...set].sort().join();
}

function checkSettings({ world }: Place, { settings }: Check): void {
  for (const one of settings) {
    const lack = lackFor(world.scenario, one);
    if (lack !== null) fault(one.pos, `\`with\` in a scenario without a ${lack.what}`, lack.hint);
    if (one.name === "abi" && one.value === "split") checkSplit(world.scenario);
  }
  const again = settings.find((s, i) => settings.findIndex(({ name }) => name === s.name) < i);
  if (again !== undefined) fault(again.pos, `\`${again.name}\` is set twice`, "leave one out");
}

function checkChecks(place: Place, { checks, only }: Scenario): void {
  const exact = new Set<string>();
  for (const check of checks) {
    const revision = check.under === null ? "default" : checkUnder(check.under, only);
    checkSettings(place, check);
    checkClaim(place, check);
    const key = `${revision} with ${settingsKey(check.settings)}`;
    if (check.quantifier === "exactly" && exact.has(key)) {
      fault(check.pos, "a second `exactly` for the same revision", "join the two sets of outcomes");
    }
    if (check.quantifier === "exactly") exact.add(key);
  }
}

function checkClaim(place: Place, { condition, outcomes, quantifier, pos }: Check): void {
  if (condition !== null) checkCondition(place, condition);
  for (const outcome of outcomes) checkOutcome(place, outcome);
  if (quantifier === "exactly" && outcomes.length === 0) {
    fault(pos, "`exactly` without outcomes", "a run always ends somehow: [] is an empty log");
  }
}

function checkRuns(place: Place, { runs }: Scenario): void {
  for (const run of runs) {
    const { sig } = findExport(place, run.func);
    if (run.args.length !== sig.params.length) {
      const text = `${run.func.path.join(".")} takes ${sig.params.length} arguments`;
      fault(run.pos, `${text}, not ${run.args.length}`, "run A.f(1, 2)");
    }
    for (const arg of run.args) checkConstant(codeAt(place), arg, "a `run` line");
  }
  const roots = rootsOf(place.world.scenario);
  const second = roots.find((root, i) => roots.findIndex((r) => r.name === root.name) < i);
  if (second !== undefined) {
    fault(second.pos, `there are two runs named \`${second.name}\``, "name one: run A.f as other");
  }
}

/** Runs may be declared interchangeable if nothing but their names tells them apart. */
function checkSymmetric({ scenario }: World): void {
  const { symmetric, runs } = scenario;
  const names = symmetric.flatMap((s) => s.names.map((name) => ({ name, pos: s.pos })));
  unique(
    names,
    ({ name }) => name,
    ({ pos }) => pos,
    "the symmetric run",
  );
  const count = symmetric.reduce((n, s) => n * factorial(s.names.length), 1);
  const last = symmetric[symmetric.length - 1];
  if (last !== undefined && count > mostPermutations) {
    const text = `${count} ways to exchange runs are too many`;
    fault(last.pos, text, `at most ${mostPermutations}: leave some runs out`);
  }
  for (const { names: some, pos } of symmetric) {
    const alike = some.map((name) => invocationText(runs, name, pos));
    const odd = alike.findIndex((text) => text !== alike[0]);
    if (some.length < 2) fault(pos, "one run alone is not symmetric", "symmetric one, two");
    if (odd !== -1) {
      fault(
        pos,
        `${alike[0]} and ${alike[odd]} differ`,
        "the same function with the same arguments",
      );
    }
  }
}

function invocationText(runs: Scenario["runs"], name: string, pos: Pos): string {
  const run = runs.find((one) => one.name === name);
  if (run !== undefined) return `${run.func.path.join(".")}(${run.args.map(entryText).join(", ")})`;
  const known = runs.map((one) => one.name);
  const hint = didYouMean(name, known, `runs: ${known.join(", ")}`);
  return fault(pos, `there is no run \`${name}\``, hint);
}

function checkWords({ scenario, options }: World): void {
  const { expects, only, pos } = scenario;
  unique(
    expects,
    (word) => word,
    () => pos,
    "the expectation",
  );
  const odd = expects.find((word) => !(options.expects?.has(word) ?? true));
  if (odd !== undefined) {
    fault(pos, `nothing called \`${odd}\` can be expected`, didYouMean(odd, options.expects ?? []));
  }
  for (const revision of only ?? []) knownRevision(revision, pos);
  unique(
    only ?? [],
    (revision) => revision,
    () => pos,
    "the revision",
  );
}

/** Everything below the cast: `run`, `expect`, `only` and the checks. */
export function checkClaims(place: Place): void {
  const { scenario } = place.world;
  checkRuns(place, scenario);
  checkSymmetric(place.world);
  checkWords(place.world);
  checkChecks(place, scenario);
}
