// The interfaces that a host offers, read from their WIT, under each variant. Mirrors spec/09.

import { parseWit } from "../wit/parse.ts";
import { interfaces } from "../wit/resolve.ts";
import type { Interface } from "../wit/resolved.ts";
import { variantWit } from "./variants.ts";
import { clocksWit } from "./wit/clocks.ts";
import { filesystemWit } from "./wit/filesystem.ts";
import { fixtureWit } from "./wit/fixture.ts";
import { preview2Wit } from "./wit/preview2.ts";
import { randomWit } from "./wit/random.ts";
import { socketsWit } from "./wit/sockets.ts";
import { cliWit } from "./wit/stdio.ts";

const known = new Map<string, ReadonlyMap<string, Interface>>();

/** The interfaces of a variant (`V2` is what WASI released), by id: `wasi:filesystem/types@0.3.0`. */
export function wasiInterfaces(variant: string): ReadonlyMap<string, Interface> {
  const cached = known.get(variant);
  if (cached !== undefined) return cached;
  const { descriptor, socket, stdio } = variantWit(variant);
  const texts = {
    "clocks.wit": clocksWit,
    "filesystem.wit": filesystemWit(descriptor),
    "sockets.wit": socketsWit(socket),
    "cli.wit": cliWit(stdio),
    "random.wit": randomWit,
    "fixture.wit": fixtureWit,
  };
  const files = [
    ...Object.entries(texts).map(([file, text]) => parseWit(text, file)),
    ...preview2Wit.map((text) => parseWit(text, "preview2.wit")),
  ];
  const all = interfaces(files);
  known.set(variant, all);
  return all;
}
