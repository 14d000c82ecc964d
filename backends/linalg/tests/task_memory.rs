//! Decompositions take at most what they are said to take: their allocations are counted.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use arrayspace_linalg::{Field, MatMut, Task};
use num_complex::Complex;

mod support;

use support::{Matrix, Sample, Wide};

/// The system's allocator, counting.
struct Counting;

/// The bytes that are allocated now, and the most since this was set.
static LIVE: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: the system's allocator does everything.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = LIVE.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(live, Ordering::Relaxed);
        // SAFETY: the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a task may have for results.
struct Results<T: Sample> {
    own: [Vec<T>; 2],
    real: Vec<T::Real>,
    complex: [Vec<T::Complex>; 2],
}

/// Runs a task; failures are of no interest.
fn run<T: Sample>(task: Task, a: &Matrix<T>, vectors: bool, results: &mut Results<T>, par: bool) {
    let (m, n, k) = (a.m, a.n, a.m.min(a.n));
    let Results { own: [x, y], real, complex: [values, all] } = results;
    fn part<T>(memory: &mut [T], m: usize, n: usize) -> MatMut<'_, T> {
        MatMut::from_row_major_slice_mut(&mut memory[..m * n], m, n)
    }
    let _ = match task {
        Task::Cholesky => T::cholesky(a.view(), part(x, n, n), par),
        Task::Eig => T::eig(a.view(), &mut values[..n], vectors.then(|| part(all, n, n)), par),
        Task::Eigh => T::eigh(a.view(), &mut real[..n], vectors.then(|| part(x, n, n)), par),
        Task::Qr(columns) => {
            T::qr(a.view(), part(x, m, columns), part(y, columns, n), par);
            Ok(())
        }
        Task::Svd(left, right) => {
            let u = (left > 0).then(|| part(x, m, left));
            let vh = (right > 0).then(|| part(y, right, n));
            T::svd(a.view(), u, &mut real[..k], vh, par)
        }
        Task::Solve(sides) => {
            // the first columns of the matrix as right sides, or the inverse
            let b = (vectors || sides < n).then(|| a.view().subcols(0, sides));
            T::solve(a.view(), b, part(x, n, sides), par)
        }
        Task::Det => {
            let _ = (T::slogdet(a.view(), par), T::det(a.view(), par));
            Ok(())
        }
    };
}

/// What is wrong, and the largest part that was allocated of what was said, by task.
#[derive(Default)]
struct Found {
    wrong: Vec<String>,
    most: [f64; 7],
}

/// Every task on matrices of this shape.
fn check<T: Sample>(m: usize, n: usize, par: bool, found: &mut Found) {
    let noise = |i: usize, j: usize| (12.9898 * (i * 131 + j) as f64).sin() * 43758.5453 % 1.0;
    // one that is positive definite, and one that the usual algorithm for eigenvalues fails on
    let usual =
        |i: usize, j: usize| Wide::new(noise(i.min(j), i.max(j)), 0.0) + eye(i, j) * n as f64;
    let awkward = |i: usize, j: usize| Wide::new(f64::from(u8::from(i == j + 1)), 0.0);
    let k = m.min(n);
    // complete factors of a long matrix would be most of the memory
    let full = if m.max(n) > 1000 { (k, k) } else { (m, n) };
    let own = || vec![T::narrow(Wide::default()); full.0.max(full.1) * m.max(n)];
    let mut results = Results::<T> {
        own: [own(), own()],
        real: vec![T::real(0.0); m.max(n)],
        complex: [(); 2].map(|()| vec![T::complex(); k * k + k]),
    };
    let square = [Task::Cholesky, Task::Eig, Task::Eigh, Task::Solve(n), Task::Solve(1), Task::Det];
    let any = [
        Task::Qr(k),
        Task::Qr(full.0.max(k)),
        Task::Svd(0, 0),
        Task::Svd(0, k),
        Task::Svd(k, k),
        Task::Svd(full.0, full.1),
    ];
    // large elements are scaled in a copy
    for scale in [1.0, 1e25] {
        for (kind, a) in [&usual as &dyn Fn(usize, usize) -> Wide, &awkward].iter().enumerate() {
            let a = Matrix::new(m, n, |i, j| T::narrow(a(i, j) * scale));
            for &task in square.iter().filter(|_| m == n).chain(&any) {
                let said = task.most_bytes::<T>(m, n);
                for vectors in [false, true] {
                    let before = LIVE.load(Ordering::Relaxed);
                    MOST.store(before, Ordering::Relaxed);
                    run(task, &a, vectors, &mut results, par);
                    let taken = MOST.load(Ordering::Relaxed) - before;
                    if taken > said {
                        found.wrong.push(format!(
                            "{task:?} of {m} by {n}, {} bytes, matrix {kind} · {scale}, {vectors}: {taken} \
                             allocated, {said} said",
                            size_of::<T>()
                        ));
                    }
                    let number = match task {
                        Task::Cholesky => 0,
                        Task::Eig => 1,
                        Task::Eigh => 2,
                        Task::Qr(_) => 3,
                        Task::Svd(..) => 4,
                        Task::Solve(_) => 5,
                        Task::Det => 6,
                    };
                    found.most[number] = found.most[number].max(taken as f64 / said as f64);
                }
            }
        }
    }
}

fn eye(i: usize, j: usize) -> Wide {
    Wide::new(f64::from(u8::from(i == j)), 0.0)
}

/// Makes what threads keep for products of any size, once.
fn prepare() {
    let products = || {
        let a = Matrix::new(200, 200, |i, j| Wide::from((i * j % 7) as f64) + eye(i, j));
        let (mut q, mut r) = (vec![Wide::default(); 40_000], vec![Wide::default(); 40_000]);
        let q = MatMut::from_row_major_slice_mut(&mut q, 200, 200);
        let r = MatMut::from_row_major_slice_mut(&mut r, 200, 200);
        Wide::qr(a.view(), q, r, false);
    };
    products();
    rayon::broadcast(|_| products());
}

/// One test, since all share one count.
#[test]
fn no_more_is_taken_than_is_said() {
    prepare();
    let mut found = Found::default();
    macro_rules! each {
        ($($t:ty)*) => { $(
            for (m, n) in [
                (1, 1), (2, 2), (7, 7), (33, 33), (64, 64), (1, 300), (300, 1), (40, 90), (90, 40), (20, 150),
            ] {
                check::<$t>(m, n, false, &mut found);
            }
            for (m, n) in [(150, 150), (120, 30), (5000, 4)] {
                check::<$t>(m, n, true, &mut found);
            }
        )* };
    }
    each!(f32 f64 Complex<f32> Complex<f64>);
    let Found { wrong, most } = found;
    println!("at most of what was said: {most:.2?}");
    assert!(wrong.is_empty(), "{} too much: {:#?}", wrong.len(), &wrong[..wrong.len().min(30)]);
    // not much more, or decompositions would be refused for nothing
    assert!(most.iter().all(|&most| most > 0.15), "{most:.2?}");
}
