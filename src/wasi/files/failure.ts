// How the functions of files fail: an error code, raised where it is found, becomes the result. Mirrors spec/09 and wasi:filesystem/types.

import type { Value } from "../../model/values.ts";
import type { Host } from "../host.ts";
import { type ErrorCode, failed, ok } from "../world.ts";

/** A function fails with `code`; nothing of the world was changed before. */
class Failure extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode) {
    super(code);
    this.code = code;
  }
}

/** The running function fails. */
export function fail(code: ErrorCode): never {
  throw new Failure(code);
}

/** The running function fails, unless there is no reason to. */
export function failIf(condition: boolean, code: ErrorCode): void {
  if (condition) fail(code);
}

type Run<T> = (h: Host, args: readonly Value[]) => T;

/** A function that may fail as one that gives a `result`. */
export function answering(run: Run<Value | null>): Run<Value> {
  return (h, args) => {
    try {
      return ok(run(h, args));
    } catch (error) {
      if (error instanceof Failure) return failed(error.code);
      throw error;
    }
  };
}

/** The same for a function that has nothing to give but `ok`. */
export function doing(run: Run<void>): Run<Value> {
  return answering((h, args) => {
    run(h, args);
    return null;
  });
}
