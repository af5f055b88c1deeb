// Settings shared by all builds for other systems, so that they share the host artifacts: macros and build scripts.

/**
 * The environment of cargo. `stand` are the fakes, `folder` is theirs alone: the compiler may differ from the one
 * elsewhere.
 */
export const forAll = (folder, stand) => ({
  CARGO_TARGET_DIR: folder,
  RUSTC_WORKSPACE_WRAPPER: stand.strict,
  // No debug information and no incremental builds: nobody debugs these or rebuilds them after small changes.
  CARGO_PROFILE_DEV_DEBUG: "0",
  CARGO_INCREMENTAL: "0",
});
