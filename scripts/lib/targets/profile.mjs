// What all builds for other systems have in common, so that they share what is built for this one: macros and build scripts.

/** The environment of cargo. `stand` are the stand-ins, `folder` is theirs alone: the compiler may be another one than elsewhere. */
export const forAll = (folder, stand) => ({
  CARGO_TARGET_DIR: folder,
  RUSTC_WORKSPACE_WRAPPER: stand.strict,
  // Nobody looks into it with a debugger, and nobody changes it a little and builds it again.
  CARGO_PROFILE_DEV_DEBUG: "0",
  CARGO_INCREMENTAL: "0",
});
