;; Which indices a caller's table has given out: a call that waits takes none, and a subtask takes the first that
;; is free after its arguments were handed over.
(component
  (component $Callee
    (type $S (stream u8))
    (core func $new (canon stream.new $S))
    (core func $return-stream (canon task.return (result $S)))
    (core func $set (canon waitable-set.new))
    (core module $Main
      (import "" "new" (func $new (result i64)))
      (import "" "return-stream" (func $return-stream (param i32)))
      (import "" "set" (func $set (result i32)))
      (func (export "make") (result i32)
        (call $return-stream (i32.wrap_i64 (call $new)))
        (i32.const 0 (; EXIT ;)))
      (func (export "take") (param i32) (result i32)
        (i32.or (i32.const 2 (; WAIT ;)) (i32.shl (call $set) (i32.const 4))))
      (func (export "on-event") (param i32 i32 i32) (result i32) unreachable))
    (core instance $main (instantiate $Main (with "" (instance
      (export "new" (func $new)) (export "return-stream" (func $return-stream))
      (export "set" (func $set))))))
    (func (export "make") async (result (stream u8))
      (canon lift (core func $main "make") async (callback (core func $main "on-event"))))
    (func (export "take") async (param "s" (stream u8)) (result u32)
      (canon lift (core func $main "take") async (callback (core func $main "on-event")))))
  (component $Caller
    (import "make" (func $make async (result (stream u8))))
    (import "take" (func $take async (param "s" (stream u8)) (result u32)))
    (core module $Memory (memory (export "mem") 1))
    (core instance $memory (instantiate $Memory))
    (type $S (stream u8))
    (core func $new (canon stream.new $S))
    (core func $make' (canon lower (func $make)))
    (core func $take' (canon lower (func $take) async (memory (core memory $memory "mem"))))
    (core module $Main
      (import "" "new" (func $new (result i64)))
      (import "" "make" (func $make (result i32)))
      (import "" "take" (func $take (param i32 i32) (result i32)))
      (func (export "sync-call") (result i32) (call $make))
      (func (export "async-call") (result i32)
        (i32.shr_u (call $take (i32.wrap_i64 (call $new)) (i32.const 16)) (i32.const 4))))
    (core instance $main (instantiate $Main (with "" (instance
      (export "new" (func $new))
      (export "make" (func $make'))
      (export "take" (func $take'))))))
    (func (export "sync-call") async (result u32) (canon lift (core func $main "sync-call")))
    (func (export "async-call") async (result u32) (canon lift (core func $main "async-call"))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller
    (with "make" (func $callee "make"))
    (with "take" (func $callee "take"))))
  (export "sync-call" (func $caller "sync-call"))
  (export "async-call" (func $caller "async-call")))
