;; Resources: resource.new, resource.rep, resource.drop, and the destructor that a drop runs.

(component definition $Handles
  (core module $Dtor
    (global $dropped (mut i32) (i32.const 0))
    (func (export "dtor") (param $rep i32) (global.set $dropped (local.get $rep)))
    (func (export "dropped") (result i32) (global.get $dropped)))
  (core instance $dtor (instantiate $Dtor))

  (type $R (resource (rep i32) (dtor (func $dtor "dtor"))))
  (core func $new (canon resource.new $R))
  (core func $rep (canon resource.rep $R))
  (core func $drop (canon resource.drop $R))

  (core module $Main
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "rep" (func $rep (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (import "" "dropped" (func $dropped (result i32)))

    (func (export "read-back") (param $value i32) (result i32)
      (local $h i32) (local $found i32)
      (local.set $h (call $new (local.get $value)))
      (local.set $found (call $rep (local.get $h)))
      (call $drop (local.get $h))
      (local.get $found))

    (func (export "destroyed") (param $value i32) (result i32)
      (call $drop (call $new (local.get $value)))
      (call $dropped))

    (func (export "reused") (result i32)
      (local $first i32) (local $second i32)
      (local.set $first (call $new (i32.const 1)))
      (call $drop (local.get $first))
      (local.set $second (call $new (i32.const 2)))
      (call $drop (local.get $second))
      (i32.eq (local.get $first) (local.get $second)))

    (func (export "used-after-drop")
      (local $h i32)
      (local.set $h (call $new (i32.const 1)))
      (call $drop (local.get $h))
      (drop (call $rep (local.get $h)))))
  (core instance $main (instantiate $Main (with "" (instance
    (export "new" (func $new))
    (export "rep" (func $rep))
    (export "drop" (func $drop))
    (export "dropped" (func $dtor "dropped"))))))

  (func (export "read-back") (param "value" u32) (result u32) (canon lift (core func $main "read-back")))
  (func (export "destroyed") (param "value" u32) (result u32) (canon lift (core func $main "destroyed")))
  (func (export "reused") (result bool) (canon lift (core func $main "reused")))
  (func (export "used-after-drop") (canon lift (core func $main "used-after-drop"))))

(component instance $handles $Handles)
;; The instance that defines a resource may read the representation that it gave to resource.new.
(assert_return (invoke "read-back" (u32.const 77)) (u32.const 77))
;; The last drop of an own handle calls the destructor with the representation.
(assert_return (invoke "destroyed" (u32.const 5)) (u32.const 5))
;; A table hands out the index that was freed last.
(assert_return (invoke "reused") (bool.const true))
;; An index that was freed stands for nothing.
(assert_trap (invoke "used-after-drop") "unknown handle index 1")
