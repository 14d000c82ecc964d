//! Programs of random calls on awkward arrays: of views, of any dtype, of special values. What a call gives
//! must not depend on where in memory its operands are, on the backend, on whether they are given away,
//! and (of an elementwise function) on the other elements; and it must not change them.

use std::sync::OnceLock;

use arrayspace::options::AsArray;
use arrayspace::prelude::*;
use arrayspace::{Complex, Index, IndexItem};

use super::bytes::Bytes;
use super::calls::{Call, Owned, every_call};
use super::elsewhere::Elsewhere;
use super::values::bits;

const XP: Cpu = Cpu::new();

/// The most elements of arrays that go on.
const MANY: usize = 1 << 14;

/// Runs the program that the bytes are.
///
/// # Panics
/// If a call panics, or gives different results where it must not.
pub fn programs(data: &[u8]) {
    static HERE: OnceLock<Vec<Call<Cpu>>> = OnceLock::new();
    static THERE: OnceLock<Vec<Call<Elsewhere>>> = OnceLock::new();
    let (here, there) = (HERE.get_or_init(every_call), THERE.get_or_init(every_call));
    let mut b = Bytes::new(data);
    // few dtypes and shapes, so that they often fit
    let first = *b.pick(&DType::ALL);
    let dtypes = [first, first, *b.pick(&DType::ALL)];
    let mut pool: Vec<(Array<Cpu>, Vec<u8>)> = vec![];
    let mut shape = shape(&mut b);
    // decompositions take none of the values that are no numbers
    let tame = b.flag();
    for _ in 0..3 {
        let x = array(&mut b, dtypes, &shape, tame);
        pool.push((x.clone(), bits(&x)));
        shape = another(&mut b, shape);
    }
    for _ in 0..8 {
        if b.is_empty() {
            break;
        }
        let number = (usize::from(b.byte()) << 8 | usize::from(b.byte())) % here.len();
        let (x, y) = (b.below(pool.len()), b.below(pool.len()));
        // an outer product would take seconds
        if pool[x].0.size().saturating_mul(pool[y].0.size()) > 1 << 20 {
            continue;
        }
        let k = match b.byte() % 2 {
            0 => b.integer(),
            // an axis
            _ => b.below(2 * pool[x].0.ndim().max(1)) as i64 - pool[x].0.ndim() as i64,
        };
        let step = Step { call: &here[number], x: &pool[x].0, y: &pool[y].0, k };
        let results = step.run(&there[number], &mut b);
        drop(step);
        for (x, before) in &pool {
            assert!(bits(x) == *before, "an array has changed: {x:?}");
        }
        for x in results {
            if x.size() <= MANY && x.ndim() <= 8 && pool.len() < 12 {
                let now = bits(&x);
                pool.push((x, now));
            }
        }
    }
}

/// A call with its operands.
struct Step<'a> {
    call: &'a Call<Cpu>,
    x: &'a Array<Cpu>,
    y: &'a Array<Cpu>,
    k: i64,
}

impl Drop for Step<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Step { call, x, y, k } = self;
            eprintln!(
                "in {}\n  x {x:?}\n  {:?}\n  y {y:?}\n  {:?}\n  k {k}",
                call.name,
                x.strides(),
                y.strides()
            );
        }
    }
}

