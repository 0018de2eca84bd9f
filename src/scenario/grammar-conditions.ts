// Checks: what a scenario claims about its outcomes.

import {
  alt_sc,
  apply,
  kmid,
  kright,
  list_sc,
  opt_sc,
  type Rule,
  rep_sc,
  rule,
  seq,
} from "typescript-parsec";
import type { Check, Condition, OutcomePattern, RevisionExpr, SettingExpr } from "./ast.ts";
import type { Expr } from "./ast-exprs.ts";
import { expression, tooMany } from "./grammar-exprs.ts";
import {
  asToken,
  braced,
  byToken,
  byWord,
  called,
  commaList,
  name,
  node,
  type P,
  sign,
  terminal,
  word,
} from "./grammar-terminals.ts";
import { atom } from "./grammar-values.ts";
import type { Kind } from "./lexer.ts";
import type { ScenarioToken } from "./lexer-layout.ts";

const entries: P<Expr[]> = commaList(sign("["), expression, sign("]"));

const code: P<string> = apply(
  terminal("a code", (t) => t.kind === "path" && t.text !== "and" && t.text !== "or"),
  (t) => t.text,
);

const names: P<string[]> = list_sc(name("the name of a run"), sign(","));

type End = OutcomePattern["end"];

const end: P<End> = byWord<End>(
  {
    traps: apply(kright(word("traps"), code), (text): End => ({ tag: "traps", code: text })),
    bug: apply(kright(word("bug"), code), (text): End => ({ tag: "bug", code: text })),
    stuck: apply(kright(word("stuck"), names), (roots): End => ({ tag: "stuck", roots })),
    diverges: apply(word("diverges"), (): End => ({ tag: "diverges" })),
  },
  apply(opt_sc(called("traps, stuck, diverges or bug", word("traps"))), (): End => ({ tag: "ok" })),
);

/** `["x"] traps CODE` */
const outcome: P<OutcomePattern> = node(seq(entries, end), ([log, how], pos) => ({
  log,
  end: how,
  pos,
}));

/** What `always`, `sometimes` and `never` say of outcomes. */
export const conditionRule: Rule<Kind, Condition> = rule<Kind, Condition>();

const before: P<Condition> = node(
  seq(atom, kright(word("before"), atom)),
  ([first, second], pos) => ({ tag: "before", first, second, pos }),
);

function withCode(tag: "traps" | "bug"): P<Condition> {
  return node(kright(word(tag), opt_sc(code)), (text, pos) => ({ tag, code: text ?? null, pos }));
}

const plainWord: P<string> = apply(
  terminal("a name", (t) => t.kind === "path" && !["and", "or"].includes(t.text)),
  (t) => t.text.replace("%", ""),
);

const stuck: P<Condition> = node(kright(word("stuck"), opt_sc(plainWord)), (root, pos) => ({
  tag: "stuck",
  root: root ?? null,
  pos,
}));

const leaks: P<Condition> = node(kright(word("leaks"), opt_sc(plainWord)), (what, pos) => ({
  tag: "leaks",
  what: what ?? null,
  pos,
}));

const aboutLog: P<Condition> = kright(
  word("log"),
  alt_sc(
    node(kright(sign("="), entries), (list, pos): Condition => ({ tag: "log", log: list, pos })),
    node(kright(word("contains"), atom), (entry, pos): Condition => {
      return { tag: "contains", entry, pos };
    }),
  ),
);

const byKeyword: Readonly<Record<string, P<Condition>>> = {
  traps: withCode("traps"),
  bug: withCode("bug"),
  stuck,
  leaks,
  log: node(aboutLog, (condition, pos) => ({ ...condition, pos })),
  ok: node(word("ok"), (_, pos): Condition => ({ tag: "ok", pos })),
  diverges: node(word("diverges"), (_, pos): Condition => ({ tag: "diverges", pos })),
};

const outcomeCondition: P<Condition> = node(outcome, (of, pos) => ({
  tag: "outcome",
  outcome: of,
  pos,
}));

const group: P<Condition> = kmid(sign("("), conditionRule, sign(")"));

/** Whether the value that begins at the bracket `t` stands before the word `before`. */
function orders(t: ScenarioToken): boolean {
  return t.partner?.next?.text === "before";
}

