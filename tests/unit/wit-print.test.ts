// Syntax trees of WIT as text, in one canonical layout.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseWit } from "../../src/wit/parse.ts";
import { printWit } from "../../src/wit/print.ts";

function printed(text: string): string {
  return printWit(parseWit(text, "x.wit"));
}

test("items that take several lines stand apart, and each part of a type has a line", () => {
  const text = `package a:b@1.0.0; use c:d/e as f;
interface i{use f.{t,u as v,};type w=u8;/** One
* two */ enum e{x,y}
flags g{z} resource r{constructor();m:func();@unstable(feature=n)o:async func();} resource s{}
record q{/// deep
a:list<tuple<u8,s8>>,} variant %world{k(own<r>),l}
h:func(a:u8,b:borrow<r>,)->result<_,string>;j:func();}
world w{import i;import k: i;export l:interface{m:func();} @external-id("\\c3\\a9\\n")import n:func();
include x with{a as b};}
package g:h{world y{}}`;
  const canonical = `package a:b@1.0.0;

use c:d/e as f;

interface i {
  use f.{t, u as v};
  type w = u8;

  /// One
  /// two
  enum e {
    x,
    y,
  }

  flags g {
    z,
  }

  resource r {
    constructor();
    m: func();

    @unstable(feature = n)
    o: async func();
  }

  resource s;

  record q {
    /// deep
    a: list<tuple<u8, s8>>,
  }

  variant %world {
    k(own<r>),
    l,
  }

  h: func(a: u8, b: borrow<r>) -> result<_, string>;
  j: func();
}

world w {
  import i;
  import k: i;

  export l: interface {
    m: func();
  }

  @external-id("\u00e9\\u{a}")
  import n: func();

  include x with { a as b }
}

package g:h {
  world y {}
}
`;
  expect(printed(text)).toBe(canonical);
  expect(printed(canonical)).toBe(canonical);
});

test("names that are keywords get their `%` back, wherever they stand", () => {
  const text = `package %use:%type/%as;

@unstable(feature = %future)
interface %interface {
  use %from/%list.{%own as %borrow};

  resource %resource {
    %static: func(%func: %u8) -> %error-context;
  }
}
`;
  expect(() => printed(text)).toThrow("expected `.`, but found `/`");
  const right = text.replace("%from/%list", "%from:%map/%list");
  expect(printed(right)).toBe(right);
});

test("a file of nothing is empty", () => {
  expect(printed("// nothing")).toBe("");
});

test.each(["types", "shelf"])("the fixture %s means the same when printed", (name) => {
  const text = readFileSync(new URL(`fixtures/wit/${name}.wit`, import.meta.url), "utf8");
  expect(printed(printed(text))).toBe(printed(text));
});
