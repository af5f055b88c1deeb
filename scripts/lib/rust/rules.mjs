// Which way knowledge points in each crate, by its modules. A table; does nothing.
//
// A module of a layer takes from the layers before it, and from none of its own; every module of the crate stands in one. A crate
// without layers only has no circles. `exceptions` is what was already so, `from -> to` between neighbours, with what is taken: the
// list becomes shorter only, and an entry that is not needed any more fails the check.

export const crates = [
  {
    root: "crates/engine/src/lib.rs",
    layers: [
      ["core"],
      ["disk", "http", "network", "store"],
      ["config", "handle", "worker"],
      ["engine", "stream"],
    ],
    exceptions: {
      "core -> handle": "Leftover, which the states carry",
      "core::document_id -> core::file_id": "IdMatch",
      "core::given_name -> core::name": "LONGEST, reserved",
      "core::turn -> core::download": "DownloadId",
      "disk::files -> disk::quarantine": "the usual files mark what came from the network; it takes Files",
      "disk::plain -> disk::files": "Standing",
      "disk::sink -> disk::pool": "Task; the others take `lock`",
      "disk::sink -> disk::progress": "Journal; it takes `lock`",
      "disk::sink -> disk::target": "Target; it takes `lock`",
      "disk::unnamed -> disk::small_files": "what it is to place",
      "engine::chores -> engine::returns": "TakenIn",
      "engine::entry -> engine::lending": "Loan",
      "engine::lending -> engine::returns": "Handed",
      "http::answer -> http::client": "Ask",
      "http::chunks -> http::decoder": "DecodeError, Step",
      "http::gzip -> http::decoder": "DecodeError, Step",
      "http::tls -> http::clients": "NetError",
      "http::tunnelled -> http::clients": "MANY_FIELDS, MAX_IDLE",
      "store -> disk": "create_private, for the spare copy",
      "worker::crowd -> worker::job": "Reports",
      "worker::earlier -> worker::begin": "asked",
      "worker::kept -> worker::job": "Job",
      "worker::sample -> worker::fetch": "Source",
    },
  },
  {
    root: "src/lib.rs",
    layers: [
      ["home", "private", "redact", "sample", "view"],
      ["bench", "folders", "journal", "report", "words"],
      ["settings"],
      ["hub"],
      ["app"],
      ["desk"],
      ["window"],
      ["shell"],
      ["carried", "commands"],
      ["bindings"],
      ["start"],
      ["phone"],
    ],
    exceptions: {
      "app -> desk": "where it finds the engine and what is set",
      "app -> shell": "the trait Shell, whose words are the app's",
      "home -> shell": "MEDIA, the folder of Android's provider",
    },
  },
  { root: "crates/cli/src/main.rs" },
  { root: "crates/protocol/src/lib.rs" },
  { root: "crates/soak/src/main.rs", exceptions: { "check -> drive": "Drive" } },
  { root: "plugins/transfer/src/lib.rs" },
];