const primary: P<Condition> = byToken((t) => {
  if (t.text === "(") return orders(t) ? before : group;
  if (t.text === "[") return orders(t) ? before : outcomeCondition;
  const next = asToken(t.next);
  const value = next?.text === "before" || (next?.text === "(" && next.glued);
  const keyword = t.kind === "path" && !value ? byKeyword[t.text] : undefined;
  return keyword ?? before;
});

function operatorsIn(c: Condition): number {
  if (c.tag === "not") return 1 + operatorsIn(c.of);
  return c.tag === "and" || c.tag === "or" ? 1 + operatorsIn(c.left) + operatorsIn(c.right) : 0;
}

function bounded(c: Condition): Condition {
  tooMany(operatorsIn(c), c.pos);
  return c;
}

const negated: P<Condition> = apply(seq(rep_sc(word("not")), primary), ([nots, of]) => {
  tooMany(nots.length, of.pos);
  return bounded(nots.reduceRight<Condition>((c, t) => ({ tag: "not", of: c, pos: t.at }), of));
});

function joined(tag: "and" | "or", p: P<Condition>): P<Condition> {
  return apply(list_sc(p, word(tag)), (items) => {
    const [first, ...rest] = items as [Condition, ...Condition[]];
    tooMany(rest.length, first.pos);
    return bounded(rest.reduce((left, right) => ({ tag, left, right, pos: left.pos }), first));
  });
}

conditionRule.setPattern(called("a condition", joined("or", joined("and", negated))));

/** A revision: a commit, written as it is, which may begin with a digit. */
export const revision: P<string> = apply(
  terminal(
    "a revision",
    (t) => /^[0-9A-Za-z]+$/.test(t.text) && (t.kind === "path" || t.kind === "number"),
  ),
  (t) => t.text,
);

const amendment: P<string> = apply(
  terminal(
    "an amendment",
    (t) => t.kind === "amendment" || (t.kind === "path" && !t.text.includes(".")),
  ),
  (t) => t.text,
);

const change = alt_sc(
  apply(kright(sign("+"), amendment), (text) => ({ plus: [text], minus: [] as string[] })),
  apply(kright(sign("-"), amendment), (text) => ({ plus: [] as string[], minus: [text] })),
);

const under: P<RevisionExpr> = node(
  kright(word("under"), seq(revision, rep_sc(change))),
  ([base, changes], pos) => ({
    base,
    plus: changes.flatMap((c) => c.plus),
    minus: changes.flatMap((c) => c.minus),
    pos,
  }),
);

const settingValue: P<string> = apply(
  terminal("the value of the setting", (t) => t.kind === "path" || t.kind === "number"),
  (t) => t.text,
);

const setting: P<SettingExpr> = node(
  seq(name("a choice point or `profile`"), settingValue),
  ([text, value], pos) => ({ name: text, value, pos }),
);

const settings: P<SettingExpr[]> = kright(word("with"), list_sc(setting, sign(",")));

/** What a claim is limited to. */
type Where = Pick<Check, "under" | "settings">;

const where: P<Where> = alt_sc(
  apply(seq(under, opt_sc(settings), sign(":")), ([of, some]) => ({
    under: of,
    settings: some ?? [],
  })),
  apply(seq(settings, sign(":")), ([some]) => ({ under: null, settings: some })),
);

type Claim = Pick<Check, "quantifier" | "condition" | "outcomes">;

function quantified(quantifier: "always" | "sometimes" | "never"): P<Claim> {
  return apply(kright(word(quantifier), conditionRule), (condition) => ({
    quantifier,
    condition,
    outcomes: [],
  }));
}

const exactly: P<Claim> = apply(kright(word("exactly"), braced(outcome)), (outcomes) => ({
  quantifier: "exactly",
  condition: null,
  outcomes,
}));

const claim: P<Claim> = alt_sc(
  quantified("always"),
  quantified("sometimes"),
  quantified("never"),
  exactly,
);

/** `[under REVISION] [with NAME VALUE, ..] [:] always CONDITION`, `exactly { .. }` */
export const check: P<Check> = node(seq(opt_sc(where), claim), ([limits, of], pos) => ({
  ...(limits ?? { under: null, settings: [] }),
  ...of,
  pos,
}));
