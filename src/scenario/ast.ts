// The syntax tree of the scenario language. Mirrors spec/00-scenarios.md.

import type { Component as BinaryComponent } from "../component/ast.ts";
import type { UnknownImports } from "../component/items.ts";
import type { Given } from "../wasi/given.ts";
import type { Expr } from "./ast-exprs.ts";
import type { Name, Pos, Signature, TypeDecl, TypeExpr } from "./ast-types.ts";

/** How an export is lifted: the `async` and `callback` canonical options; a `stackless` body is compiled to either. */
export type LiftMode = "sync" | "stackful" | "callback" | "stackless";

export interface ExportDecl {
  readonly tag: "export";
  readonly name: string;
  readonly sig: Signature;
  readonly mode: LiftMode;
  /** The body; of a callback export, `on start`. */
  readonly body: Block;
  /** `stackful(t)`, `callback(t)` of June 2022: its own task */
  readonly task?: string;
  /** Callback exports: `on event(e, i, p) { .. }`; of June 2022 perhaps with the closure. */
  readonly onEvent: {
    readonly params: readonly [string, string, string, ...string[]];
    readonly body: Block;
  } | null;
  /** Sync-lifted exports: `post-return { .. }`. */
  readonly postReturn: Block | null;
  /** Stackless exports: `on cancel { .. }`. */
  readonly onCancel?: Block;
  readonly pos: Pos;
}

export interface FuncDecl {
  readonly tag: "func";
  readonly name: string;
  readonly params: readonly string[];
  readonly body: Block;
  readonly pos: Pos;
}

export interface ResourceDecl {
  readonly tag: "resource";
  readonly name: string;
  /** `drop(rep) { .. }`: the destructor. */
  readonly dtor: { readonly param: string; readonly body: Block } | null;
  readonly pos: Pos;
}

export interface Component {
  readonly name: string;
  /** bytes, and the address type */
  readonly memory: { readonly bytes: number; readonly address: "i32" | "i64" };
  readonly encoding: "utf8" | "utf16" | "latin1+utf16";
  readonly vars: readonly { readonly name: string; readonly value: Expr; readonly pos: Pos }[];
  readonly resources: readonly ResourceDecl[];
  /** `import P` (every export), `import host`, or an interface: `import wasi:filesystem/types`. */
  readonly imports: readonly { readonly name: string; readonly pos: Pos }[];
  readonly exports: readonly ExportDecl[];
  /** Core functions: bodies for threads, called by name like built-ins otherwise. */
  readonly funcs: readonly FuncDecl[];
  /** `realloc(old, old-size, align, size) { .. }` instead of the built-in bump allocator. */
  readonly realloc: FuncDecl | null;
  readonly children: readonly Component[];
  readonly pos: Pos;
}

export interface HostFunc {
  readonly name: string;
  readonly sig: Signature;
  /** `cancellable`: a cancel resolves it at once; otherwise the request waits for `await cancel`. */
  readonly cancellable: boolean;
  readonly body: Block;
  readonly pos: Pos;
}

export interface HostDecl {
  readonly vars: Component["vars"];
  readonly funcs: readonly HostFunc[];
  /** `cancels copies at once | later | either`: what a host peer does with a cancelled copy. */
  readonly cancelCopy: "either" | "at-once" | "defer";
  /** Processes of the host, each started before the first step. */
  readonly processes: readonly { readonly name: string; readonly body: Block; readonly pos: Pos }[];
  readonly pos: Pos;
}

export type Block = readonly Stmt[];

