// Which component instances of a script share a system, and what is done there in order. Mirrors spec/14.

import type { Component } from "../component/ast.ts";
import { callableAt, type Linked, linkComponents, type Unit } from "../component/instantiate.ts";
import { componentSystem, type RootStep } from "../component/system.ts";
import type { AmendmentName } from "../model/amendments.ts";
import type { FuncType } from "../model/types.ts";
import type { Value } from "../model/values.ts";
import type { System } from "../scheduler/machine.ts";
import { literalValue, Unfit } from "./component-values.ts";
import type { CoreCommand } from "./core-runner.ts";
import { showLiterals } from "./literals.ts";
import type { Deed } from "./script.ts";
import { failed, type Verdict } from "./verdict.ts";

/** Something that is done to a group; `unit` names an instance of it. */
export type Step =
  | { readonly tag: "instantiate"; readonly command: CoreCommand; readonly unit: string }
  | {
      readonly tag: "call";
      readonly command: CoreCommand;
      readonly unit: string;
      readonly path: string;
      readonly args: readonly Value[];
      readonly ft: FuncType;
    };

/** What every step of a group logs when it is done, by its number. */
export function labelOf(step: number): string {
  return `step ${step}`;
}

interface GroupUnit {
  readonly name: string;
  readonly component: Component;
  readonly registered: string[];
}

/** Instances that live in one store, and what is done to them. */
export class Group {
  readonly steps: Step[] = [];
  readonly #units: GroupUnit[] = [];
  #linked: Linked | null = null;

  /** Gives the name of the instance. Throws `Invalid` where it does not fit to those that are there. */
  add(wanted: string, component: Component): string {
    const taken = this.#units.filter((unit) => unit.name.replace(/#\d+$/, "") === wanted).length;
    const name = taken === 0 ? wanted : `${wanted}#${taken + 1}`;
    linkComponents([...this.#unitsNow(), { name, component, registered: [], deferred: true }]);
    this.#units.push({ name, component, registered: [] });
    this.#linked = null;
    return name;
  }

  register(unit: string, as: string): void {
    this.#units.find(({ name }) => name === unit)?.registered.push(as);
    this.#linked = null;
  }

  /** Adds a call, or says why there is none. Throws `Invalid` if nothing is exported by that name. */
  call(command: CoreCommand, unit: string, deed: Extract<Deed, { tag: "invoke" }>): Verdict | null {
    const { path, ft } = callableAt(this.#link(), unit, deed.name);
    const types = ft.params.map(({ t }) => t);
    const misfit = (got: string): Verdict =>
      failed(`arguments for ${deed.name}(${types.map(({ tag }) => tag).join(", ")})`, got);
    if (types.length !== deed.args.length) return misfit(showLiterals(deed.args));
    try {
      const args = deed.args.flatMap((l, i) => {
        const t = types[i];
        return t === undefined ? [] : [literalValue(l, t)];
      });
      this.steps.push({ tag: "call", command, unit, path, args, ft });
      return null;
    } catch (error) {
      if (error instanceof Unfit) return misfit(error.message);
      throw error;
    }
  }

  /** One root that does the steps in order. */
  system(amendments: readonly AmendmentName[]): System {
    const linked = this.#link();
    const steps = this.steps.map((step, i): RootStep => {
      const label = labelOf(i);
      if (step.tag === "instantiate") return { tag: "instantiate", unit: step.unit, label };
      const { func } = callableAt(linked, step.unit, step.path);
      return { tag: "call", func, args: step.args, label };
    });
    return componentSystem(linked, { roots: [{ name: "script", steps }], amendments });
  }

  #unitsNow(): readonly Unit[] {
    return this.#units.map(({ name, component, registered }) => {
      return { name, component, registered: [...registered], deferred: true };
    });
  }

  #link(): Linked {
    this.#linked ??= linkComponents(this.#unitsNow());
    return this.#linked;
  }
}

/** The names that a component imports. */
export function importsOf({ definitions }: Component): readonly string[] {
  return definitions.flatMap((one) => (one.tag === "import" ? [one.name.name] : []));
}
