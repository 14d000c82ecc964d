//! Every vector unit against the definition, on tiles of every size.

use std::mem::MaybeUninit;

use num_complex::Complex;

use super::*;
use crate::contract::vector;
use crate::elements::Disjoint;
use crate::testing::Rng;

/// Whole numbers, so that sums are exact.
fn numbers<T: Gemm>(len: usize, salt: usize, of: impl Fn(i32, i32) -> T) -> Vec<T> {
    let mut rng = Rng::new(salt);
    (0..len).map(|_| of(rng.below(17) as i32 - 8, rng.below(9) as i32 - 4)).collect()
}

/// What the memory of a result holds before.
const BEFORE: i32 = 1000;

fn check<T: Gemm + PartialEq + std::fmt::Debug>(of: impl Fn(i32, i32) -> T + Copy) {
    // odd sizes; more steps than one sum has; blocks of A and of B; distances that are a power of two
    let shapes = [
        [1, 1, 1],
        [2, 3, 5],
        [7, 9, 33],
        [13, 70, 17],
        [23, 300, 41],
        [96, 257, 70],
        [50, 40, 512],
        [300, 530, 40],
    ];
    for (salt, [m, k, n]) in shapes.into_iter().enumerate() {
        let matrices = if m * k * n < 10_000 { 3 } else { 1 };
        let a = numbers(matrices * m * k, 2 * salt, of);
        let b = numbers(matrices * k * n, 2 * salt + 1, of);
        let mut expected = Vec::new();
        for t in 0..matrices {
            for i in 0..m {
                for j in 0..n {
                    expected.push((0..k).fold(T::ZERO, |sum, p| {
                        sum.plus(a[(t * m + i) * k + p].times(b[(t * k + p) * n + j]))
                    }));
                }
            }
        }
        // each operand as it is, and transposed in memory
        let turned = |x: &[T], rows: usize, cols: usize| -> Vec<T> {
            let at = |i: usize| i / (rows * cols) * rows * cols + i % rows * cols + i / rows % cols;
            (0..x.len()).map(|i| x[at(i)]).collect()
        };
        let (a_turned, b_turned) = (turned(&a, m, k), turned(&b, k, n));
        let lefts = [(&a, k as isize, 1), (&a_turned, 1, m as isize)];
        let rights = [(&b, n as isize, 1), (&b_turned, 1, k as isize)];
        for &level in Level::available() {
            for (left, right) in lefts.iter().flat_map(|l| rights.iter().map(move |r| (l, r))) {
                let mut c = vec![MaybeUninit::new(of(BEFORE, 0)); matrices * m * n];
                let product = Product { memory: Disjoint::new(&mut c), rows: m, columns: n };
                // in two tiles of columns
                for (col, cols) in [(0, n / 2), (n / 2, n - n / 2)] {
                    if cols == 0 {
                        continue;
                    }
                    let a = Matrix { memory: &left.0[..], offset: 0, rows: left.1, cols: left.2 };
                    let b =
                        Matrix { memory: &right.0[..], offset: 0, rows: right.1, cols: right.2 };
                    let tile = Tile { rows: m, col, cols, place: 0 };
                    let stack = Stack { matrices, next: [(m * k) as isize, (k * n) as isize] };
                    let mut packs = Packs::new();
                    multiply(level, a, b.from(0, col), k, (tile, stack), &product, &mut packs)
                        .unwrap();
                }
                // SAFETY: initialised from the start.
                let c: Vec<T> = c.iter().map(|x| unsafe { x.assume_init() }).collect();
                assert_eq!(c, expected, "{level:?} {m} {k} {n} {} {}", left.2, right.2);
            }
        }
    }
}

#[test]
fn every_level_multiplies_whole_numbers_exactly() {
    check::<f32>(|re, _| re as f32);
    check::<f64>(|re, _| re.into());
    check::<Complex<f32>>(|re, im| Complex::new(re as f32, im as f32));
    check::<Complex<f64>>(|re, im| Complex::new(re.into(), im.into()));
}

