// Path resolution: from a base directory and a path to a place beneath it, or an error. Mirrors spec/09 and wasi:filesystem/types.

import { encodeUtf8 } from "../../canon/values/utf.ts";
import type { Inode, World, WorldId } from "../world.ts";
import { fail, failIf } from "./failure.ts";
import { inodeOf } from "./opened.ts";

/** Where a path leads. */
export interface Place {
  readonly directory: WorldId;
  /** The last name; null where the path ends in `.` or `..`, so that it is no name to be changed. */
  readonly name: string | null;
  /** null: there is nothing of that name yet */
  readonly inode: WorldId | null;
  /** A slash ends the path: only a directory may stand there. */
  readonly slash: boolean;
}

interface Walk {
  readonly world: World;
  /** The directories from the base to where the walk is. */
  readonly stack: WorldId[];
  /** The components that are still to come. */
  readonly rest: string[];
  /** The last symbolic link is followed too. */
  readonly follow: boolean;
  /** How many symbolic links were followed. */
  links: number;
}

const mostLinks = 40;
const longestName = 255;

/** The inode that a directory has under a name. */
function entry({ entries }: Inode, name: string): WorldId | null {
  return Object.hasOwn(entries, name) ? (entries[name] ?? null) : null;
}

/** The components of a path without the empty ones. It must not leave the base by a slash. */
function components(path: string): readonly string[] {
  failIf(path.startsWith("/"), "not-permitted");
  return path.split("/").filter((name) => name !== "");
}

function here({ stack }: Walk): WorldId {
  return stack.at(-1) ?? 0;
}

/** Goes to the parent, which is never above the base. */
function up({ stack }: Walk): void {
  failIf(stack.length === 1, "not-permitted");
  stack.pop();
}

function expand(walk: Walk, link: Inode): void {
  walk.links += 1;
  failIf(walk.links > mostLinks, "loop");
  walk.rest.unshift(...components(link.target));
}

/** One name: a place if it is the last one. */
function enter(walk: Walk, name: string): Place | null {
  const { world, stack, rest, follow } = walk;
  const directory = here(walk);
  const id = entry(inodeOf(world, directory), name);
  const last = rest.length === 0;
  if (id === null) return last ? { directory, name, inode: null, slash: false } : fail("no-entry");
  const inode = inodeOf(world, id);
  if (inode.type === "symbolic-link" && (!last || follow)) expand(walk, inode);
  else if (last) return { directory, name, inode: id, slash: false };
  else if (inode.type === "directory") stack.push(id);
  else fail("not-directory");
  return null;
}

function walkOn(walk: Walk): Place {
  for (let name = walk.rest.shift(); name !== undefined; name = walk.rest.shift()) {
    failIf(encodeUtf8(name).length > longestName, "name-too-long");
    if (name === "..") up(walk);
    else if (name !== ".") {
      const place = enter(walk, name);
      if (place !== null) return place;
    }
  }
  const directory = here(walk);
  return { directory, name: null, inode: directory, slash: false };
}

/** The place that a path leads to from the directory `base`. Fails where it cannot be one. */
export function resolve(world: World, base: WorldId, path: string, follow: boolean): Place {
  failIf(path === "", "no-entry");
  failIf(path.includes("\0"), "invalid");
  const slash = path.endsWith("/");
  const rest = [...components(path)];
  const place = walkOn({ world, stack: [base], rest, follow: follow || slash, links: 0 });
  if (!slash) return place;
  const { inode } = place;
  failIf(inode !== null && inodeOf(world, inode).type !== "directory", "not-directory");
  return { ...place, slash };
}

/** A place where something is. */
export function existing(place: Place): WorldId {
  return place.inode ?? fail("no-entry");
}