impl Step<'_> {
    fn run(&self, there: &Call<Elsewhere>, b: &mut Bytes<'_>) -> Vec<Array<Cpu>> {
        let Step { call, x, y, k } = *self;
        let results = (call.run)(&XP, x, y, k);
        // whether a reshape needs a copy depends on the layout; whether a tensor is read-only, too
        let by_layout = call.name.contains("false") || call.name.contains("dlpack");
        let unspecified = call.name.contains("empty");
        if !by_layout && !unspecified {
            let same = (call.run)(&XP, &compact(x), &compact(y), k);
            self.compare("on contiguous copies", &results, &same);
            let (x, y) = (Elsewhere.asarray(x, ()).unwrap(), Elsewhere.asarray(y, ()).unwrap());
            let same = (there.run)(&Elsewhere, &x, &y, k);
            let same = same.map(|all| {
                all.iter()
                    .map(|x| if x.size() <= MANY { XP.asarray(x, ()) } else { XP.empty(0, ()) })
                    .collect()
            });
            self.compare(
                "on another backend",
                &results,
                &same.and_then(|all: Vec<_>| all.into_iter().collect()),
            );
        }
        let Ok(results) = results else { return vec![] };
        if let Some(owned) = &call.owned {
            self.given_away(owned, &results[0], b.byte());
            self.element_by_element(owned, &results, b);
        }
        if call.lines {
            self.line_by_line(&results, b);
        }
        results
    }

    /// Two outcomes that must be the same.
    fn compare(&self, what: &str, a: &Result<Vec<Array<Cpu>>>, b: &Result<Vec<Array<Cpu>>>) {
        match (a, b) {
            (Err(a), Err(b)) => {
                assert_eq!(
                    std::mem::discriminant(a),
                    std::mem::discriminant(b),
                    "{what}: {a} | {b}"
                );
            }
            (Ok(a), Ok(b)) => {
                assert_eq!(a.len(), b.len(), "{what}");
                for (a, b) in a.iter().zip(b) {
                    if a.size() <= MANY {
                        assert_eq!((a.dtype(), a.shape()), (b.dtype(), b.shape()), "{what}");
                        assert!(bits(a) == bits(b), "{what}: {a:?} | {b:?}");
                    }
                }
            }
            (a, b) => panic!("{what}: {a:?} | {b:?}"),
        }
    }

    /// Operands that nobody else has may be written to, and the result must be the same.
    fn given_away(&self, owned: &Owned<Cpu>, expected: &Array<Cpu>, how: u8) {
        let result = match owned {
            Owned::One(f) => f(&XP, own(self.x, how)),
            Owned::Two(f) => match how / 4 % 3 {
                0 => f(&XP, own(self.x, how).into(), self.y.into()),
                1 => f(&XP, self.x.into(), own(self.y, how).into()),
                _ => f(&XP, own(self.x, how).into(), own(self.y, how >> 1).into()),
            },
            Owned::Scalar => return,
        };
        let result = result.expect("it is no error with arrays that are kept");
        assert!(bits(&result) == bits(expected), "given away: {result:?} | {expected:?}");
        assert_eq!((result.dtype(), result.shape()), (expected.dtype(), expected.shape()));
    }

    /// A line of the result, or an element, is the function of a line of the operand.
    fn line_by_line(&self, results: &[Array<Cpu>], b: &mut Bytes<'_>) {
        let n = self.x.ndim();
        let axis = if self.k < 0 { self.k + n as i64 } else { self.k } as usize;
        let mut others = self.x.shape().to_vec();
        others[axis] = 1;
        if others.contains(&0) {
            return;
        }
        for _ in 0..3 {
            let at: Vec<usize> = others.iter().map(|&n| (b.word() % n as u64) as usize).collect();
            let alone = compact(&line(self.x, axis, &at));
            let alone =
                (self.call.run)(&XP, &alone, self.y, 0).expect("it is no error for all lines");
            for (all, alone) in results.iter().zip(&alone) {
                let one = if all.ndim() == n {
                    line(all, axis, &at)
                } else {
                    let mut at = at.clone();
                    at.remove(axis);
                    line(all, usize::MAX, &at)
                };
                assert_eq!((one.dtype(), one.shape()), (alone.dtype(), alone.shape()));
                assert!(bits(&one) == bits(alone), "line {at:?}: {one:?} | alone {alone:?}");
            }
        }
    }

    /// An element of the result is the function of elements of the operands.
    fn element_by_element(&self, owned: &Owned<Cpu>, results: &[Array<Cpu>], b: &mut Bytes<'_>) {
        let shape = results[0].shape();
        if results[0].size() == 0 {
            return;
        }
        for _ in 0..3 {
            let at: Vec<usize> = shape.iter().map(|&n| (b.word() % n as u64) as usize).collect();
            let element = |x: &Array<Cpu>| {
                let skipped = at.len() - x.ndim();
                let at = at[skipped..].iter().zip(x.shape());
                let at = at.map(|(&i, &n)| if n == 1 { 0 } else { i as i64 });
                x.get(Index::from_items(at.map(Into::into))).unwrap()
            };
            let x = element(self.x);
            let y = if let Owned::Two(_) = owned { element(self.y) } else { x.clone() };
            let alone =
                (self.call.run)(&XP, &x, &y, self.k).expect("it is no error with all elements");
            for (all, alone) in results.iter().zip(&alone) {
                let one = element(all);
                assert!(bits(&one) == bits(alone), "at {at:?}: {one:?} | alone {alone:?}");
            }
        }
    }
}

/// The elements at an index, of which that of one axis is left out.
fn line(x: &Array<Cpu>, axis: usize, at: &[usize]) -> Array<Cpu> {
    let items = at.iter().enumerate().map(|(k, &i)| match k == axis {
        true => IndexItem::from(..),
        false => IndexItem::Int(i as i64),
    });
    x.get(Index::from_items(items)).unwrap()
}

/// The same values in row-major order.
fn compact(x: &Array<Cpu>) -> Array<Cpu> {
    XP.asarray(x, AsArray::new().copy(true)).unwrap()
}