export type Stmt =
  /** `let a, b = EXPR` */
  | {
      readonly tag: "let";
      readonly names: readonly string[];
      readonly value: Expr;
      readonly pos: Pos;
    }
  /** `x = EXPR`: a local, or a variable of the instance */
  | { readonly tag: "assign"; readonly name: string; readonly value: Expr; readonly pos: Pos }
  /** `keep w`: copies a local into the instance's variable of the same name */
  | { readonly tag: "keep"; readonly name: string; readonly pos: Pos }
  | { readonly tag: "expr"; readonly value: Expr; readonly pos: Pos }
  | { readonly tag: "log"; readonly value: Expr; readonly pos: Pos }
  | {
      readonly tag: "if";
      readonly condition: Expr;
      readonly then: Block;
      readonly otherwise: Block;
      readonly pos: Pos;
    }
  /** `repeat N { .. }` */
  | { readonly tag: "repeat"; readonly count: Expr; readonly body: Block; readonly pos: Pos }
  /** `while COND { .. }`: may diverge; the explorer then says so */
  | { readonly tag: "while"; readonly condition: Expr; readonly body: Block; readonly pos: Pos }
  | { readonly tag: "break"; readonly pos: Pos }
  /** `return` / `return EXPR`: of a sync lift, a core function, or the host */
  | { readonly tag: "return"; readonly value: Expr | null; readonly pos: Pos }
  /** callback bodies: the packed result */
  | { readonly tag: "exit"; readonly pos: Pos }
  | { readonly tag: "yield"; readonly pos: Pos }
  | { readonly tag: "wait"; readonly set: Expr; readonly pos: Pos }
  /** the core instruction: traps */
  | { readonly tag: "unreachable"; readonly pos: Pos }
  /** a core exception that reaches the boundary */
  | { readonly tag: "throw"; readonly pos: Pos }
  /** `store u32 PTR EXPR`: writes a value of any type in its memory layout (handles as indices) */
  | {
      readonly tag: "store";
      readonly t: TypeExpr;
      readonly ptr: Expr;
      readonly value: Expr;
      readonly pos: Pos;
    }
  /** stackless bodies: `cancel c`, `drop c` */
  | {
      readonly tag: "give-up";
      readonly how: "cancel" | "drop";
      readonly call: Expr;
      readonly pos: Pos;
    }
  /** stackless bodies: `spawn { .. }`, a task of its own */
  | { readonly tag: "spawn"; readonly body: Block; readonly pos: Pos }
  /** `choose { .. } or { .. }`: a choice point of the host's making; also for guests */
  | { readonly tag: "choose"; readonly options: readonly Block[]; readonly pos: Pos }
  /** host only: `await x == 3`, `await x` (not 0: `equals` is null), `await cancel`, `await idle` */
  | {
      readonly tag: "await";
      readonly what:
        | { readonly tag: "variable"; readonly name: string; readonly equals: number | null }
        | { readonly tag: "cancel" | "idle" };
      readonly pos: Pos;
    };

/** One way a run can end, as conditions write it. */
export interface OutcomePattern {
  readonly log: readonly Expr[];
  readonly end:
    | { readonly tag: "ok" }
    | { readonly tag: "traps"; readonly code: string }
    | { readonly tag: "bug"; readonly code: string }
    /** the unfinished invocations, in the order of the `run` lines */
    | { readonly tag: "stuck"; readonly roots: readonly string[] }
    | { readonly tag: "diverges" };
  readonly pos: Pos;
}

export type Condition =
  | { readonly tag: "outcome"; readonly outcome: OutcomePattern; readonly pos: Pos }
  /** `log = [..]` whatever the end */
  | { readonly tag: "log"; readonly log: readonly Expr[]; readonly pos: Pos }
  | { readonly tag: "contains"; readonly entry: Expr; readonly pos: Pos }
  | { readonly tag: "before"; readonly first: Expr; readonly second: Expr; readonly pos: Pos }
  /** `traps CODE`, or `traps` for any */
  | { readonly tag: "traps"; readonly code: string | null; readonly pos: Pos }
  | { readonly tag: "bug"; readonly code: string | null; readonly pos: Pos }
  | { readonly tag: "stuck"; readonly root: string | null; readonly pos: Pos }
  | { readonly tag: "diverges"; readonly pos: Pos }
  /** every invocation resolved, nothing trapped */
  | { readonly tag: "ok"; readonly pos: Pos }
  /** something of this kind is left over when the run is over: a handle, thread, task or subtask */
  | { readonly tag: "leaks"; readonly what: string | null; readonly pos: Pos }
  | { readonly tag: "not"; readonly of: Condition; readonly pos: Pos }
  | {
      readonly tag: "and" | "or";
      readonly left: Condition;
      readonly right: Condition;
      readonly pos: Pos;
    };

