;; Handles of two resource types, a waitable set and a stream: a component instance has one table for all.
(component
  (type $A (resource (rep i32)))
  (type $B (resource (rep i32)))
  (type $S (stream u8))
  (core func $new-a (canon resource.new $A))
  (core func $new-b (canon resource.new $B))
  (core func $set (canon waitable-set.new))
  (core func $stream (canon stream.new $S))
  (core module $Main
    (import "" "new-a" (func $new-a (param i32) (result i32)))
    (import "" "new-b" (func $new-b (param i32) (result i32)))
    (import "" "set" (func $set (result i32)))
    (import "" "stream" (func $stream (result i64)))
    (func (export "run") (result i32)
      (local $all i32)
      (local.set $all (call $new-a (i32.const 100)))
      (local.set $all (i32.add (i32.mul (local.get $all) (i32.const 10)) (call $set)))
      (local.set $all (i32.add (i32.mul (local.get $all) (i32.const 10)) (call $new-b (i32.const 200))))
      (i32.add (i32.mul (local.get $all) (i32.const 10)) (i32.wrap_i64 (call $stream)))))
  (core instance $main (instantiate $Main (with "" (instance
    (export "new-a" (func $new-a)) (export "new-b" (func $new-b)) (export "set" (func $set))
    (export "stream" (func $stream))))))
  (func (export "run") async (result u32) (canon lift (core func $main "run"))))
