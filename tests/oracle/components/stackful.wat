;; A stackful export: it returns by `task.return`, and its core function then returns nothing.
(component
  (core func $return (canon task.return (result u32)))
  (core module $Main
    (import "" "return" (func $return (param i32)))
    (func (export "run") (call $return (i32.const 42))))
  (core instance $main (instantiate $Main (with "" (instance (export "return" (func $return))))))
  (func (export "run") async (result u32) (canon lift (core func $main "run") async)))
