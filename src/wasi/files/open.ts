// `open-at`: a new open file description of a file or directory, made if it is wanted. Mirrors spec/09 and wasi:filesystem/types.

import type { Value } from "../../model/values.ts";
import { freshId, type Host, newHandle, oneOf } from "../host.ts";
import type { DescriptorFlag, World, WorldId } from "../world.ts";
import { flagsOf, textOf } from "./arguments.ts";
import { fail, failIf } from "./failure.ts";
import { create } from "./names.ts";
import { baseOf, inodeOf, isMutable, needsMutable, type Opened } from "./opened.ts";
import { type Place, resolve } from "./paths.ts";

type Labels = ReadonlySet<string>;

/** What is asked for: how to find the file, and what the descriptor is to be good for. */
interface Wanted {
  readonly path: string;
  readonly follow: boolean;
  readonly open: Labels;
  readonly flags: Labels;
}

const syncs = ["file-integrity-sync", "data-integrity-sync", "requested-write-sync"] as const;

/** The flags that a descriptor has: one that writes reads only if it is told to, any other reads. */
function effective({ open, flags }: Wanted, directory: boolean): readonly DescriptorFlag[] {
  const write = flags.has("write") || open.has("create") || open.has("truncate");
  const read = flags.has("read") || !flags.has("write");
  const of: Readonly<Partial<Record<DescriptorFlag, boolean>>> = {
    read,
    write,
    "mutate-directory": directory && flags.has("mutate-directory"),
  };
  const wanted = (flag: DescriptorFlag): boolean => of[flag] ?? flags.has(flag);
  return (["read", "write", ...syncs, "mutate-directory"] as const).filter(wanted);
}

/** Whether any of this needs a base that may be changed. */
function changes({ open, flags }: Wanted): boolean {
  const asked = ["create", "truncate"].some((flag) => open.has(flag));
  return asked || ["write", "mutate-directory"].some((flag) => flags.has(flag));
}

/** The file is made if it must be. */
function inodeFor(h: Host, place: Place, open: Labels): WorldId {
  const { inode, slash } = place;
  if (inode === null) {
    if (!open.has("create")) fail("no-entry");
    failIf(slash, "is-directory");
    return create(h, place, { type: "regular-file" });
  }
  failIf(open.has("create") && open.has("exclusive"), "exist");
  return inode;
}

/** Fails for what this kind of file cannot be opened as. */
function failForKind(h: Host, inode: WorldId, { open, flags }: Wanted): void {
  const { type } = inodeOf(h.world, inode);
  failIf(type === "symbolic-link", "loop");
  failIf(open.has("directory") && type !== "directory", "not-directory");
  if (type !== "directory") return;
  failIf(open.has("create") || open.has("truncate"), "is-directory");
  const refused = flags.has("write") ? oneOf(h, ["is-directory", null]) : null;
  if (refused !== null) fail(refused);
}

function openedAs(world: World, base: Opened, inode: WorldId, wanted: Wanted): World["files"][0] {
  const directory = inodeOf(world, inode).type === "directory";
  const { path: name } = wanted;
  return { inode, flags: effective(wanted, directory), readOnly: !isMutable(base), name };
}

/** The new description lives on its own: it does not keep the base open. */
export function openAt(
  h: Host,
  [self, pathFlags, path, openFlags, flags]: readonly Value[],
): Value {
  const open = flagsOf(openFlags);
  const follow = flagsOf(pathFlags).has("symlink-follow");
  const wanted: Wanted = { path: textOf(path), follow, open, flags: flagsOf(flags) };
  const base = baseOf(h, self);
  if (changes(wanted)) needsMutable(h, base);
  const odd = ["create", "exclusive", "truncate"].some((flag) => open.has(flag));
  failIf(open.has("directory") && odd, "invalid");
  const followed = follow && !(open.has("create") && open.has("exclusive"));
  const place = resolve(h.world, base.file.inode, wanted.path, followed);
  const inode = inodeFor(h, place, open);
  failForKind(h, inode, wanted);
  if (open.has("truncate")) inodeOf(h.world, inode).data = new Uint8Array();
  const id = freshId(h);
  h.world.files[id] = openedAs(h.world, base, inode, wanted);
  return newHandle(h, { kind: "file", id });
}
