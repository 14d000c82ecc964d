//! What is measured: names, dtypes, sizes, and how fast it is to be.

/// A piece of work that every library does in its own words.
#[derive(Clone, Debug)]
pub struct Workload {
    /// The row of the table of targets that it belongs to.
    pub class: &'static str,
    pub name: &'static str,
    pub dtype: &'static str,
    /// Elements of an array, or the side of a square one.
    pub size: usize,
    /// The ratio to the best peer that is to be reached; of calls of 8 elements, to NumPy.
    pub target: f64,
    /// Bytes that must be read and written at least.
    pub bytes: f64,
    /// Multiplications and additions.
    pub operations: f64,
}

impl Workload {
    pub fn item(&self) -> usize {
        match self.dtype {
            "bool" => 1,
            "float32" | "int32" => 4,
            "complex128" => 16,
            _ => 8,
        }
    }

    pub fn id(&self) -> String {
        format!("{} {} {}", self.name, self.dtype, self.size)
    }
}

/// Whether `size` is the side of a square array.
pub fn is_square(name: &str) -> bool {
    name.ends_with("_axis0")
        || name.ends_with("_axis1")
        || name.contains("transposed")
        || ["matmul", "matvec"].contains(&name)
}

/// All workloads, in the order of the table.
pub fn all() -> Vec<Workload> {
    const F: [&str; 2] = ["float32", "float64"];
    const I: [&str; 2] = ["int32", "int64"];
    const SMALL: [usize; 2] = [1_000, 100_000];
    const LARGE: [usize; 1] = [10_000_000];
    let mut out = vec![];
    let mut add = |class: &'static str,
                   names: &[&'static str],
                   dtypes: &[&'static str],
                   sizes: &[usize],
                   target: f64| {
        for &name in names {
            for &dtype in dtypes {
                for &size in sizes {
                    let mut w =
                        Workload { class, name, dtype, size, target, bytes: 0.0, operations: 0.0 };
                    let item = w.item() as f64;
                    let n = if is_square(name) { (size * size) as f64 } else { size as f64 };
                    (w.bytes, w.operations) = cost(name, n, size as f64, item);
                    out.push(w);
                }
            }
        }
    };
    add("calls of 8 elements", &["add", "sum", "index", "reshape"], &["float64"], &[8], 0.25);
    add("calls of 8 elements", &["get_element"], &["float64"], &[8], 1.0);
    add("calls of 8 elements", &["set_element"], &["float64"], &[8], 0.5);
    add("calls of 8 elements", &["take", "mask", "argmax"], &["float64"], &[8], 1.0);
    let plain = ["add", "multiply", "divide", "scalar"];
    let others = ["less", "where", "cast", "broadcast"];
    for (sizes, target) in [(&SMALL[..], 1.0), (&LARGE[..], 0.6)] {
        add("elementwise", &plain, &F, sizes, target);
        add("elementwise", &["add"], &["int32"], sizes, target);
        add("elementwise", &others, &["float64"], sizes, target);
    }
    let division = ["floor_divide", "remainder"];
    add("integer division", &division, &I, &[100_000, 10_000_000], 0.3);
    add("strided", &["add_transposed"], &F, &[316, 3162], 0.5);
    add("strided", &["add_strided"], &F, &[100_000, 10_000_000], 0.5);
    let functions = ["log", "sin", "cos", "tanh", "pow"];
    add("functions", &["exp"], &F, &SMALL, 0.5);
    add("functions", &functions, &F, &SMALL, 0.8);
    add("functions", &["exp"], &F, &LARGE, 0.5);
    add("functions", &functions, &F, &LARGE, 0.5);
    let folds = ["sum", "mean", "max", "argmax"];
    add("reductions", &folds, &F, &[100_000, 10_000_000], 0.8);
    add("reductions", &["any", "all"], &["bool"], &LARGE, 0.8);
    add("reductions", &["sum_axis0", "sum_axis1", "max_axis0", "max_axis1"], &F, &[4096], 0.8);
    add("reductions", &["var", "std"], &F, &LARGE, 0.5);
    add("scans", &["cumulative_sum", "cumulative_prod"], &F, &[100_000, 10_000_000], 0.3);
    add("z-score", &["zscore"], &F, &LARGE, 0.5);
    add("matmul", &["matmul"], &F, &[8, 64, 512, 2048], 1.0);
    add("matmul", &["matmul"], &["complex64"], &[512], 1.0);
    add("matmul", &["matmul"], &I, &[512], 1.0);
    add("matmul", &["matmul_batched"], &F, &[10_000], 1.0);
    add("matmul", &["matvec"], &F, &[2048], 1.0);
    add("sort", &["sort"], &["float32", "float64", "int64"], &[1_000_000, 10_000_000], 0.9);
    add("argsort and the like", &["argsort"], &["float32", "int64"], &[1_000_000], 0.6);
    add("argsort and the like", &["unique", "searchsorted"], &["float64"], &[1_000_000], 0.6);
    add("masks", &["nonzero"], &["bool"], &LARGE, 0.2);
    add("masks", &["mask"], &F, &LARGE, 0.2);
    add("transposed copy", &["copy_transposed"], &F, &[4096], 0.5);
    let moves = ["concat", "stack", "take", "repeat", "roll", "flip", "tile"];
    add("moving", &moves, &["float64"], &LARGE, 0.7);
    out
}

/// The least bytes that must cross memory, and the operations that must be done, for `n` elements.
fn cost(name: &str, n: f64, side: f64, item: f64) -> (f64, f64) {
    match name {
        "index" | "reshape" | "get_element" | "set_element" => (0.0, 0.0),
        "add" | "multiply" | "divide" | "pow" | "floor_divide" | "remainder" | "add_transposed" => {
            (3.0 * n * item, 0.0)
        }
        // whole lines of memory are read for every second element
        "add_strided" => (5.0 * n * item, 0.0),
        "where" => ((3.0 * item + 1.0) * n, 0.0),
        "less" => ((2.0 * item + 1.0) * n, 0.0),
        "cast" => (1.5 * n * item, 0.0),
        "sum" | "mean" | "max" | "argmax" | "any" | "all" | "var" | "std" => (n * item, 0.0),
        _ if name.ends_with("_axis0") || name.ends_with("_axis1") => (n * item, 0.0),
        "matmul" => (3.0 * n * item, 2.0 * side * side * side),
        "matmul_batched" => (3.0 * n * 16.0 * item, 2.0 * n * 64.0),
        "matvec" => (n * item, 0.0),
        // half of the elements are kept, or counted in indices of 8 bytes
        "mask" => ((1.5 * item + 1.0) * n, 0.0),
        "nonzero" => (5.0 * n, 0.0),
        "sort" | "argsort" | "unique" | "searchsorted" => (0.0, 0.0),
        "take" => (2.0 * n * item + 8.0 * n, 0.0),
        _ => (2.0 * n * item, 0.0),
    }
}
