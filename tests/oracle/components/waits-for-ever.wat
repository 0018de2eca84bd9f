;; A task waits for a set in which nothing is.
(component
  (core module $Memory (memory (export "mem") 1))
  (core instance $memory (instantiate $Memory))
  (core func $set (canon waitable-set.new))
  (core func $wait (canon waitable-set.wait (memory (core memory $memory "mem"))))
  (core module $Main
    (import "" "set" (func $set (result i32)))
    (import "" "wait" (func $wait (param i32 i32) (result i32)))
    (func (export "in-wait") (drop (call $wait (call $set) (i32.const 0))))
    (func (export "in-callback") (result i32)
      (i32.or (i32.const 2 (; WAIT ;)) (i32.shl (call $set) (i32.const 4))))
    (func (export "on-event") (param i32 i32 i32) (result i32) unreachable))
  (core instance $main (instantiate $Main (with "" (instance
    (export "set" (func $set)) (export "wait" (func $wait))))))
  (func (export "in-wait") async (canon lift (core func $main "in-wait")))
  (func (export "in-callback") async
    (canon lift (core func $main "in-callback") async (callback (core func $main "on-event")))))
