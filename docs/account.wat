;; An account: `deposit` reads the balance, lets others go on, and writes the sum.
(component $Account
  (core func $task.return (canon task.return (result u32)))
  (core func $context.get (canon context.get i32 0))
  (core func $context.set (canon context.set i32 0))
  (core module $Main
    (import "" "task.return" (func $task.return (param i32)))
    (import "" "context.get" (func $context.get (result i32)))
    (import "" "context.set" (func $context.set (param i32)))
    (global $balance (mut i32) (i32.const 0))

    (func (export "deposit") (param $amount i32) (result i32)
      (call $context.set (i32.add (global.get $balance) (local.get $amount)))
      (i32.const 1 (; YIELD ;)))

    (func (export "on-event") (param i32 i32 i32) (result i32)
      (global.set $balance (call $context.get))
      (call $task.return (global.get $balance))
      (i32.const 0 (; EXIT ;))))
  (core instance $main (instantiate $Main (with "" (instance
    (export "task.return" (func $task.return))
    (export "context.get" (func $context.get))
    (export "context.set" (func $context.set))))))
  (func (export "deposit") async (param "amount" u32) (result u32)
    (canon lift (core func $main "deposit") async (callback (func $main "on-event")))))
