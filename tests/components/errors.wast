;; Error contexts: error-context.new, error-context.debug-message, error-context.drop.

(component definition $Errors
  (core module $Libc
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 128)))
  (core instance $libc (instantiate $Libc))
  (core func $new (canon error-context.new (memory (core memory $libc "mem"))))
  (core func $message (canon error-context.debug-message
    (memory (core memory $libc "mem")) (realloc (core func $libc "realloc"))))
  (core func $drop (canon error-context.drop))
  (core module $Main
    (import "" "mem" (memory 1))
    (import "" "new" (func $new (param i32 i32) (result i32)))
    (import "" "message" (func $message (param i32 i32)))
    (import "" "drop" (func $drop (param i32)))
    (data (i32.const 64) "fault")
    (func (export "length-of-message") (result i32)
      (local $e i32)
      (local.set $e (call $new (i32.const 64) (i32.const 5)))
      (call $message (local.get $e) (i32.const 0))
      (call $drop (local.get $e))
      (i32.load (i32.const 4)))
    (func (export "used-after-drop")
      (local $e i32)
      (local.set $e (call $new (i32.const 64) (i32.const 5)))
      (call $drop (local.get $e))
      (call $message (local.get $e) (i32.const 0))))
  (core instance $main (instantiate $Main (with "" (instance
    (export "mem" (memory $libc "mem"))
    (export "new" (func $new))
    (export "message" (func $message))
    (export "drop" (func $drop))))))
  (func (export "length-of-message") (result u32) (canon lift (core func $main "length-of-message")))
  (func (export "used-after-drop") (canon lift (core func $main "used-after-drop"))))

(component instance $errors $Errors)
;; A host may keep the message or forget it.
(assert_return (invoke "length-of-message") (either (u32.const 0) (u32.const 5)))
(assert_trap (invoke "used-after-drop") "unknown handle index 1")
