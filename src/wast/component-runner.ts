// Runs the commands of a script that are about components, each group of instances on a system. Mirrors spec/14.

import type { Component } from "../component/ast.ts";
import { checkComponent } from "../component/check.ts";
import { decodeComponent } from "../component/decode.ts";
import { Invalid } from "../wasm/invalid.ts";
import { type Assembly, bytesOfWat } from "./assembly.ts";
import { Group, importsOf } from "./component-plan.ts";
import { runGroup } from "./component-searches.ts";
import type { CoreCommand } from "./core-runner.ts";
import { type Held, held, missing, Names } from "./names.ts";
import { judgeRefusal } from "./refusing.ts";
import type { ScriptOptions } from "./run.ts";
import { type Command, type Deed, isDeed, type Wat } from "./script.ts";
import { failed, oneSchedule, passed, type Scoped, skipped, type Verdict } from "./verdict.ts";

/** An instance by its name within its group. */
interface Placed {
  readonly group: Group;
  readonly unit: string;
}

/** What a command comes to at once; null: the run of its group will say. */
type Now = Verdict | null;

export class ComponentRunner {
  readonly #assembly: Assembly;
  readonly #options: ScriptOptions;
  readonly #definitions = new Names<Component>("component definition");
  readonly #instances = new Names<Placed>("component instance");
  readonly #registered = new Map<string, Placed>();
  readonly #groups: Group[] = [];
  readonly #verdicts = new Map<Command, Scoped>();

  constructor(assembly: Assembly, options: ScriptOptions) {
    this.#assembly = assembly;
    this.#options = options;
  }

  /** Whether a name is one of a component's instance. */
  knows(name: string): boolean {
    return this.#instances.has(name);
  }

  take(command: CoreCommand): void {
    const verdict = this.#now(command);
    if (verdict !== null) this.#verdicts.set(command, { verdict, scope: oneSchedule });
  }

  /** Runs the groups: what became of the commands so far. */
  verdicts(): ReadonlyMap<Command, Scoped> {
    const some = this.#groups.filter(({ steps }) => steps.length > 0);
    const late = some.flatMap((group) => [...runGroup(group, this.#options)]);
    return new Map([...this.#verdicts, ...late]);
  }

  #now(command: CoreCommand): Now {
    switch (command.tag) {
      case "define":
        return this.#define(command.name, command.wat).verdict;
      case "load": {
        const { component, verdict } = this.#define(command.name, command.wat);
        const added = this.#add(command, command.name, component);
        return verdict.tag === "passed" ? added : verdict;
      }
      case "instance":
        return this.#add(command, command.name, this.#definitions.get(command.definition));
      case "register":
        return this.#register(command.as, command.name);
      case "assert-refused":
        return judgeRefusal(command, this.#assembly, (bytes) => {
          const component = this.#checked(bytes);
          if (command.as === "unlinkable") this.#place(component, "component");
          return null;
        });
      case "assert-trap":
        return isDeed(command.what)
          ? this.#do(command, command.what)
          : this.#start(command, command.what);
      default:
        return this.#do(command, command.deed);
    }
  }

  #checked(bytes: Uint8Array): Component {
    const component = decodeComponent(bytes);
    checkComponent(component, new Set(this.#options.amendments));
    return component;
  }

  #component(wat: Wat): { readonly component: Held<Component>; readonly verdict: Verdict } {
    const assembled = bytesOfWat(wat, this.#assembly);
    if (assembled.tag === "refused") {
      const { line, column } = assembled.place;
      const reason = `the assembler refuses it at ${line}:${column}: ${assembled.message}`;
      return { component: missing(reason), verdict: failed("a component", reason) };
    }
    try {
      return { component: held(this.#checked(assembled.bytes)), verdict: passed };
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const { kind, message } = error;
      const verdict =
        kind === "unsupported" ? skipped(message) : failed("a valid component", message);
      return { component: missing(message), verdict };
    }
  }

  #define(
    name: string | null,
    wat: Wat,
  ): { readonly component: Held<Component>; readonly verdict: Verdict } {
    const made = this.#component(wat);
    this.#definitions.add(name, made.component);
    return made;
  }

  /** In the group of what it imports, or in one of its own. Throws `Invalid`. */
  #place(component: Component, name: string): Placed {
    const from = importsOf(component).map((imported) => this.#registered.get(imported));
    const known = from.find((placed) => placed !== undefined);
    const group = known?.group ?? new Group();
    const unit = group.add(name.replace(/^\$/, ""), component);
    if (known === undefined) this.#groups.push(group);
    return { group, unit };
  }

  #add(command: CoreCommand, name: string | null, component: Held<Component>): Now {
    if (component.tag === "missing") {
      this.#instances.add(name, component);
      return skipped(component.reason);
    }
    try {
      const placed = this.#place(component.value, name ?? "component");
      placed.group.steps.push({ tag: "instantiate", command, unit: placed.unit });
      this.#instances.add(name, held(placed));
      if (name !== null) this.#registerAs(name.slice(1), placed);
      return null;
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      this.#instances.add(name, missing(error.message));
      if (error.kind === "unsupported") return skipped(error.message);
      return failed("an instance", `${error.kind}: ${error.message}`);
    }
  }

  #registerAs(as: string, placed: Placed): void {
    this.#registered.set(as, placed);
    placed.group.register(placed.unit, as);
  }

  #register(as: string, name: string | null): Verdict {
    const instance = this.#instances.get(name);
    if (instance.tag === "missing") return skipped(instance.reason);
    this.#registerAs(as, instance.value);
    return passed;
  }

  #start(command: CoreCommand, wat: Wat): Now {
    const { component, verdict } = this.#component(wat);
    return component.tag === "missing" ? verdict : this.#add(command, null, component);
  }

  #do(command: CoreCommand, deed: Deed): Now {
    const instance = this.#instances.get(deed.instance);
    if (instance.tag === "missing") return skipped(instance.reason);
    if (deed.tag === "get") return failed("a value", "components export none");
    const { group, unit } = instance.value;
    try {
      return group.call(command, unit, deed);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return failed(`an export "${deed.name}"`, error.message);
    }
  }
}
