;; The options of canon lower: each caller reads and writes strings in its own encoding and memory.

(component definition $Lower
  (component $Callee
    (core module $Libc
      (memory (export "mem") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 256)))
    (core instance $libc (instantiate $Libc))
    (core module $Main
      (import "" "mem" (memory 1))
      (data (i32.const 64) "\c3\a9\e2\98\83")
      (func (export "units") (param $at i32) (param $units i32) (result i32) (local.get $units))
      ;; "é☃" in UTF-8
      (func (export "text") (result i32)
        (i32.store (i32.const 0) (i32.const 64))
        (i32.store (i32.const 4) (i32.const 5))
        (i32.const 0)))
    (core instance $main (instantiate $Main (with "" (instance (export "mem" (memory $libc "mem"))))))
    (func (export "units") (param "s" string) (result u32)
      (canon lift (core func $main "units")
        (memory (core memory $libc "mem")) (realloc (core func $libc "realloc"))))
    (func (export "text") async (result string)
      (canon lift (core func $main "text") (memory (core memory $libc "mem")))))

  (component $Caller
    (import "units" (func $units (param "s" string) (result u32)))
    (import "text" (func $text async (result string)))
    (core module $Libc
      (memory (export "mem") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 512)))
    (core instance $libc (instantiate $Libc))
    (alias core export $libc "mem" (core memory $mem))
    (alias core export $libc "realloc" (core func $realloc))
    (core func $units-utf16 (canon lower (func $units) string-encoding=utf16 (memory $mem)))
    (core func $units-compact (canon lower (func $units) string-encoding=latin1+utf16 (memory $mem)))
    (core func $text-utf16
      (canon lower (func $text) string-encoding=utf16 (memory $mem) (realloc $realloc)))
    (core func $text-compact
      (canon lower (func $text) string-encoding=latin1+utf16 (memory $mem) (realloc $realloc)))
    (core func $text-async
      (canon lower (func $text) async (memory $mem) (realloc $realloc)))
    (core module $Main
      (import "" "mem" (memory 1))
      (import "" "units-utf16" (func $units-utf16 (param i32 i32) (result i32)))
      (import "" "units-compact" (func $units-compact (param i32 i32) (result i32)))
      (import "" "text-utf16" (func $text-utf16 (param i32)))
      (import "" "text-compact" (func $text-compact (param i32)))
      (import "" "text-async" (func $text-async (param i32) (result i32)))
      ;; "é☃" in UTF-16, and "é" in Latin-1
      (data (i32.const 64) "\e9\00\03\26")
      (data (i32.const 80) "\e9")
      (func (export "from-utf16") (result i32) (call $units-utf16 (i32.const 64) (i32.const 2)))
      (func (export "from-latin1") (result i32) (call $units-compact (i32.const 80) (i32.const 1)))
      (func (export "from-tagged") (result i32)
        (call $units-compact (i32.const 64) (i32.const 0x80000002)))
      (func (export "to-utf16") (result i32)
        (call $text-utf16 (i32.const 0))
        (if (i32.ne (i32.load (i32.const 4)) (i32.const 2)) (then unreachable))
        (i32.load (i32.load (i32.const 0))))
      (func (export "to-compact") (result i32)
        (call $text-compact (i32.const 0))
        (i32.load (i32.const 4)))
      (func (export "to-utf8") (result i32)
        (if (i32.ne (call $text-async (i32.const 0)) (i32.const 2 (; RETURNED ;))) (then unreachable))
        (i32.load (i32.const 4))))
    (core instance $main (instantiate $Main (with "" (instance
      (export "mem" (memory $mem))
      (export "units-utf16" (func $units-utf16))
      (export "units-compact" (func $units-compact))
      (export "text-utf16" (func $text-utf16))
      (export "text-compact" (func $text-compact))
      (export "text-async" (func $text-async))))))
    (func (export "from-utf16") (result u32) (canon lift (core func $main "from-utf16")))
    (func (export "from-latin1") (result u32) (canon lift (core func $main "from-latin1")))
    (func (export "from-tagged") (result u32) (canon lift (core func $main "from-tagged")))
    (func (export "to-utf16") async (result u32) (canon lift (core func $main "to-utf16")))
    (func (export "to-compact") async (result u32) (canon lift (core func $main "to-compact")))
    (func (export "to-utf8") async (result u32) (canon lift (core func $main "to-utf8"))))

  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller
    (with "units" (func $callee "units"))
    (with "text" (func $callee "text"))))
  (export "from-utf16" (func $caller "from-utf16"))
  (export "from-latin1" (func $caller "from-latin1"))
  (export "from-tagged" (func $caller "from-tagged"))
  (export "to-utf16" (func $caller "to-utf16"))
  (export "to-compact" (func $caller "to-compact"))
  (export "to-utf8" (func $caller "to-utf8")))

(component instance $lower $Lower)
;; The callee counts bytes of UTF-8: two for the one character, three for the other.
(assert_return (invoke "from-utf16") (u32.const 5))
(assert_return (invoke "from-latin1") (u32.const 2))
(assert_return (invoke "from-tagged") (u32.const 5))
;; The caller gets two units of UTF-16: 0x00e9 and 0x2603, little-endian.
(assert_return (invoke "to-utf16") (u32.const 0x260300e9))
;; Latin-1 does not have both characters, so that the length says with its top bit that it is UTF-16.
(assert_return (invoke "to-compact") (u32.const 0x80000002))
;; An async call of a function that does not block returns at once.
(assert_return (invoke "to-utf8") (u32.const 5))
