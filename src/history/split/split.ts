// Start and result halves for the functions of a world, by the rules of isyswasfa (2024).

import type { InterfaceDecl, WitFile, WorldDecl } from "../../wit/ast.ts";
import { WitError } from "../../wit/errors.ts";
import { idIn, packageId } from "../../wit/names.ts";
import type { World } from "../../wit/resolved.ts";
import { isLabel } from "../../wit/words.ts";
import { SplitError, withIncluded } from "./choice.ts";
import { splitInterface } from "./interface.ts";
import { pollName } from "./names.ts";
import { madeFiles } from "./packages.ts";
import {
  declaredInterfaces,
  interfacesById,
  interfacesOf,
  type Plan,
  placeOf,
  planOf,
  type SplitOptions,
  understood,
  withUsed,
} from "./plan.ts";
import { splitWorld } from "./world.ts";

function splitInterfaces({
  all,
  world,
  job,
  poll,
}: Plan): readonly (readonly [string, InterfaceDecl])[] {
  const declared = declaredInterfaces(all.sources);
  const ids = [idIn(job.tasks.package, job.tasks.name), ...(poll === null ? [] : [poll.id])];
  const known = interfacesById(all.resolved);
  const helping = ids.flatMap((id) => known.get(id) ?? []);
  return withUsed([...interfacesOf(world), ...helping]).flatMap((one) => {
    const found = declared.get(one.id);
    return found === undefined ? [] : [[one.id, splitInterface(job, found, one)] as const];
  });
}

function namesIn({ imports, exports }: World): readonly string[] {
  return [...imports, ...exports].map((extern) => extern.name.toLowerCase());
}

function splitWorlds(
  { all, root, job, poll }: Plan,
  suffix: string | null,
): readonly (readonly [string, WorldDecl])[] {
  const pairs = withIncluded(all.sources, root).flatMap((declared) => {
    const world = job.worlds.get(declared.id);
    return world === undefined ? [] : [{ declared, world }];
  });
  const taken = new Set(pairs.flatMap(({ world }) => namesIn(world)));
  const additions = { poll: poll === null ? null : placeOf(poll), suffix };
  return pairs.map(({ declared, world }) => {
    const s = { job, declared, world, taken };
    return [declared.id, splitWorld(s, declared.id === root.id ? additions : null)] as const;
  });
}

/** What was made has to make sense again: a split that cannot be written stops here. */
function checked(files: readonly WitFile[]): readonly WitFile[] {
  try {
    understood(files);
    return files;
  } catch (error) {
    if (!(error instanceof WitError)) throw error;
    throw new SplitError(`this world cannot be split: ${error.message}`);
  }
}

/**
 * A world and all that it needs, with each function that may wait replaced by its two halves: the
 * first starts the call, and gives the result or a `pending`; the second claims it with a `ready`.
 * One file for each package, that of the world first, the others in the order of their ids.
 * Throws a `WitError` for a text that makes no sense or cannot be split, and a `SplitError` when
 * `options` do not fit the files.
 */
export function split(files: readonly WitFile[], options: SplitOptions = {}): readonly WitFile[] {
  const { suffix = null } = options;
  if (suffix !== null && !isLabel(`${pollName}${suffix}`)) {
    throw new SplitError(`\`${pollName}${suffix}\` is no name of a function`);
  }
  const plan = planOf(files, options);
  const made = new Map<string, InterfaceDecl | WorldDecl>([
    ...splitInterfaces(plan),
    ...splitWorlds(plan, suffix),
  ]);
  const { sources, files: all } = plan.all;
  return checked(madeFiles(sources, all, packageId(plan.root.unit.package), made));
}
