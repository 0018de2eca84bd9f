// Runs the commands of a script that are about core modules, on one store of bare modules. Mirrors spec/14.

import { decodeModule } from "../wasm/decode.ts";
import { Invalid } from "../wasm/invalid.ts";
import type { Import, Module } from "../wasm/module.ts";
import type { ExternInst, ModuleInst } from "../wasm/program.ts";
import { type BareStore, bareStore, type Ended } from "../wasm/store.ts";
import { validateModule } from "../wasm/validate.ts";
import { type Assembly, bytesOfWat } from "./assembly.ts";
import { judgeEnding, judgeReturn, valuesOf, wordsOfArgs } from "./core-endings.ts";
import type { Bits } from "./core-values.ts";
import { type Held, held, missing, Names } from "./names.ts";
import { type AssertRefused, judgeRefusal } from "./refusing.ts";
import { type Command, type Deed, isDeed, type Wat } from "./script.ts";
import { spectest } from "./spectest.ts";
import { supersededBy } from "./superseded.ts";
import { failed, passed, skipped, type Verdict } from "./verdict.ts";

export type CoreCommand = Exclude<Command, { readonly tag: "other" }>;

function checked(bytes: Uint8Array): Module {
  const module = decodeModule(bytes);
  validateModule(module);
  return module;
}

/** What was done: how it ended, or why it could not be. */
type Done = { readonly ended: Ended; readonly values: readonly Bits[] } | { readonly why: Verdict };

export class CoreRunner {
  readonly #assembly: Assembly;
  readonly #store: BareStore = bareStore();
  readonly #definitions = new Names<Module>("module definition");
  readonly #instances = new Names<ModuleInst>("module instance");
  readonly #registered = new Map<string, Held<ModuleInst>>();

  constructor(assembly: Assembly) {
    this.#assembly = assembly;
    const module = checked(spectest(true));
    this.#registered.set(
      "spectest",
      held(this.#store.instantiate("spectest", module, () => null).instance),
    );
  }

  judge(command: CoreCommand): Verdict {
    switch (command.tag) {
      case "define":
        return this.#define(command.name, command.wat);
      case "load":
        return this.#load(command.name, command.wat);
      case "instance":
        return this.#add(command.name, this.#definitions.get(command.definition));
      case "register":
        return this.#register(command.as, command.name);
      case "assert-refused":
        return this.#refused(command);
      case "assert-trap":
        return isDeed(command.what)
          ? this.#judgeDeed(command, command.what)
          : this.#judgeStart(command, command.what);
      default:
        return this.#judgeDeed(command, command.deed);
    }
  }

  /** Whether a name is one of a module's instance. */
  knows(name: string): boolean {
    return this.#instances.has(name);
  }

  #module(wat: Wat): { readonly module: Held<Module>; readonly verdict: Verdict } {
    const assembled = bytesOfWat(wat, this.#assembly);
    if (assembled.tag === "refused") {
      const { line, column } = assembled.place;
      const reason = `the assembler refuses it at ${line}:${column}: ${assembled.message}`;
      return { module: missing(reason), verdict: failed("a module", reason) };
    }
    try {
      return { module: held(checked(assembled.bytes)), verdict: passed };
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const reason = error.message;
      const verdict =
        error.kind === "unsupported" ? skipped(reason) : failed("a valid module", reason);
      return { module: missing(reason), verdict };
    }
  }

  #define(name: string | null, wat: Wat): Verdict {
    const { module, verdict } = this.#module(wat);
    this.#definitions.add(name, module);
    return verdict;
  }

  #load(name: string | null, wat: Wat): Verdict {
    const { module, verdict } = this.#module(wat);
    this.#definitions.add(name, module);
    const instantiated = this.#add(name, module);
    return verdict.tag === "passed" ? instantiated : verdict;
  }

  #register(as: string, name: string | null): Verdict {
    const instance = this.#instances.get(name);
    this.#registered.set(as, instance);
    return instance.tag === "held" ? passed : skipped(instance.reason);
  }

  /** An instance that is missing is missed only when something of it is imported. */
  #find({ module, name }: Import): ExternInst | null {
    const from = this.#registered.get(module);
    if (from?.tag === "missing") throw new Invalid("unsupported", null, from.reason);
    return from?.value.exports.get(name) ?? null;
  }

  #instantiate(module: Module): { readonly instance: ModuleInst; readonly ended: Ended } {
    return this.#store.instantiate("", module, (imported) => this.#find(imported));
  }

  /** Instantiates and names it. */
  #add(name: string | null, module: Held<Module>): Verdict {
    if (module.tag === "missing") {
      this.#instances.add(name, module);
      return skipped(module.reason);
    }
    try {
      const { instance, ended } = this.#instantiate(module.value);
      const fine = ended.tag === "results";
      this.#instances.add(name, fine ? held(instance) : missing("its start did not end well"));
      return fine ? passed : judgeEnding({ tag: "return", results: [] }, ended, []);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      this.#instances.add(name, missing(error.message));
      if (error.kind === "unsupported") return skipped(error.message);
      return failed("an instance", `${error.kind}: ${error.message}`);
    }
  }

  #refused(command: AssertRefused): Verdict {
    return judgeRefusal(command, this.#assembly, (bytes) => {
      const module = checked(bytes);
      if (command.as === "unlinkable") this.#instantiate(module);
      return supersededBy(command, module);
    });
  }

  #judgeStart(command: Extract<CoreCommand, { tag: "assert-trap" }>, wat: Wat): Verdict {
    const { module, verdict } = this.#module(wat);
    if (module.tag === "missing") return verdict;
    try {
      const { ended } = this.#instantiate(module.value);
      return judgeEnding({ tag: "trap", message: command.message }, ended, []);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      if (error.kind === "unsupported") return skipped(error.message);
      return failed(`trap: ${command.message}`, `${error.kind}: ${error.message}`);
    }
  }

  #judgeDeed(command: CoreCommand, deed: Deed): Verdict {
    const done = this.#do(deed);
    if ("why" in done) return done.why;
    return judgeReturn(command, done.ended, done.values);
  }

  #do(deed: Deed): Done {
    const instance = this.#instances.get(deed.instance);
    if (instance.tag === "missing") return { why: skipped(instance.reason) };
    const item = instance.value.exports.get(deed.name);
    if (item === undefined) return { why: failed(`an export "${deed.name}"`, "there is none") };
    return deed.tag === "get" ? this.#look(item) : this.#call(item, deed);
  }

  #look(item: ExternInst): Done {
    if (item.tag !== "global") return { why: failed("a global", `a ${item.tag}`) };
    const type = this.#store.space.globals[item.index]?.type ?? "i32";
    const words = this.#store.state().globals.slice(2 * item.index, 2 * item.index + 2);
    return { ended: { tag: "results", words }, values: valuesOf([type], words) };
  }

  #call(item: ExternInst, { args }: Extract<Deed, { tag: "invoke" }>): Done {
    if (item.tag !== "func") return { why: failed("a function", `a ${item.tag}`) };
    const words = wordsOfArgs(item.type.params, args);
    if ("why" in words) return words;
    const ended = this.#store.invoke(item.address, words.words);
    const values = ended.tag === "results" ? valuesOf(item.type.results, ended.words) : [];
    return { ended, values };
  }
}
