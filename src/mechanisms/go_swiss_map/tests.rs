use std::fs;
use crate::replay::{Recording, Replay};
use super::*;

#[test]
fn recordings_replay() {
    let dir = std::path::PathBuf::from("tests/recordings/go-swiss-map");
    for file in fs::read_dir(dir).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let report = GoSwissMap::replay(Recording::new(&text));
        match report { Ok(r) => println!("{}: {r}", path.display()), Err(e) => println!("{}: {e}", path.display()) }
    }
}
