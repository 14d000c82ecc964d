//! NumPy, as a process that is given arguments and gives results.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::functions::Function;
use super::measure::Measured;

/// A process of Python's. It ends with its input.
pub(crate) struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    output: ChildStdout,
}

impl Worker {
    /// Starts one with this Python, if that has NumPy.
    pub(crate) fn start(python: &str) -> Option<Worker> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/accuracy/worker.py");
        let mut child = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .ok()?;
        let (input, output) = (child.stdin.take(), child.stdout.take()?);
        Some(Worker { child, input, output })
    }

    /// What NumPy gives for these arguments; nothing if the process has ended.
    pub(crate) fn results<T: Measured>(
        &mut self,
        f: &Function,
        x: &[T],
        y: &[T],
    ) -> Option<Vec<T>> {
        let mut message = format!("{} {} {} {}\n", f.name, f.arity, T::NAME, x.len()).into_bytes();
        message.extend(T::to_little_endian(x));
        if f.arity == 2 {
            message.extend(T::to_little_endian(y));
        }
        self.input.as_mut()?.write_all(&message).ok()?;
        let mut answer = vec![0; size_of_val(x)];
        self.output.read_exact(&mut answer).ok()?;
        Some(T::of_little_endian(&answer))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.child.wait();
    }
}
