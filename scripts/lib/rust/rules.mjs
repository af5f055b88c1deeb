// The allowed dependency directions in each crate, by its modules. A table; does nothing.
//
// A module of a layer may depend on the layers before it, not on its own; every module of the crate is in one. A crate
// without layers only has no cycles. There are no exceptions.

export const crates = [
  {
    root: "crates/engine/src/lib.rs",
    layers: [
      ["domain"],
      ["clock", "disk", "http", "connectivity", "store"],
      ["config", "handle", "worker"],
      ["actor", "stream"],
    ],
  },
  {
    root: "crates/backend/src/lib.rs",
    layers: [
      [
        "paths",
        "owner_only",
        "redact",
        "test_snapshot",
        "truncate",
        "category",
        "notification_permission",
        "list_file",
        "log_line",
      ],
      [
        "bench",
        "folder_grants",
        "app_log",
        "diagnostics",
        "history",
        "preview",
        "option_changes",
        "subfolder",
      ],
      ["rules"],
      ["settings"],
      ["i18n", "view"],
      ["hub"],
      ["request"],
      ["app_state"],
      // What a command takes, returns and fails with is for `ipc` and `commands` only.
      ["app", "ipc"],
      ["commands", "fixtures"],
    ],
  },
  {
    root: "src/lib.rs",
    layers: [
      ["early_calls", "paths", "window"],
      ["platform", "preview_scheme"],
      ["background", "commands"],
      ["bindings"],
      ["start"],
      ["mobile_entry"],
    ],
  },
  { root: "crates/cli/src/main.rs" },
  { root: "crates/protocol/src/lib.rs" },
  { root: "crates/soak/src/main.rs" },
  { root: "plugins/transfer/src/lib.rs" },
];
