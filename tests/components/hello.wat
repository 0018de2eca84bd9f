;; A program: it writes a line to stdout and waits until the host has taken all of it.
(component $Hello
  (import "wasi:cli/stdout@0.3.0" (instance $stdout
    (type $code (enum "io" "illegal-byte-sequence" "pipe"))
    (export "error-code" (type $error-code (eq $code)))
    (type $end (future (result (error $error-code))))
    (export "write-via-stream" (func (param "data" (stream u8)) (result $end)))))
  (alias export $stdout "error-code" (type $error-code))

  (core module $Memory (memory (export "mem") 1))
  (core instance $memory (instantiate $Memory))
  (alias core export $memory "mem" (core memory $mem))
  (type $S (stream u8))
  (type $F (future (result (error $error-code))))
  (core func $write-via-stream (canon lower (func $stdout "write-via-stream") (memory $mem)))
  (core func $new (canon stream.new $S))
  (core func $write (canon stream.write $S (memory $mem)))
  (core func $drop (canon stream.drop-writable $S))
  (core func $read (canon future.read $F (memory $mem)))
  (core func $forget (canon future.drop-readable $F))

  (core module $Main
    (import "" "mem" (memory 1))
    (import "" "write-via-stream" (func $write-via-stream (param i32) (result i32)))
    (import "" "new" (func $new (result i64)))
    (import "" "write" (func $write (param i32 i32 i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (import "" "read" (func $read (param i32 i32) (result i32)))
    (import "" "forget" (func $forget (param i32)))
    (data (i32.const 64) "hello\n")

    (func (export "run") (result i32)
      (local $both i64) (local $w i32) (local $end i32) (local $done i32)
      (local.set $both (call $new))
      (local.set $w (i32.wrap_i64 (i64.shr_u (local.get $both) (i64.const 32))))
      (local.set $end (call $write-via-stream (i32.wrap_i64 (local.get $both))))
      ;; the host takes as much at a time as it likes
      (loop $more
        (local.set $done (i32.add (local.get $done) (i32.shr_u
          (call $write (local.get $w)
            (i32.add (i32.const 64) (local.get $done))
            (i32.sub (i32.const 6) (local.get $done)))
          (i32.const 4))))
        (br_if $more (i32.lt_u (local.get $done) (i32.const 6))))
      (call $drop (local.get $w))
      ;; the result of it all: its discriminant is the one of `run`
      (drop (call $read (local.get $end) (i32.const 0)))
      (call $forget (local.get $end))
      (i32.load8_u (i32.const 0))))
  (core instance $main (instantiate $Main (with "" (instance
    (export "mem" (memory $mem))
    (export "write-via-stream" (func $write-via-stream))
    (export "new" (func $new))
    (export "write" (func $write))
    (export "drop" (func $drop))
    (export "read" (func $read))
    (export "forget" (func $forget))))))

  (func $run async (result (result)) (canon lift (core func $main "run")))
  (component $Export
    (import "run" (func $run async (result (result))))
    (export "run" (func $run)))
  (instance $export (instantiate $Export (with "run" (func $run))))
  (export "wasi:cli/run@0.3.0" (instance $export)))
