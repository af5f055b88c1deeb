// Mutants of the engine's domain that may survive, by file and cargo-mutants' name, each with the reason. A table; does
// nothing.
export const known = {};
