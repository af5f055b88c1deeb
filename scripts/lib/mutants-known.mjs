// The mistakes that no test of the engine's decisions finds, by file and what cargo-mutants calls them, each with the reason why none
// has to. A table; does nothing.
export const known = {};
