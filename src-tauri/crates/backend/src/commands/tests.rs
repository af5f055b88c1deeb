//! The table against the functions: a command without a body, or a body that no table names, is a failure.

use std::collections::BTreeSet;
use std::path::Path;

use super::*;

#[test]
fn the_table_is_in_order_and_names_each_command_once() {
    assert!(COMMANDS.windows(2).all(|two| two[0].name < two[1].name));
}

#[test]
fn every_body_is_here_that_the_table_says_is_here_and_no_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/commands");
    let mut bodies = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        // helpers are there, no commands
        if file.ends_with("mod.rs") {
            continue;
        }
        let text = std::fs::read_to_string(file).unwrap();
        for line in text.lines() {
            let line = line.strip_prefix("pub ").unwrap_or_default();
            let line = line.strip_prefix("async ").unwrap_or(line);
            if let Some((name, _)) = line
                .strip_prefix("fn ")
                .and_then(|rest| rest.split_once('('))
            {
                bodies.insert(name.to_owned());
            }
        }
    }
    let here = COMMANDS.iter().filter(|one| one.body == Body::Backend);
    let here: BTreeSet<String> = here.map(|one| one.name.to_owned()).collect();
    assert_eq!(bodies, here);
}