fn check_rows<T: Gemm + PartialEq + std::fmt::Debug>(of: impl Fn(i32, i32) -> T + Copy) {
    // more than one piece of the vector, and rows that are not in memory as they are multiplied
    for (salt, (m, k)) in
        [(1, 1), (3, 15), (5, 33), (19, 64), (4, 4096), (7, 9001)].iter().enumerate()
    {
        let (m, k) = (*m, *k);
        let a = numbers(m * k, 3 * salt, of);
        let x = numbers(k, 3 * salt + 1, of);
        let expected: Vec<T> = (0..m)
            .map(|i| (0..k).fold(T::ZERO, |sum, p| sum.plus(a[i * k + p].times(x[p]))))
            .collect();
        let turned: Vec<T> = (0..m * k).map(|i| a[i % m * k + i / m]).collect();
        for &level in Level::available() {
            for (memory, rows, cols) in [(&a, k, 1), (&turned, 1, m)] {
                let mut c = vec![MaybeUninit::new(of(BEFORE, 0)); m];
                let product = Product { memory: Disjoint::new(&mut c), rows: m, columns: 1 };
                let a = Matrix {
                    memory: &memory[..],
                    offset: 0,
                    rows: rows as isize,
                    cols: cols as isize,
                };
                let b = Matrix { memory: &x[..], offset: 0, rows: 1, cols: 1 };
                let tile = Tile { rows: m, col: 0, cols: 1, place: 0 };
                let scratch = &mut vector::Scratch::new();
                vector::multiply(level, a, b, k, tile, &product, scratch).unwrap();
                // SAFETY: initialised from the start.
                let c: Vec<T> = c.iter().map(|x| unsafe { x.assume_init() }).collect();
                assert_eq!(c, expected, "{level:?} {m} {k} {rows}");
            }
        }
    }
}

#[test]
fn every_level_multiplies_vectors_exactly() {
    check_rows::<f32>(|re, _| re as f32);
    check_rows::<f64>(|re, _| re.into());
    check_rows::<Complex<f32>>(|re, im| Complex::new(re as f32, im as f32));
    check_rows::<Complex<f64>>(|re, im| Complex::new(re.into(), im.into()));
    check_rows::<u64>(|re, _| re as u64);
}

/// Products whose rounding shows the order of additions; some underflow.
fn check_columns<T: Gemm>(of: impl Fn(f32, f32) -> T + Copy, bits: impl Fn(T) -> [u64; 2]) {
    // vectors of less and of more than the lanes, and than a piece; more rows than are added at a time
    let shapes = [(2, 300), (3, 129), (5, 201), (1030, 67), (2, 4101), (33, 9001), (600, 31)];
    let shapes = if cfg!(miri) { &shapes[..3] } else { &shapes[..] };
    for (salt, &(m, k)) in shapes.iter().enumerate() {
        let mut rng = Rng::new(salt);
        let mut number = || (rng.next() >> 36) as f32 / 2f32.powi(24) - 1.0;
        let mut a: Vec<T> = (0..m * k).map(|_| of(number(), number())).collect();
        let x: Vec<T> = (0..k).map(|_| of(number(), number())).collect();
        a[..k].fill(of(-f32::MIN_POSITIVE / 2f32.powi(20), 0.0));
        let turned: Vec<T> = (0..m * k).map(|i| a[i % m * k + i / m]).collect();
        for &level in Level::available() {
            let [rows, columns] = [(&a, k, 1), (&turned, 1, m)].map(|(memory, rows, cols)| {
                let mut c = vec![MaybeUninit::new(T::ZERO); m];
                let product = Product { memory: Disjoint::new(&mut c), rows: m, columns: 1 };
                let (rows, cols) = (rows as isize, cols as isize);
                let a = Matrix { memory: &memory[..], offset: 0, rows, cols };
                let b = Matrix { memory: &x[..], offset: 0, rows: 1, cols: 1 };
                let tile = Tile { rows: m, col: 0, cols: 1, place: 0 };
                let scratch = &mut vector::Scratch::new();
                vector::multiply(level, a, b, k, tile, &product, scratch).unwrap();
                // SAFETY: initialised from the start.
                c.iter().map(|x| bits(unsafe { x.assume_init() })).collect::<Vec<_>>()
            });
            assert_eq!(rows, columns, "{level:?} {m} {k}");
        }
    }
}

#[test]
fn rows_and_columns_are_added_to_the_same_bits() {
    let f32_bits = |x: f32| u64::from(x.to_bits());
    check_columns::<f32>(|re, _| re, |x| [f32_bits(x), 0]);
    check_columns::<f64>(|re, _| re.into(), |x| [x.to_bits(), 0]);
    check_columns::<Complex<f32>>(Complex::new, |x| [f32_bits(x.re), f32_bits(x.im)]);
    let wide = |re: f32, im: f32| Complex::new(re.into(), im.into());
    check_columns::<Complex<f64>>(wide, |x| [x.re.to_bits(), x.im.to_bits()]);
}

#[test]
fn tiles_make_up_all_rows() {
    for most in [6, 12] {
        for rows in 1..100 {
            let mut left = rows;
            while left > 0 {
                let tile = kernel::tile_rows(left, most);
                assert!(tile <= left && tile <= most && [1, 2, 4, 6, 8, 12].contains(&tile));
                assert!(tile != 8 || most == 12);
                left -= tile;
            }
        }
    }
}