/// The same values in memory that nobody else has, in one layout or another.
fn own(x: &Array<Cpu>, how: u8) -> Array<Cpu> {
    match how % 4 {
        0 => XP.flip(compact(&XP.flip(x, ()).unwrap()), ()).unwrap(),
        1 => {
            let axes: Vec<i64> = (0..x.ndim() as i64).rev().collect();
            XP.permute_dims(compact(&XP.permute_dims(x, &axes[..]).unwrap()), &axes[..]).unwrap()
        }
        _ => compact(x),
    }
}

/// A shape, sometimes of square matrices, sometimes with a long axis.
fn shape(b: &mut Bytes<'_>) -> Vec<usize> {
    let mut shape = b.shape(3, 4);
    match (b.below(32), shape.len()) {
        (0..8, n @ 2..) => shape[n - 1] = shape[n - 2],
        // beyond a vector
        (8..16, n @ 1..) => shape[b.below(n)] = 1 + b.below(70),
        // beyond the blocks in which programs run
        (16, _) => shape = vec![1 + 37 * b.below(256)],
        (17, _) => shape = vec![2 + b.below(2), 1 + 17 * b.below(256)],
        _ => {}
    }
    shape
}

/// A shape that goes with another one, or has nothing to do with it.
fn another(b: &mut Bytes<'_>, mut like: Vec<usize>) -> Vec<usize> {
    match b.below(6) {
        0 => return shape(b),
        1 if !like.is_empty() => {
            like.remove(0);
        }
        2 if !like.is_empty() => {
            let k = b.below(like.len());
            like[k] = 1;
        }
        3 => like.reverse(),
        _ => {}
    }
    like
}

/// An array of one of these dtypes, of special values, in some layout; mostly of a shape.
fn array(b: &mut Bytes<'_>, dtypes: [DType; 3], shape: &[usize], tame: bool) -> Array<Cpu> {
    let dtype = *b.pick(&dtypes);
    let view = b.byte();
    let pick = b.word() | 1;
    let special = special(dtype, tame);
    let count: usize = shape.iter().product();
    let indices: Vec<i64> = (0..count as u64)
        .map(|k| ((k + 1).wrapping_mul(pick) >> 32) as i64 % special.size() as i64)
        .collect();
    let x = XP.take(&special, XP.asarray(indices, ()).unwrap(), ()).unwrap();
    let x = XP.reshape(x, shape, ()).unwrap();
    let x = own(&x, view);
    match view >> 2 & 15 {
        0 if x.ndim() > 0 => x.get(s![..; 2, Ellipsis]).unwrap(),
        1 if x.ndim() > 0 => x.get(s![1.., Ellipsis]).unwrap(),
        2 => XP.broadcast_to(&x, [&[2], shape].concat()).unwrap(),
        3 => XP.expand_dims(&x, -1).unwrap(),
        4 if shape.last().is_some_and(|&n| n >= 2) => x.sliding_windows(2, 1, ()).unwrap(),
        5 if x.ndim() > 1 => XP.moveaxis(&x, 0, -1).unwrap(),
        _ => x,
    }
}

/// Values of a dtype that are apt to go wrong, or tame ones.
fn special(dtype: DType, tame: bool) -> Array<Cpu> {
    if tame {
        return XP.astype(XP.asarray([0u8, 1, 2, 3, 7, 10, 1], ()).unwrap(), dtype, ()).unwrap();
    }
    match dtype {
        DType::Bool => XP.asarray([false, true, true], ()).unwrap(),
        _ if dtype.is_integer() => {
            let info = XP.iinfo(dtype).unwrap();
            let values = [0, 1, 2, 3, 7, info.min, info.max, info.max - 1, info.max / 2];
            let parts = values.map(|v| XP.full(1, v, dtype).unwrap());
            XP.concat(&parts, ()).unwrap()
        }
        _ => {
            let values = [
                0.0,
                -0.0,
                1.0,
                -1.0,
                2.0,
                -2.5,
                3.0,
                0.1,
                1e-3,
                100.0,
                65504.0,
                1e-40,
                1e30,
                f64::NAN,
                f64::INFINITY,
                f64::NEG_INFINITY,
            ];
            if !dtype.is_complex() {
                return XP.astype(XP.asarray(values, ()).unwrap(), dtype, ()).unwrap();
            }
            let imag = [1.0, -0.0, f64::NAN, 0.0, -3.0, f64::INFINITY, 0.5, 1e20];
            let z = values.iter().zip(imag.iter().cycle()).map(|(&re, &im)| Complex::new(re, im));
            XP.astype(XP.asarray(z.collect::<Vec<_>>(), ()).unwrap(), dtype, ()).unwrap()
        }
    }
}
