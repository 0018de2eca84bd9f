;; A component that has raised its backpressure is called by the host: the call waits.
(component
  (core func $inc (canon backpressure.inc))
  (core func $return (canon task.return))
  (core module $Main
    (import "" "inc" (func $inc))
    (import "" "return" (func $return))
    (func (export "close") (call $inc))
    (func (export "work") (result i32) (call $return) (i32.const 0 (; EXIT ;)))
    (func (export "on-event") (param i32 i32 i32) (result i32) unreachable))
  (core instance $main (instantiate $Main (with "" (instance
    (export "inc" (func $inc)) (export "return" (func $return))))))
  (func (export "close") (canon lift (core func $main "close")))
  (func (export "work") async
    (canon lift (core func $main "work") async (callback (core func $main "on-event")))))
