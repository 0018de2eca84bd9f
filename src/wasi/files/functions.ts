// The functions of wasi:filesystem. Mirrors spec/09 and wasi:filesystem/types.

import { stringValue } from "../../canon/values/strings.ts";
import type { Value } from "../../model/values.ts";
import { asyncFunction } from "../async-function.ts";
import { type Bodies, type Body, type Host, newHandle, settled, syncFunction } from "../host.ts";
import * as directories from "./directories.ts";
import { answering, doing } from "./failure.ts";
import * as metadata from "./metadata.ts";
import { openAt } from "./open.ts";
import * as streams from "./streams.ts";

type Run<T> = (h: Host, args: readonly Value[]) => T;

/** An `async func`; `handles` says which of its arguments are descriptors. */
function method(name: string, run: Run<Value>, handles: readonly number[] = [0]): Body {
  return asyncFunction({ name: `descriptor.${name}`, run: answering(run), handles });
}

/** One that has nothing to give but `ok`. */
function action(name: string, run: Run<void>, handles: readonly number[] = [0]): Body {
  return asyncFunction({ name: `descriptor.${name}`, run: doing(run), handles });
}

const isSameObject: Body = asyncFunction({
  name: "descriptor.is-same-object",
  run: metadata.isSameObject,
  handles: [0, 1],
});

/** A file that was to be made may be there although the call was cancelled. */
const open: Body = asyncFunction({
  name: "descriptor.open-at",
  run: answering(openAt),
  handles: [0],
  cancelled: (h) => (settled(h, "open-cancelled") === "done" ? ["done"] : ["no-effect"]),
});

function drop({ world }: Host, [rep]: readonly Value[]): null {
  delete world.handles[Number(rep)];
  return null;
}

const methods: Readonly<Record<string, Body>> = {
  "read-via-stream": streams.readViaStream,
  "write-via-stream": streams.writeViaStream,
  "append-via-stream": streams.appendViaStream,
  "read-all": streams.readAll,
  "write-all": streams.writeAll,
  "read-directory": streams.readDirectory,
  advise: action("advise", metadata.advise),
  "sync-data": action("sync-data", metadata.sync),
  sync: action("sync", metadata.sync),
  "get-flags": method("get-flags", metadata.getFlags),
  "get-type": method("get-type", metadata.getType),
  "set-size": action("set-size", metadata.setSize),
  "set-times": action("set-times", metadata.setTimes),
  stat: method("stat", metadata.stat),
  "stat-at": method("stat-at", metadata.statAt),
  "set-times-at": action("set-times-at", metadata.setTimesAt),
  "create-directory-at": action("create-directory-at", directories.createDirectoryAt),
  "link-at": action("link-at", directories.linkAt, [0, 3]),
  "open-at": open,
  "readlink-at": method("readlink-at", directories.readlinkAt),
  "remove-directory-at": action("remove-directory-at", directories.removeDirectoryAt),
  "rename-at": action("rename-at", directories.renameAt, [0, 2]),
  "symlink-at": action("symlink-at", directories.symlinkAt),
  "unlink-file-at": action("unlink-file-at", directories.unlinkFileAt),
  "is-same-object": isSameObject,
  "metadata-hash": method("metadata-hash", metadata.metadataHash),
  "metadata-hash-at": method("metadata-hash-at", metadata.metadataHashAt),
  drop: syncFunction(drop),
};

const described = Object.entries(methods).map(([name, body]): [string, Body] => [
  `wasi:filesystem/types.descriptor.${name}`,
  body,
]);

export const fileFunctions: Bodies = {
  ...Object.fromEntries(described),
  /** Every call makes new handles; what they stand for is there as long as the host. */
  "wasi:filesystem/preopens.get-directories": syncFunction((h) =>
    h.world.preopens.map(({ name, file }) => [
      newHandle(h, { kind: "file", id: file }),
      stringValue(name),
    ]),
  ),
};
