// What components are linked to: names, paths, resource types, and what is refused.

import { describe, expect, it } from "vitest";
import { callableAt, callables, linkComponents } from "../../src/component/instantiate.ts";
import { linkText, refusal, refused, unit } from "./component-link-harness.ts";

/** A component that exports `f: func() -> u32`. */
const answer = `
  (core module $M (func (export "f") (result i32) i32.const 42))
  (core instance $m (instantiate $M))
  (func $f (export "f") (result u32) (canon lift (core func $m "f")))`;

describe("instances", () => {
  it("are called by the name section, by their exports, or by where they stand", async () => {
    const { linking } = await linkText(`(component
      (component $C)
      (component)
      (instance $named (instantiate $C))
      (instance (instantiate 1))
      (instance $x (instantiate $C))
      (export "shown" (instance 1)))`);
    const names = linking.instances.map(({ name }) => name);
    expect(names).toEqual(["host", "main", "named", "shown", "x"]);
    expect(linking.instances.map(({ parent }) => parent)).toEqual([null, null, 1, 1, 1]);
  });

  it("of one component in several places have names of their own", async () => {
    const { linking } = await linkText(`(component
      (component $C (component $D) (instance $d (instantiate $D)))
      (instance $a (instantiate $C))
      (instance $b (instantiate $C)))`);
    const names = linking.instances.map(({ name }) => name);
    expect(names).toEqual(["host", "main", "a", "d", "b", "b/d"]);
  });
});

describe("exports", () => {
  it("are found by path, without the version, and with a dot", async () => {
    const linked = await linkText(`(component ${answer}
      (instance $i (export "f" (func $f)))
      (export "a:b/c@1.2.3" (instance $i)))`);
    expect(callables(linked).map(({ path }) => path)).toEqual(["a:b/c@1.2.3#f", "f"]);
    for (const path of ["a:b/c@1.2.3#f", "a:b/c#f", "a:b/c.f"]) {
      expect(callableAt(linked, "main", path).path).toBe("a:b/c@1.2.3#f");
    }
    expect(callableAt(linked, "main", "f").path).toBe("f");
  });

  it("that are not there are named with what is near or there", async () => {
    const linked = await linkText(`(component ${answer})`);
    expect(refused(() => callableAt(linked, "main", "g"))).toBe(
      'unlinkable: main has no exported function "g"; it exports f',
    );
    const longer = await linkText(`(component ${answer} (export "compute" (func $f)))`);
    expect(refused(() => callableAt(longer, "main", "compte"))).toBe(
      'unlinkable: main has no exported function "compte"; did you mean `compute`?',
    );
  });

  it("of a component without functions", async () => {
    const linked = await linkText("(component)");
    expect(refused(() => callableAt(linked, "main", "f"))).toBe(
      'unlinkable: main has no exported function "f"; it exports no function',
    );
  });
});

const fresh = `
  (type $R' (resource (rep i32)))
  (export $R "r" (type $R'))
  (core func $new (canon resource.new $R'))
  (func (export "make") (param "x" u32) (result (own $R)) (canon lift (core func $new)))`;

const user = `
  (import "lib" (instance $lib
    (export "r" (type $R (sub resource)))
    (export "make" (func (param "x" u32) (result (own $R))))))`;

