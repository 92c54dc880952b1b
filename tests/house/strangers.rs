//! What strangers hand to the commands: pipes, devices, words that would steer a terminal, names and figures that are
//! not there. Each is answered at once, with a place, and nothing reaches the terminal that could steer it.

use std::fs;
#[cfg(feature = "app")]
use std::path::Path;
use std::path::PathBuf;
use std::process::{Command, Output};

use glassbox::text::steers;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("glassbox-{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&path));
        fs::create_dir_all(path.join("go-map")).unwrap();
        Folder(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        fs::write(self.0.join(name), text).unwrap();
        self.path(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn glassbox(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_glassbox"));
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("the program starts")
}

/// Everything that was printed, on stdout and then on stderr.
fn told(output: &Output) -> String {
    let text = [output.stdout.clone(), output.stderr.clone()].concat();
    String::from_utf8(text).expect("UTF-8")
}

fn scene(title: &str, beat: &str) -> String {
    format!("(title: (en: \"{title}\", zh: \"b\"), summary: (en: \"a\", zh: \"b\"), beats: [(do: {beat})])")
}

#[cfg(unix)]
#[test]
fn pipes_devices_and_endless_links_are_refused_wherever_a_file_is_read() {
    let folder = Folder::new("special");
    let pipe = |name: &str| {
        let made = Command::new("mkfifo").arg(folder.path(name)).status().expect("mkfifo is there");
        assert!(made.success());
    };
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, folder.path(name)).unwrap();
    pipe("go-map/pipe.ron");
    pipe("go-map/listing.txt");
    pipe("recording");
    link("/dev/zero", "go-map/zero.ron");
    link("/dev/zero", "go-map/mechanism.ron");
    link("/no/where", "go-map/nowhere.ron");
    let checked = told(&glassbox(&["check", &folder.path("")]));
    for part in
        ["pipe.ron: a pipe", "listing.txt: a pipe", "zero.ron: a device", "mechanism.ron: a device", "nowhere.ron: No"]
    {
        assert!(checked.contains(part), "no `{part}` in {checked}");
    }
    assert!(checked.contains("5 faults"), "{checked}");
    for (file, part) in [
        (folder.path("recording"), "a pipe"),
        ("/dev/zero".to_owned(), "a device"),
        (folder.path("go-map"), "a folder"),
    ] {
        let replayed = glassbox(&["replay", &file]);
        assert_eq!(replayed.status.code(), Some(1));
        assert!(told(&replayed).contains(&format!("{file}: {part}: only regular files are read")), "{replayed:?}");
    }
}

#[test]
fn a_recording_over_the_limit_is_refused_unread() {
    let folder = Folder::new("large");
    let path = folder.write("large.jsonl", "");
    // A hole: it takes no place on the disk.
    fs::File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
    let replayed = glassbox(&["replay", &path]);
    assert_eq!(replayed.status.code(), Some(1));
    assert!(told(&replayed).contains("larger than the 67108864 bytes that are read"), "{replayed:?}");
}

#[test]
fn no_word_from_a_file_steers_the_terminal() {
    let folder = Folder::new("steer");
    let evil = r"\u{1b}]0;pwned\u{7}\u{1b}[31m\nsecond\tline \u{202e}\u{9b}\u{0}\u{7f}";
    folder.write("go-map/evil.ron", scene(evil, r#"Insert("\u{1b}[31m\u{9b}\n\u{202e}")"#));
    folder.write(
        "go-map/bad.ron",
        r#"(title: (en: "a", zh: "b"), summary: (en: "a", zh: "b"), beats: [(do: "\u{1b}[31m\u{9b}")])"#,
    );
    let field = "(title: (en: \"a\", zh: \"b\"), r#\u{1b}[31m\u{202e}: 1)";
    folder.write("go-map/field.ron", field);
    #[cfg(unix)]
    folder.write("go-map/na\u{1b}[31mme\n.ron", "(");
    folder.write("lost.ron", "(mechanism: \"\u{1b}[31m\u{9b}\"");
    let own = folder.path("");
    let word = folder.write("word.jsonl", "{\"mechanism\":\"\\u001b]0;pwned\\u0007\\u009b\\u202e\"}");
    let raw = folder.write("raw.jsonl", "{\"mechanism\":\"\u{1b}]0;pwned\u{7}\"}");
    let kind = "{\"mechanism\":\"sched\",\"gomaxprocs\":1,\"go\":\"x\",\"programs\":[[[\"\\u001b]0;\\u0007\",1,1]]]}";
    let op = folder.write("op.jsonl", kind);
    let gone = folder.path("\u{1b}[31mgone\u{202e}");
    let runs: [&[&str]; 15] = [
        &["list", "--scenes", &own],
        &["list", "--json", "--scenes", &own],
        &["check", &own],
        &["trace", "go-map/evil", "--scenes", &own],
        &["trace", "go-map/evil", "--lang", "zh", "--scenes", &own],
        &["trace", "go-map/evil", "--json", "--scenes", &own],
        &["trace", "go-map/bad", "--scenes", &own],
        &["trace", "\u{1b}[31m\u{9b}"],
        &["replay", &word],
        &["replay", &raw],
        &["replay", &op],
        &["replay", &gone],
        &["check", &gone],
        &["explore", "\u{1b}[31m"],
        &["\u{1b}[31mtrase"],
    ];
    for arguments in runs {
        let text = told(&glassbox(arguments));
        let steering: Vec<char> = text.chars().filter(|c| steers(*c) && !matches!(c, '\n' | '\t')).collect();
        assert!(!text.is_empty() && steering.is_empty(), "{arguments:?} printed {steering:?} in {text:?}");
    }
    let listed = glassbox(&["list", "--scenes", &own]);
    let line =
        String::from_utf8(listed.stdout).unwrap().lines().find(|line| line.contains("pwned")).unwrap().to_owned();
    assert!(line.contains(r"\u{1b}]0;pwned\u{7}\u{1b}[31m\nsecond\tline \u{202e}"), "one line, escaped: {line}");
    let listed = glassbox(&["list", "--json", "--scenes", &own]);
    let json: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    let scenes = json["mechanisms"][0]["scenes"].as_array().unwrap();
    let title = scenes.iter().find(|scene| scene["id"] == "go-map/evil").unwrap()["title"]["en"].as_str().unwrap();
    assert!(title.starts_with("\u{1b}]0;pwned\u{7}") && title.contains("\nsecond\tline \u{202e}\u{9b}\0"), "{title:?}");
    let traced = glassbox(&["trace", "go-map/evil", "--scenes", &own]);
    let traced = String::from_utf8(traced.stdout).unwrap();
    assert!(traced.lines().all(|line| line.split('\t').count() == 5), "a tab in a key makes no column: {traced}");
}

#[test]
fn list_tells_of_a_broken_scene_and_of_broken_words_and_lists_the_rest() {
    let folder = Folder::new("broken");
    folder.write("go-map/broken.ron", "(title: 1)");
    fs::create_dir(folder.0.join("go-chan")).unwrap();
    folder.write("go-chan/mechanism.ron", "(");
    let listed = glassbox(&["list", "--scenes", &folder.path("")]);
    assert!(listed.status.success());
    let text = told(&listed);
    let line = |start: &str| text.lines().find(|line| line.trim_start().starts_with(start)).unwrap_or("");
    assert!(line("go-map/broken").contains("broken.ron:1:"), "{text}");
    assert!(line("go-chan ").contains("error: ") && line("go-chan ").contains("mechanism.ron:1:"), "{text}");
    assert!(line("go-map/growth").contains(" steps ") && line("go-sched ").contains('/'), "{text}");
    assert!(line("glassbox: ").contains(" scenes can't be shown"), "{text}");
    let whole = glassbox(&["list"]);
    assert!(whole.stderr.is_empty(), "nothing is told where nothing is wrong");
}

#[cfg(unix)]
#[test]
fn an_unreadable_subfolder_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("closed");
    let closed = folder.0.join("go-map");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    // Root reads everything.
    let readable = fs::read_dir(&closed).is_ok();
    let checked = glassbox(&["check", &folder.path("")]);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    let text = told(&checked);
    assert!(readable || (text.contains("go-map: Permission denied") && checked.status.code() == Some(1)), "{text}");
}

#[test]
fn an_unknown_scene_names_the_nearest_few() {
    let output = glassbox(&["trace", "go-map/grwth"]);
    let text = told(&output);
    assert_eq!(output.status.code(), Some(2));
    assert!(text.contains("did you mean `go-map/growth`?") && text.contains("`glassbox list`"), "{text}");
    assert!(!text.contains("go-sched/syscall") && text.len() < 300, "not every scene: {text}");
}

#[cfg(feature = "app")]
#[test]
fn what_cannot_be_rendered_is_wrong_use_and_told() {
    let folder = Folder::new("render");
    let (out, there) = (folder.path("film.gif"), folder.write("there", "mine"));
    let render = |more: &[&str]| glassbox(&[&["render", "go-map/anatomy", "--from", "0", "--to", "1"], more].concat());
    for (more, part) in [
        (&["--out", &out, "--fps", "0"][..], "1 to 240 frames per second"),
        (&["--out", &out, "--fps", "241"], "at most 50"),
        (&["--out", &out, "--fps", "51"], "at most 50"),
        (&["--out", &there], "there is a file: frames go into a folder"),
    ] {
        let output = render(more);
        assert_eq!(output.status.code(), Some(2), "{more:?}: {output:?}");
        assert!(told(&output).contains(part), "{more:?}: {output:?}");
    }
    assert!(!Path::new(&out).exists());
    assert_eq!(fs::read_to_string(there).unwrap(), "mine");
}

#[cfg(feature = "app")]
#[test]
fn what_a_killed_render_left_is_cleared_by_the_next() {
    let folder = Folder::new("killed");
    let left = folder.write(".glassbox-killed", "half a film");
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(600);
    fs::File::options().write(true).open(&left).unwrap().set_modified(long_ago).unwrap();
    let out = folder.path("picture.png");
    let rendered = glassbox(&["render", "go-map/anatomy", "--step", "1", "--size", "64x36", "--out", &out]);
    assert!(rendered.status.success(), "{rendered:?}");
    assert!(Path::new(&out).exists() && !Path::new(&left).exists());
}
