;; An error context that is handed to another component, which drops it.
(component
  (component $Callee
    (core func $drop (canon error-context.drop))
    (core module $Main
      (import "" "drop" (func $drop (param i32)))
      (func (export "take") (param i32) (result i32) (call $drop (local.get 0)) (local.get 0)))
    (core instance $main (instantiate $Main (with "" (instance (export "drop" (func $drop))))))
    (func (export "take") (param "e" error-context) (result u32) (canon lift (core func $main "take"))))
  (component $Caller
    (import "take" (func $take (param "e" error-context) (result u32)))
    (core module $Memory
      (memory (export "mem") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
    (core instance $memory (instantiate $Memory))
    (core func $new (canon error-context.new (memory (core memory $memory "mem"))))
    (core func $message (canon error-context.debug-message
      (memory (core memory $memory "mem")) (realloc (core func $memory "realloc"))))
    (core func $drop (canon error-context.drop))
    (core func $take' (canon lower (func $take)))
    (core module $Main
      (import "" "mem" (memory 1))
      (import "" "new" (func $new (param i32 i32) (result i32)))
      (import "" "message" (func $message (param i32 i32)))
      (import "" "drop" (func $drop (param i32)))
      (import "" "take" (func $take (param i32) (result i32)))
      (data (i32.const 64) "cause")
      (func (export "run") (result i32)
        (local $e i32)
        (local.set $e (call $new (i32.const 64) (i32.const 5)))
        (call $message (local.get $e) (i32.const 16))
        (drop (call $take (local.get $e)))
        ;; it is still there: error contexts are shared
        (call $message (local.get $e) (i32.const 24))
        (call $drop (local.get $e))
        (i32.load (i32.const 28))))
    (core instance $main (instantiate $Main (with "" (instance
      (export "mem" (memory $memory "mem"))
      (export "new" (func $new))
      (export "message" (func $message))
      (export "drop" (func $drop))
      (export "take" (func $take'))))))
    (func (export "run") async (result u32) (canon lift (core func $main "run"))))
  (instance $callee (instantiate $Callee))
  (instance $caller (instantiate $Caller (with "take" (func $callee "take"))))
  (export "run" (func $caller "run")))