describe("resource types", () => {
  it("are new ones in each instance (Explainer.md, Type Definitions: resource types are generative)", async () => {
    const { linking } = await linkText(`(component
      (component $C ${fresh})
      (instance $a (instantiate $C))
      (instance $b (instantiate $C)))`);
    expect(linking.resourceTypes.map(({ name, impl }) => [name, impl])).toEqual([
      ["a.r", 2],
      ["b.r", 3],
    ]);
    const makes = linking.funcs.filter(({ name }) => name.endsWith("make"));
    expect(makes.map(({ ft }) => ft.result)).toEqual([
      { tag: "own", rt: 0 },
      { tag: "own", rt: 1 },
    ]);
  });

  it("of an import are those of the instance that is given", async () => {
    const lib = await unit("lib", `(component ${fresh})`);
    const linked = linkComponents([
      lib,
      await unit("main", `(component ${user} (export "again" (func $lib "make")))`),
    ]);
    expect(linked.linking.resourceTypes).toHaveLength(1);
    expect(callableAt(linked, "main", "again").func).toBe(callableAt(linked, "lib", "make").func);
  });

  it("of two instances do not stand for each other", async () => {
    const two = `(component
      (component $C ${fresh})
      (instance $a (instantiate $C))
      (instance $b (instantiate $C))
      (export "r" (type $a "r"))
      (export "make" (func $b "make")))`;
    expect(refusal([await unit("lib", two), await unit("main", `(component ${user})`)])).toBe(
      'unlinkable: import "lib", its export "make": it is func(x: u32) -> b.r, but asked for is func(x: u32) -> a.r',
    );
  });
});

describe("imports of the outermost component", () => {
  it("may come from a component that was linked before, under the names it is registered by", async () => {
    const first = await unit("one", `(component ${answer})`, { registered: ["lib", "other"] });
    const second = await unit(
      "two",
      `(component (import "other" (instance $i (export "f" (func (result u32)))))
         (export "g" (func $i "f")))`,
    );
    const linked = linkComponents([first, second]);
    expect(callables(linked).map(({ unit: of, path }) => `${of} ${path}`)).toEqual([
      "one f",
      "two g",
    ]);
  });

  it("that nobody gives say what they are and what there is", async () => {
    const lib = await unit("helper", `(component ${answer})`);
    const main = `(component (import "helpers" (instance (export "f" (func (result u32))))))`;
    expect(refusal([lib, await unit("main", main)])).toBe(
      'unlinkable: nothing is given for the import "helpers", an instance with f; did you mean `helper`?',
    );
    const plain = await unit("main", `(component (import "q" (func async (param "x" string))))`);
    expect(refusal([lib, plain])).toMatch(
      /^unlinkable: nothing is given for the import "q", async func\(x: string\); there are helper, wasi:/,
    );
  });

  it("that do not fit say why", async () => {
    const lib = await unit("lib", `(component ${answer})`);
    const asks = async (body: string): Promise<string> =>
      refusal([lib, await unit("main", `(component (import "lib" ${body}))`)]);
    expect(await asks(`(instance (export "g" (func)))`)).toBe(
      'unlinkable: import "lib", its export "g": it is missing',
    );
    expect(await asks(`(instance (export "f" (func (result string))))`)).toBe(
      'unlinkable: import "lib", its export "f": it is func() -> u32, but asked for is func() -> string',
    );
    expect(await asks(`(instance (export "f" (func async (result u32))))`)).toBe(
      'unlinkable: import "lib", its export "f": it is func() -> u32, but asked for is async func() -> u32',
    );
    expect(await asks("(func)")).toBe(
      'unlinkable: import "lib": it is an instance, but asked for is a function',
    );
    expect(await asks(`(instance (export "f" (type (sub resource))))`)).toBe(
      'unlinkable: import "lib", its export "f": it is a function, but asked for is a type',
    );
  });

  const types = `(component
    (type $l (list u8)) (export "list" (type $l))
    (type $f (func (param "x" u8))) (export "fun" (type $f))
    (type $r (resource (rep i32))) (export "one" (type $r))
    (type $q (resource (rep i32))) (export "two" (type $q))
    (component $C (import "in" (func $in)) (export "out" (func $in)))
    (export "make" (component $C)))`;

  it.each([
    ['(type $l (list u8)) (export "list" (type (eq $l)))', null],
    [
      '(type $l (list u16)) (export "list" (type (eq $l)))',
      'export "list": it is the type list<u8>, not the type list<u16>',
    ],
    ['(type $f (func (param "x" u8))) (export "fun" (type (eq $f)))', null],
    [
      '(type $f (func (param "y" u8))) (export "fun" (type (eq $f)))',
      'export "fun": it is the type func(x: u8), not the type func(y: u8)',
    ],
    [
      '(export "one" (type $r (sub resource))) (export "two" (type (eq $r)))',
      'export "two": it is the resource lib.two, not the resource lib.one',
    ],
    [
      '(type $C (component (import "in" (func)) (export "out" (func)))) (export "make" (component (type $C)))',
      null,
    ],
    [
      '(type $C (component (export "out" (func)))) (export "make" (component (type $C)))',
      'export "make": it imports "in", which it is not given',
    ],
    [
      '(type $C (component (import "in" (func)) (export "up" (func)))) (export "make" (component (type $C)))',
      'export "make": it has no export "up" of that sort',
    ],
  ])("are compared with the types that are written: %s", async (body, why) => {
    const main = `(component (import "lib" (instance ${body})))`;
    const units = [await unit("lib", types), await unit("main", main)];
    if (why === null) expect(linkComponents(units).units).toHaveLength(2);
    else expect(refusal(units)).toBe(`unlinkable: import "lib", its ${why}`);
  });

  it("may name a compatible version (Explainer.md, Canonical Interface Name)", async () => {
    const lib = await unit("lib", `(component ${answer})`, { registered: ["a:b/c@1.2.0"] });
    const asks = (name: string): string =>
      `(component (import "${name}" (instance $i (export "f" (func (result u32))))) (export "g" (func $i "f")))`;
    for (const version of ["1.2.0", "1.9.3", "1.0.0"]) {
      const main = await unit("main", asks(`a:b/c@${version}`));
      expect(callables(linkComponents([lib, main]))).toHaveLength(2);
    }
    expect(refusal([lib, await unit("main", asks("a:b/c@2.0.0"))])).toMatch(/^unlinkable: nothing/);
  });
});

