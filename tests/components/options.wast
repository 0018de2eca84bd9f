;; The options of canon lift: encodings, memories of 32 and 64 bits, realloc, post-return, async, callback.

(component definition $Options
  (core module $Libc
    (memory (export "mem") 1)
    (global $next (mut i32) (i32.const 256))
    ;; gives fresh memory, as if nothing was ever freed
    (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
      (local $at i32)
      (local.set $at
        (i32.and
          (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
          (i32.sub (i32.const 0) (local.get $align))))
      (memory.copy (local.get $at) (local.get $old) (local.get $size))
      (global.set $next (i32.add (local.get $at) (local.get $new)))
      (local.get $at)))
  (core instance $libc (instantiate $Libc))
  (alias core export $libc "mem" (core memory $mem))
  (alias core export $libc "realloc" (core func $realloc))

  (core module $Libc64
    (memory (export "mem") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 256))
    ;; the string as it lies there: its length, and its first byte
    (func (export "first-byte") (param $at i64) (param $units i64) (result i32)
      (if (i64.ne (local.get $units) (i64.const 4)) (then unreachable))
      (i32.load8_u (local.get $at))))
  (core instance $libc64 (instantiate $Libc64))

  (core func $task.return (canon task.return (result u32)))
  (core module $Main
    (import "" "mem" (memory 1))
    (import "" "task.return" (func $task.return (param i32)))

    (func (export "units") (param $at i32) (param $units i32) (result i32) (local.get $units))

    ;; a string, and how often it was given back
    (data (i32.const 64) "text")
    (global $returned (mut i32) (i32.const 0))
    (func (export "text") (result i32)
      (i32.store (i32.const 0) (i32.const 64))
      (i32.store (i32.const 4) (i32.const 4))
      (i32.const 0))
    (func (export "after-text") (param i32)
      (global.set $returned (i32.add (global.get $returned) (i32.const 1))))
    (func (export "returned") (result i32) (global.get $returned))

    (func (export "sync") (result i32) (i32.const 42))
    (func (export "stackful") (call $task.return (i32.const 42)))
    ;; yields once, and returns when it is called back
    (func (export "callback") (result i32) (i32.const 1 (; YIELD ;)))
    (func (export "on-event") (param $code i32) (param i32 i32) (result i32)
      (if (i32.ne (local.get $code) (i32.const 0 (; NONE ;))) (then unreachable))
      (call $task.return (i32.const 42))
      (i32.const 0 (; EXIT ;)))
    (func (export "bad-code") (result i32) (i32.const 3)))
  (core instance $main (instantiate $Main (with "" (instance
    (export "mem" (memory $mem))
    (export "task.return" (func $task.return))))))

  (func (export "units-utf8") (param "s" string) (result u32)
    (canon lift (core func $main "units") (memory $mem) (realloc $realloc)))
  (func (export "units-utf16") (param "s" string) (result u32)
    (canon lift (core func $main "units") string-encoding=utf16 (memory $mem) (realloc $realloc)))
  (func (export "units-compact") (param "s" string) (result u32)
    (canon lift (core func $main "units") string-encoding=latin1+utf16 (memory $mem) (realloc $realloc)))
  (func (export "first-byte") (param "s" string) (result u32)
    (canon lift (core func $libc64 "first-byte")
      (memory (core memory $libc64 "mem")) (realloc (core func $libc64 "realloc"))))
  (func (export "text") (result string)
    (canon lift (core func $main "text") (memory $mem) (post-return (core func $main "after-text"))))
  (func (export "returned") (result u32) (canon lift (core func $main "returned")))
  (func (export "sync") (result u32) (canon lift (core func $main "sync")))
  (func (export "stackful") async (result u32) (canon lift (core func $main "stackful") async))
  (func (export "callback") async (result u32)
    (canon lift (core func $main "callback") async (callback (func $main "on-event"))))
  (func (export "bad-code") async (result u32)
    (canon lift (core func $main "bad-code") async (callback (func $main "on-event")))))

(component instance $options $Options)
;; One character beyond ASCII: two bytes in UTF-8, one unit in UTF-16, one byte in Latin-1.
(assert_return (invoke "units-utf8" (str.const "\u{e9}")) (u32.const 2))
(assert_return (invoke "units-utf16" (str.const "\u{e9}")) (u32.const 1))
(assert_return (invoke "units-compact" (str.const "\u{e9}")) (u32.const 1))
;; One beyond Latin-1: three bytes; one unit; one unit with the bit that says that it is UTF-16.
(assert_return (invoke "units-utf8" (str.const "\u{2603}")) (u32.const 3))
(assert_return (invoke "units-utf16" (str.const "\u{2603}")) (u32.const 1))
(assert_return (invoke "units-compact" (str.const "\u{2603}")) (u32.const 0x80000001))
;; Pointers and lengths have the address type of the memory.
(assert_return (invoke "first-byte" (str.const "text")) (u32.const 0x74))
;; post-return is called once for each result, after it was read.
(assert_return (invoke "text") (str.const "text"))
(assert_return (invoke "text") (str.const "text"))
(assert_return (invoke "returned") (u32.const 2))
;; The three ways to lift a function give the same result.
(assert_return (invoke "sync") (u32.const 42))
(assert_return (invoke "stackful") (u32.const 42))
(assert_return (invoke "callback") (u32.const 42))
;; A callback returns EXIT, YIELD or WAIT.
(assert_trap (invoke "bad-code") "unsupported callback code")
