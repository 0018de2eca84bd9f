// A system whose host functions, some of them, are JavaScript's: the program and its interpreters with these put in.

import type { FuncDef } from "../model/program.ts";
import type { Store } from "../model/store.ts";
import { hostInstance } from "../scenario/resolve.ts";
import type { System } from "../scheduler/machine.ts";
import { callGuest, cancelGuest } from "./calls-in.ts";
import { emptyDesk } from "./desk.ts";
import { dropGuest, readGuest } from "./reads-in.ts";
import { requestGuest } from "./requests-in.ts";
import { sourceGuest } from "./sources-in.ts";

/** JavaScript decides itself what to do when the caller asks to cancel. */
function ofJavaScript(def: FuncDef, names: readonly string[]): FuncDef {
  const code = names.indexOf(def.name);
  if (def.tag !== "host" || code === -1) return def;
  return { ...def, core: { guest: "js-request", instance: hostInstance, code }, cancel: "defer" };
}

function withDesk(store: Store): Store {
  const { instance, thread } = store.entities;
  const instances = instance.map((inst, i) => {
    if (inst === null || i !== hostInstance) return inst;
    return { ...inst, globals: { ...inst.globals, ...emptyDesk(thread.length) } };
  });
  return { ...store, entities: { ...store.entities, instance: instances } };
}

/** The same system for JavaScript: it calls the exports, and answers for the host functions `names`. */
export function embeddedSystem(system: System, names: readonly string[]): System {
  const { program, guests, initial } = system;
  return {
    program: { ...program, funcs: program.funcs.map((def) => ofJavaScript(def, names)) },
    guests: {
      ...guests,
      "js-call": callGuest,
      "js-cancel": cancelGuest,
      "js-read": readGuest,
      "js-drop": dropGuest,
      "js-source": sourceGuest,
      "js-request": requestGuest(names),
    },
    initial: withDesk(initial),
  };
}
