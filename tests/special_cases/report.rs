//! What was checked and what failed, collected so that one run shows all of it.

use std::collections::BTreeMap;

/// How many examples of one kind of failure are shown.
const EXAMPLES: usize = 4;

/// The outcome for one function.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// The number of single comparisons made.
    pub(crate) checks: u64,
    failures: BTreeMap<String, (u64, Vec<String>)>,
}

impl Report {
    /// One comparison. `kind` and `example` are asked for if it failed.
    pub(crate) fn check(
        &mut self,
        good: bool,
        kind: impl FnOnce() -> String,
        example: impl FnOnce() -> String,
    ) {
        self.checks += 1;
        if !good {
            let (count, examples) = self.failures.entry(kind()).or_default();
            *count += 1;
            if examples.len() < EXAMPLES {
                examples.push(example());
            }
        }
    }

    /// Fails with everything that failed.
    pub(crate) fn finish(self, name: &str, entries: usize, bullets: u32) {
        println!(
            "{name}: {entries} entries for {bullets} special cases, {} comparisons",
            self.checks
        );
        if self.failures.is_empty() {
            return;
        }
        let mut text = format!("{name}: {} kinds of failures\n", self.failures.len());
        for (kind, (count, examples)) in &self.failures {
            text += &format!("  {kind}: {count} times\n");
            for example in examples {
                text += &format!("    {example}\n");
            }
        }
        panic!("{text}");
    }
}

/// Components as text: `NaN`, `-0.0`, `1.5e300`.
pub(crate) fn show(components: &[f64]) -> String {
    let parts: Vec<String> = components
        .iter()
        .map(|v| match (v.is_nan(), v.is_sign_negative()) {
            (true, false) => "NaN".into(),
            (true, true) => "-NaN".into(),
            _ => format!("{v:?}"),
        })
        .collect();
    format!("({})", parts.join(", "))
}
