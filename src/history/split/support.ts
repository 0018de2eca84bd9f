// The interfaces that a split world talks to its host through, for packages that do not bring them.

import type { InterfaceDecl, WitFile } from "../../wit/ast.ts";
import { packageId } from "../../wit/names.ts";
import type { Declared, Sources } from "../../wit/packages.ts";
import { parseWit } from "../../wit/parse.ts";

/** The interface of the tasks: what a component and its host tell each other. */
export const tasksWit: string = `
package isyswasfa:isyswasfa;

interface isyswasfa {
  /// What a component calls one of its tasks or waits. Nobody else knows what it means.
  type state = u32;

  /// The caller's right to hear of a task; dropping it gives up the result.
  resource pending;

  /// The right to ask for the end of a task, and to confirm it.
  resource cancel;

  /// The right to claim the result of a task.
  resource ready {
    state: func() -> state;
  }

  record poll-input-listening { state: state, cancel: cancel }
  record poll-input-ready { state: state, ready: ready }
  record poll-input-cancel { state: state, cancel: cancel }

  /// What the host tells a component.
  variant poll-input {
    listening(poll-input-listening),
    ready(poll-input-ready),
    cancel(poll-input-cancel),
    cancel-complete(state),
  }

  record poll-output-ready { state: state, ready: ready }
  record poll-output-listen { state: state, pending: pending }
  record poll-output-pending { state: state, cancel: cancel }

  /// What a component tells the host.
  variant poll-output {
    ready(poll-output-ready),
    listen(poll-output-listen),
    pending(poll-output-pending),
    cancel(cancel),
    cancel-complete(cancel),
  }

  make-task: func() -> tuple<pending, cancel, ready>;
}
`;

/** Waiting for a pollable as a pair of halves. `wasiPoll` is the id of its interface. */
export function pollWit(wasiPoll: string): string {
  return `
package isyswasfa:io;

interface poll {
  use ${wasiPoll}.{pollable};
  use isyswasfa:isyswasfa/isyswasfa.{pending, ready};

  /// Waits until something can be done with \`pollable\`.
  block-isyswasfa-start: func(pollable: borrow<pollable>) -> result<_, pending>;
  block-isyswasfa-result: func(ready: ready);
}
`;
}

/** Whether there is a package of this name, whatever its version. */
function hasPackage(sources: Sources, name: string): boolean {
  return [...sources.values()].some(({ units }) =>
    units.some((unit) => packageId({ ...unit.package, version: null }) === name),
  );
}

/** The interface of this package and name in the least version that there is, or null. */
export function interfaceNamed(
  sources: Sources,
  of: string,
  name: string,
): Declared<InterfaceDecl> | null {
  for (const id of [...sources.keys()].sort()) {
    const found = id.split("@")[0] === of ? sources.get(id)?.declared.get(name) : undefined;
    if (found?.decl.tag === "interface") return { ...found, decl: found.decl };
  }
  return null;
}

/** The packages that are missing. `wasiPoll` is the id of the imported `wasi:io/poll`, if any. */
export function missingSupport(sources: Sources, wasiPoll: string | null): readonly WitFile[] {
  const own = hasPackage(sources, "isyswasfa:isyswasfa") ? [] : [tasksWit];
  const io = wasiPoll === null || hasPackage(sources, "isyswasfa:io") ? [] : [pollWit(wasiPoll)];
  return [...own, ...io].map((text, i) => parseWit(text, `isyswasfa-${i}/support.wit`));
}
