// The smallest program with two outcomes, for tests of those who ask for them.

/** A callee that yields may let its caller go on, or not: as the first scenario of chapter 0. */
export const yields: string = `
scenario "YIELD-1 a yield"
component B {
  export f: async func() -> u32 stackful { log "in"; thread.yield; log "out"; task.return 7 }
}
component A {
  import B
  export run: async func() sync {
    let state, sub, ret = async B.f()
    log state
  }
}
run A.run as main
`;