const stdout = (params: string): string => `(component
  (import "wasi:cli/types@0.3.0" (instance $types
    (type $e' (enum "io" "illegal-byte-sequence" "pipe"))
    (export "error-code" (type (eq $e')))))
  (alias export $types "error-code" (type $e))
  (import "wasi:cli/stdout@0.3.0" (instance
    (export "error-code" (type $code (eq $e)))
    (type $done (result (error $code)))
    (type $future (future $done))
    (export "write-via-stream" (func ${params})))))`;

describe("imports from WASI", () => {
  it("are given by name, and only what is imported is there", async () => {
    const linked = await linkText(stdout('(param "data" (stream u8)) (result $future)'));
    expect(linked.linking.funcs.map(({ name }) => name)).toEqual([
      "wasi:cli/stdout.write-via-stream",
    ]);
  });

  it("are given in any version of 0.3", async () => {
    const text = (version: string): string =>
      `(component (import "wasi:clocks/monotonic-clock@${version}" (instance (export "now" (func (result u64))))))`;
    for (const version of ["0.3.0", "0.3.7", "0.3.0-rc-2026-03-15"]) {
      expect((await linkText(text(version))).linking.funcs).toHaveLength(4);
    }
    const old = await unit("main", text("0.2.0"));
    expect(refusal([old])).toMatch(/^unlinkable: nothing is given for the import "wasi:clocks/);
  });

  it("have resource types of the host, the same for all who import them", async () => {
    const importing = `(import "wasi:filesystem/types@0.3.0" (instance $t (export "descriptor" (type (sub resource)))))
      (alias export $t "descriptor" (type $d))
      (import "wasi:filesystem/preopens@0.3.0" (instance
        (export "descriptor" (type $d' (eq $d)))
        (export "get-directories" (func (result (list (tuple (own $d') string)))))))`;
    const { linking } = linkComponents([
      await unit("one", `(component ${importing})`),
      await unit("two", `(component ${importing})`),
    ]);
    expect(linking.resourceTypes.map(({ name, impl }) => [name, impl])).toEqual([
      ["wasi:filesystem/types.descriptor", 0],
    ]);
  });

  it("are compared with the functions of the host", async () => {
    const wrong = stdout('(param "data" (stream u16)) (result $future)');
    expect(refusal([await unit("main", wrong)])).toBe(
      'unlinkable: import "wasi:cli/stdout@0.3.0", its export "write-via-stream": it is ' +
        "func(data: stream<u8>) -> future<result<_, enum { io, illegal-byte-sequence, pipe }>>, but asked for is " +
        "func(data: stream<u16>) -> future<result<_, enum { io, illegal-byte-sequence, pipe }>>",
    );
  });

  it("may stand behind another name (Explainer.md, implements)", async () => {
    const { linking } = await linkText(`(component
      (import "clock" (implements "wasi:clocks/monotonic-clock@0.3.0") (instance $c (export "now" (func (result u64)))))
      (export "now" (func $c "now")))`);
    expect(linking.funcs[0]?.name).toBe("wasi:clocks/monotonic-clock.now");
  });

  it("are those of the variant", async () => {
    const v2 = await unit("main", stdout('(param "data" (stream u8)) (result $future)'));
    expect(linkComponents([v2], { wasi: { variant: "V2" } }).linking.funcs).toHaveLength(1);
    expect(refusal([v2], { variant: "V1" })).toMatch(/its export "write-via-stream": it is async/);
  });
});

describe("core modules", () => {
  const asks = (type: string): string =>
    `(component (core type $T (module ${type})) (import "lib" (instance (export "m" (core module (type $T))))))`;
  const lib = `(component
    (core module $M
      (import "env" "mem" (memory 2))
      (func (export "f") (param i32)))
    (export "m" (core module $M)))`;

  it("may import less and export more than is asked for", async () => {
    const wanted = asks('(import "env" "mem" (memory 3)) (import "x" "y" (func))');
    const units = [await unit("lib", lib), await unit("main", wanted)];
    expect(linkComponents(units).units).toHaveLength(2);
  });

  it.each([
    [
      '(import "env" "mem" (memory 1))',
      "type mismatch in import `env::mem`: mismatch in memory limits",
    ],
    ['(import "env" "men" (memory 2))', "missing expected import `env::mem`"],
    [
      '(import "env" "mem" (memory 2)) (export "f" (func (param i64)))',
      "type mismatch in export `f`: expected: (func (param i64)), found: (func (param i32))",
    ],
    ['(import "env" "mem" (memory 2)) (export "g" (func))', "missing expected export `g`"],
    [
      '(import "env" "mem" (memory 2)) (export "f" (memory 1))',
      "type mismatch in export `f`: expected memory, found func",
    ],
  ])("must be of the type that is asked for: %s", async (type, why) => {
    const units = [await unit("lib", lib), await unit("main", asks(type))];
    expect(refusal(units)).toBe(`unlinkable: import "lib", its export "m": ${why}`);
  });
});

describe("what is not supported", () => {
  it("is refused as that", async () => {
    const start = `(component
      (core module $M (func (export "f")))
      (core instance $m (instantiate $M))
      (func $f (canon lift (core func $m "f")))
      (start $f))`;
    expect(refusal([await unit("main", start)])).toBe(
      "unsupported: start functions of components are not supported",
    );
    const wide = "(component (type (resource (rep i64))))";
    expect(refusal([await unit("main", wide)])).toBe(
      "unsupported: resources with a representation other than i32 are not supported",
    );
  });

  it("ends a component that makes too many instances", async () => {
    const twice = (inner: string, n: number): string =>
      n === 0
        ? inner
        : twice(
            `(component $C ${inner}) (instance (instantiate $C)) (instance (instantiate $C))`,
            n - 1,
          );
    const bomb = await unit("main", `(component ${twice("", 20)})`);
    expect(refusal([bomb])).toBe("unsupported: so many component instances are not supported");
  });

  it("lists no more exports than it can, however many paths lead there", async () => {
    const pairs = Array.from({ length: 40 }, (_, i) => {
      const inner = `(instance $i${i})`;
      return `(instance $i${i + 1} (export "a" ${inner}) (export "b" ${inner}))`;
    });
    const linked = await linkText(`(component
      (instance $i0) ${pairs.join(" ")}
      (export "x" (instance $i40)))`);
    expect(callables(linked)).toEqual([]);
  });
});
