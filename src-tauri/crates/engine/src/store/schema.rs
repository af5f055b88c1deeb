//! The schema, one migration per version. A version that has shipped is never edited; a new one is added.

use rusqlite::Connection;

use super::StoreError;

/// Each migrates the database from the version that is its index to the next.
const VERSIONS: [&str; 10] = [
    "
create table downloads (
  id integer primary key autoincrement,
  url text not null,
  folder text not null,
  wanted_name text,
  headers text not null,        -- JSON: [[name, value], ...]
  sha256 text,
  connections integer,
  speed_limit integer,          -- bytes per second
  state text not null,          -- JSON, see core/state.rs
  attempts integer not null,
  epoch integer not null,
  added_at integer not null,    -- milliseconds since 1970
  name text,                    -- final name; the unfinished file is name || '.part'
  file text,                    -- which file on disk: device and inode, or the like
  total integer,
  etag text,
  modified text,
  resumable integer,
  done text not null            -- bytes on disk for sure: '0-100 200-300', half open
);
create index by_link on downloads (url, folder);
",
    "
alter table downloads rename column sha256 to checksum;
update downloads set checksum = 'sha-256:' || checksum where checksum is not null;
alter table downloads add column verdict text;      -- JSON: what proved the finished file
alter table downloads add column proxy text;        -- a link; null is the engine's own setting
alter table downloads add column credentials text;  -- JSON: {user, password}
alter table downloads add column priority integer not null default 0;
alter table downloads add column place integer;     -- order within a priority; null is the order of ids
alter table downloads add column samples text;      -- 'offset:length:hash ...' of bytes on disk
",
    "
alter table downloads add column start_at integer;  -- milliseconds since 1970; paused until then
",
    "
alter table downloads add column unmetered_only integer not null default 0;
",
    "
create table finished (         -- of the command line: see store/finished.rs
  id integer primary key,
  link blob not null unique,    -- hash of link, folder and wished name
  name text not null,
  file text not null,
  size integer not null,
  checksum text,                -- 'algorithm:hex' that the file met
  at integer not null           -- milliseconds since 1970
);
",
    "
alter table downloads add column speed_history text;  -- JSON: see domain/speed_history.rs
",
    "
alter table downloads add column relocation text;   -- JSON, see domain/relocation.rs
",
    "
alter table downloads add column tags text;         -- JSON: [tag, ...]; null is none
",
    "
alter table downloads add column verification text; -- JSON, see domain/verification.rs
",
    "
alter table downloads add column replaces text;     -- JSON, see domain/replacement.rs; null is none
",
];

/// Migrates the database to the newest version, in one transaction.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let newest = VERSIONS.len() as i64;
    let found = version(connection)?;
    if found > newest {
        return Err(StoreError::Newer(found));
    }
    if found == newest {
        return Ok(());
    }
    // Another process may be migrating too: check again under the write lock.
    let change = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    for step in version(&change)?..newest {
        let script = usize::try_from(step).ok().and_then(|at| VERSIONS.get(at));
        change.execute_batch(script.expect("versions count from 0 to the newest"))?;
    }
    change.pragma_update(None, "user_version", newest)?;
    change.commit()?;
    Ok(())
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("pragma user_version", [], |row| row.get(0))?)
}

/// A random number assigned when the list is created, stored in SQLite's `application_id`.
pub(super) fn list_id(connection: &mut Connection) -> Result<u32, StoreError> {
    let read = |connection: &Connection| {
        connection.query_row("pragma application_id", [], |row| row.get::<_, i32>(0))
    };
    let mut id = read(connection)?;
    if id == 0 {
        let change =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        // Another process may have been first.
        id = read(&change)?;
        if id == 0 {
            id = fastrand::i32(1..);
            change.pragma_update(None, "application_id", id)?;
        }
        change.commit()?;
    }
    Ok(id.cast_unsigned())
}
