//! The peers of Python: each a process that is told what to do, line by line.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use crate::Side;
use crate::workloads::Workload;

/// The libraries that are tried.
const LIBRARIES: [&str; 3] = ["numpy", "torch", "jax"];

/// How long OpenBLAS's threads watch for more work: 2^28 cycles of the clock. Those of others are taken for no
/// more patient.
const WATCH: Duration = Duration::from_millis(150);

struct Worker {
    name: &'static str,
    version: String,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Worker {
    fn start(name: &'static str) -> Option<Worker> {
        let python = std::env::var("PEERS_PYTHON").unwrap_or_else(|_| "python3".into());
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/worker.py");
        let mut child = Command::new(python)
            .args([script, name])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let (input, output) = (child.stdin.take()?, BufReader::new(child.stdout.take()?));
        let mut worker = Worker { name, version: String::new(), child, input, output };
        let ready = worker.answer()?;
        worker.version = ready.strip_prefix("ready ")?.to_owned();
        Some(worker)
    }

    fn answer(&mut self) -> Option<String> {
        let mut line = String::new();
        self.output.read_line(&mut line).ok().filter(|&n| n > 0)?;
        Some(line.trim().to_owned())
    }

    fn ask(&mut self, question: &str) -> Option<String> {
        writeln!(self.input, "{question}").ok()?;
        self.input.flush().ok()?;
        self.answer()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // it ends with its input; a process that does not is not worth waiting for
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The processes of the libraries that are installed.
pub struct Workers(Vec<Rc<RefCell<Worker>>>);

impl Workers {
    pub fn start() -> Workers {
        let workers = LIBRARIES.into_iter().filter_map(Worker::start);
        Workers(workers.map(|w| Rc::new(RefCell::new(w))).collect())
    }

    /// What they are called, with their versions.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|w| format!("{} {}", w.borrow().name, w.borrow().version))
    }

    /// The sides of those that can do a piece of work.
    pub fn prepare(&mut self, w: &Workload) -> Vec<Side> {
        let mut sides = vec![];
        for worker in &self.0 {
            let question = format!("prepare {} {} {}", w.name, w.dtype, w.size);
            if worker.borrow_mut().ask(&question).as_deref() != Some("yes") {
                continue;
            }
            let (name, worker) = (worker.borrow().name.to_owned(), Rc::clone(worker));
            // NumPy has threads for products alone
            let has_threads = name != "numpy" || w.class == "matmul";
            let watch = if has_threads { WATCH } else { Duration::ZERO };
            let time = move |calls: usize| {
                let answer = worker.borrow_mut().ask(&format!("time {calls}"));
                answer.and_then(|text| text.parse().ok()).unwrap_or(f64::INFINITY)
            };
            sides.push(Side { name, time: Box::new(time), watch });
        }
        sides
    }
}
