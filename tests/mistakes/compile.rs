//! Programs that do not compile, and what the compiler says of them: `compile/*.rs` and `*.stderr`.
//!
//! Each is given to rustc with the library as the tests have built it, so that nothing is built anew. Texts
//! differ from one compiler to the next: by another than that of `compile/rustc.txt` only the codes of the errors
//! are compared.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;

/// The library that this test was linked with: the newest beside it.
fn library(deps: &Path) -> PathBuf {
    let is_ours = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("libarrayspace-") && name.ends_with(".rlib")
    };
    let entries = fs::read_dir(deps).unwrap().map(|entry| entry.unwrap().path());
    let age = |path: &PathBuf| fs::metadata(path).unwrap().modified().unwrap();
    entries.filter(is_ours).max_by_key(age).expect("the library, built by cargo")
}

/// What the compiler says, without what differs from machine to machine, and without the lines of the library
/// and the lists of types that would do, which change with it.
fn normalized(stderr: &str) -> String {
    let mut out = String::new();
    let (mut listing, mut elsewhere, mut others) = (false, false, false);
    for line in stderr.replace(concat!(env!("CARGO_MANIFEST_DIR"), "/"), "").lines() {
        let text = line.trim_start();
        let is_code = text.starts_with(|c: char| c.is_ascii_digit() || c == '|');
        let is_remark =
            text.is_empty() || text.starts_with('=') || !line.starts_with([' ', '.']) && !is_code;
        // the types that implement a trait, with their places: to the next remark
        others = ["help: the following", "help: the trait `"].iter().any(|&s| line.starts_with(s))
            || others && (!is_remark || text.is_empty());
        if others {
            continue;
        }
        if let Some(place) = text.strip_prefix("--> ").or(text.strip_prefix("::: ")) {
            elsewhere = !place.contains("mistakes/compile");
            if elsewhere {
                let file = place.split(':').next().unwrap_or_default();
                let file = file.rsplit_once("/library/").map_or(file, |(_, of_std)| of_std);
                out += &format!("  in {file}\n");
                continue;
            }
        } else if elsewhere && (is_code || !is_remark) || listing && !is_remark && !is_code {
            continue;
        }
        elsewhere &= !is_remark;
        listing =
            text.starts_with("= help: the following") || text.starts_with("= help: the trait");
        if text.starts_with("= note: the full ")
            || text.starts_with("= note: consider using `--verb")
        {
            continue;
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}

/// The codes of the errors, in order.
fn codes(text: &str) -> Vec<&str> {
    text.lines().filter(|l| l.starts_with("error[")).filter_map(|l| l.split(']').next()).collect()
}

/// The compiler, and how it finds the library.
struct Compiler {
    rustc: OsString,
    version: String,
    library: PathBuf,
}

impl Compiler {
    fn new() -> Compiler {
        let exe = std::env::current_exe().unwrap();
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let version = Command::new(&rustc).arg("--version").output().expect("rustc").stdout;
        let version = String::from_utf8(version).unwrap();
        Compiler { rustc, version, library: library(exe.parent().unwrap()) }
    }

    /// What it says of a program; `None` if that compiles.
    fn complaint(&self, program: &Path) -> Option<String> {
        let output = Command::new(&self.rustc)
            .args(["--edition=2024", "--crate-type=bin", "--emit=metadata", "--color=never"])
            .args(["--diagnostic-width=120", "-Awarnings", "-o"])
            .arg(std::env::temp_dir().join(format!("arrayspace-mistake-{}", std::process::id())))
            .arg("-L")
            .arg(format!("dependency={}", self.library.parent().unwrap().display()))
            .arg("--extern")
            .arg(format!("arrayspace={}", self.library.display()))
            .arg(program)
            .output()
            .expect("rustc");
        let text = String::from_utf8_lossy(&output.stderr);
        (!output.status.success()).then(|| normalized(&text))
    }
}

#[test]
fn the_compiler_says_what_is_wrong() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes/compile");
    let mut programs: Vec<PathBuf> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    programs.retain(|path| path.extension().is_some_and(|e| e == "rs"));
    assert!(programs.len() > 25);
    let compiler = Compiler::new();
    let known = folder.join("rustc.txt");
    let same = fs::read_to_string(&known).is_ok_and(|version| version == compiler.version);
    let (queue, wrong) = (Mutex::new(programs), Mutex::new(Vec::new()));
    let work = || {
        while let Some(program) = { queue.lock().unwrap().pop() } {
            let name = program.file_stem().unwrap().to_string_lossy().into_owned();
            let texts = program.with_extension("stderr");
            let Some(is) = compiler.complaint(&program) else {
                wrong.lock().unwrap().push(format!("{name} compiles"));
                continue;
            };
            if super::bless() {
                fs::write(texts, is).unwrap();
                continue;
            }
            let was = fs::read_to_string(texts).unwrap_or_default();
            if if same { was != is } else { codes(&was) != codes(&is) } {
                let difference = super::difference(&was, &is);
                wrong.lock().unwrap().push(format!("{name}:\n{difference}"));
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    if super::bless() {
        fs::write(known, &compiler.version).unwrap();
    }
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "what the compiler says has changed:\n{}", wrong.join("\n"));
}