/** `under 6d28164:`, `under 6d28164 + CM#707:`, `under d1daf829 - CM#720:` */
export interface RevisionExpr {
  readonly base: string;
  readonly plus: readonly string[];
  readonly minus: readonly string[];
  readonly pos: Pos;
}

/** `NAME VALUE` of a `with`: a choice point of the WASI host and its value, or `profile NAME`. */
export interface SettingExpr {
  readonly name: string;
  readonly value: string;
  readonly pos: Pos;
}

/**
 * Without `under`, a check holds for every revision for which the scenario has no `under` of its
 * own. With settings, it holds for a search of its own, under each of those revisions.
 */
export interface Check {
  readonly under: RevisionExpr | null;
  /** `with pin op, check call`, in the order of writing; empty without `with` */
  readonly settings: readonly SettingExpr[];
  readonly quantifier: "always" | "sometimes" | "never" | "exactly";
  /** always, sometimes, never: one condition; exactly: the set of outcomes */
  readonly condition: Condition | null;
  readonly outcomes: readonly OutcomePattern[];
  readonly pos: Pos;
}

/** What follows the first word of a line of `wasi`; `text` is without quotes or `%`. */
export interface WasiArg {
  readonly tag: "text" | "word";
  readonly text: string;
  readonly pos: Pos;
}

/** `file "a" "text"`, `set pin op`: the lines of `wasi { .. }`, which `wasi-block.ts` interprets. */
export interface WasiLine {
  readonly word: string;
  readonly args: readonly WasiArg[];
  readonly pos: Pos;
}

/** `wasi { .. }`: the world that the WASI host of the scenario begins with. */
export interface WasiDecl {
  readonly lines: readonly WasiLine[];
  readonly pos: Pos;
}

export interface RunDecl {
  /** `run A.f(1) as main`; the name defaults to the function's */
  readonly name: string;
  readonly func: Name;
  readonly args: readonly Expr[];
  readonly pos: Pos;
}

/** `symmetric one, two`: runs of the same function with the same arguments, which are interchangeable */
export interface SymmetricDecl {
  readonly names: readonly string[];
  readonly pos: Pos;
}

/** A component of a file and the calls that set it going: the cast of a scenario that is no text. */
export interface Binary {
  /** checked */
  readonly component: BinaryComponent;
  /** in WAVE, each a root of its own; none: the component exports `wasi:cli/run` */
  readonly invoke: readonly string[];
  /** core instructions between two calls out at the most; without it as many as the interpreter allows */
  readonly fuel?: number;
  /** it imports interfaces of WASI */
  readonly wasi: boolean;
  readonly unknownImports: UnknownImports;
  /** what the WASI host gives the program */
  readonly given: Given;
  /** the options of the command line that say so, with their values */
  readonly words: readonly (readonly [string, string])[];
}

export interface Scenario {
  readonly title: string;
  /** the first word of the title when it looks like an id (`STR-04`), else null */
  readonly id: string | null;
  /** `design proposal-2022`; not there for today's */
  readonly design?: { readonly name: "proposal-2022"; readonly pos: Pos };
  /** not there for a scenario of the language; else only `runs` says something below: see binary.ts */
  readonly binary?: Binary;
  readonly types: readonly TypeDecl[];
  readonly components: readonly Component[];
  readonly host: HostDecl | null;
  readonly wasi: WasiDecl | null;
  readonly runs: readonly RunDecl[];
  /** `expect bugs`, `expect deadlock`: standing properties that this scenario is about */
  readonly expects: readonly string[];
  readonly symmetric: readonly SymmetricDecl[];
  /** `only 6d28164`: meaningless elsewhere; null for every revision */
  readonly only: readonly string[] | null;
  readonly checks: readonly Check[];
  readonly pos: Pos;
}
