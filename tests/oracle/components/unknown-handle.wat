;; Handles of a resource that are not in the table.
(component
  (type $R (resource (rep i32)))
  (core func $new (canon resource.new $R))
  (core func $drop (canon resource.drop $R))
  (core func $rep (canon resource.rep $R))
  (core module $Main
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (import "" "rep" (func $rep (param i32) (result i32)))
    (func (export "drop-none") (call $drop (i32.const 5)))
    (func (export "rep-none") (drop (call $rep (i32.const 5))))
    (func (export "drop-twice") (local $r i32)
      (local.set $r (call $new (i32.const 7)))
      (call $drop (local.get $r))
      (call $drop (local.get $r))))
  (core instance $main (instantiate $Main (with "" (instance
    (export "new" (func $new)) (export "drop" (func $drop)) (export "rep" (func $rep))))))
  (func (export "drop-none") async (canon lift (core func $main "drop-none")))
  (func (export "rep-none") async (canon lift (core func $main "rep-none")))
  (func (export "drop-twice") async (canon lift (core func $main "drop-twice"))))
