//! Compares what the documents say about the command line with its arguments. Test code only.

use std::path::Path;

use clap::{CommandFactory, Parser};

use crate::args::Args;

const OPTIONS: &str = "docs/command-line.md";

fn read(document: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    std::fs::read_to_string(root.join(document)).expect("the document is there")
}

/// Rows of tables whose first cell has an option, as cells.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let rows = text.lines().filter(|line| line.starts_with("| `-"));
    rows.map(|row| row.split('|').map(str::trim).collect())
        .collect()
}

#[test]
fn every_option_is_in_the_document_with_an_example() {
    let text = read(OPTIONS);
    let rows = rows(&text);
    let command = Args::command();
    let get = command.find_subcommand("get").expect("it is declared");
    for option in get.get_arguments().filter(|one| !one.is_positional()) {
        let long = option.get_long().expect("each option has a long name");
        let named = format!("--{long}");
        let mut row = rows.iter().filter(|row| {
            let mut words = row[1].split(['`', ' ']);
            words.any(|word| word == named)
        });
        let row = row
            .next()
            .unwrap_or_else(|| panic!("{OPTIONS} has no row for {named}"));
        let short = option.get_short().map(|short| format!("-{short}"));
        let used = row[3]
            .split(['`', ' '])
            .any(|word| word == named || short.as_deref() == Some(word));
        assert!(used, "the example of {named} does without it: {}", row[3]);
        for alias in option.get_all_aliases().unwrap_or_default() {
            assert!(text.contains(&format!("`--{alias}`")), "--{alias}");
        }
    }
}

#[test]
fn every_example_can_be_parsed() {
    let mut command = Args::command();
    let get = command.find_subcommand_mut("get").expect("it is declared");
    let texts = [
        read(OPTIONS),
        read("README.md"),
        get.render_long_help().to_string(),
    ];
    for text in texts {
        let mut count = 0;
        let spans = text.split(['`', '\n']).map(str::trim);
        // What stands for any arguments is no example.
        let examples =
            spans.filter(|span| span.starts_with("millrace get ") && !span.contains("..."));
        for example in examples.filter(|span| !span.contains("--help")) {
            let example = example.replace("HEX", &"0".repeat(64));
            let without_comment = example.split(" # ").next().unwrap_or_default();
            let words = shlex::split(without_comment).expect("quotes are closed");
            let parsed = Args::try_parse_from(words);
            assert!(parsed.is_ok(), "{example}: {}", parsed.unwrap_err());
            count += 1;
        }
        assert!(count >= 3, "examples are not found in: {text}");
    }
}
