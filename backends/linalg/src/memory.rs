//! How much memory a decomposition takes.
//!
//! `faer` allocates what it needs without asking, and a process whose allocator has nothing left is ended. So
//! whoever calls asks first whether there is room. The figures are upper bounds, a small multiple of
//! the truth; a test counts what is allocated.

use std::sync::OnceLock;

use num_complex::Complex;

use crate::field::Field;

/// What is wanted of a matrix, as far as memory depends on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Task {
    /// [`Field::cholesky`].
    Cholesky,
    /// [`Field::eig`].
    Eig,
    /// [`Field::eigh`].
    Eigh,
    /// [`Field::qr`] with a Q of so many columns.
    Qr(usize),
    /// [`Field::svd`] with a U of so many columns and a Vᴴ of so many rows.
    Svd(usize, usize),
    /// [`Field::solve`] with so many right sides.
    Solve(usize),
    /// [`Field::det`] and [`Field::slogdet`].
    Det,
}

/// Columns of matrices begin at multiples of this many bytes.
const COLUMN: usize = 128;

/// Bytes that are taken whatever the size, and elements for each line: vectors, and blocks of a few lines as long as
/// the shorter side.
const FIXED: f64 = 65_536.0;
const VECTORS: f64 = 16.0;
const BLOCKS: f64 = 256.0;

impl Task {
    /// The most bytes that the method allocates at a time for a matrix of `m` by `n`: an upper bound.
    pub fn most_bytes<T: Field>(self, m: usize, n: usize) -> usize {
        let size = size_of::<T>() as f64;
        // all in elements of `T`, as floating-point numbers, which do not overflow
        let pad = (COLUMN / size_of::<T>()) as f64;
        let matrix = |m: usize, n: usize| (m as f64 + pad) * n as f64;
        let (a, small) = (matrix(m, n), matrix(m.min(n), m.min(n)));
        // of double precision, in which some is computed
        let wide = size_of::<Complex<f64>>() as f64 / size;
        // one of single precision that is scaled is computed in double precision, results included
        let single = size_of::<T::Real>() == size_of::<f32>();
        let matrices = match self {
            Task::Cholesky => 1.5 * a,
            Task::Eig => (8.0 + 10.0 * wide) * a,
            Task::Eigh if single => 18.0 * a,
            Task::Eigh => 7.0 * a,
            Task::Qr(columns) => 3.0 * a + 2.0 * matrix(m, columns),
            Task::Svd(left, right) => {
                let results = 2.0 * (matrix(m, left) + matrix(right, n));
                let all = 4.0 * a + results + 10.0 * small;
                if single { 2.0 * all + 3.0 * a + results } else { all }
            }
            Task::Solve(sides) if single => 6.0 * a + 10.0 * matrix(n, sides),
            Task::Solve(sides) => 4.0 * a + 3.0 * matrix(n, sides),
            Task::Det => (2.0 + 3.0 * wide) * a,
        };
        let lines = VECTORS * (m as f64 + n as f64) + BLOCKS * m.min(n) as f64;
        ((matrices + lines) * size + FIXED) as usize // saturates
    }
}

/// The bytes that one product of matrices works in: twice as many as the caches have, most of which are never
/// touched, but count where addresses are limited.
///
/// Each thread keeps one such block from its first product on. A thread that waits for others in a product does
/// some of their work meanwhile, and takes another for a product among it.
pub fn product_bytes() -> usize {
    caches().next_multiple_of(4096).saturating_mul(2).saturating_add(65_536)
}

/// The bytes of all caches of the third level, as far as the system tells.
fn caches() -> usize {
    static BYTES: OnceLock<usize> = OnceLock::new();
    *BYTES.get_or_init(|| {
        let mut seen = Vec::new();
        let mut total = 0usize;
        // there may be gaps in their numbers
        let processors = std::fs::read_dir("/sys/devices/system/cpu").into_iter().flatten();
        for folder in processors.flatten().map(|entry| entry.path()) {
            let read = |name: &str| std::fs::read_to_string(folder.join("cache/index3").join(name));
            let (Ok(size), Ok(shared)) = (read("size"), read("shared_cpu_list")) else { continue };
            if !seen.contains(&shared) {
                let kib: usize = size.trim().trim_end_matches('K').parse().unwrap_or(0);
                total = total.saturating_add(kib.saturating_mul(1024));
                seen.push(shared);
            }
        }
        total
    })
}
