//! What folds do with values: the state of a part, and how states are joined.

use std::hint::black_box;
use std::marker::PhantomData;
use std::ops::{Mul, Sub};

use num_complex::Complex;

use super::lanes::{self, Combine, GROUP, LANES, Plus, STEPS, Values};
use crate::exec::BLOCK;
use crate::math::lanes::two_sum;

/// The largest value; NaN if one is NaN, and +0 above -0, so that order does not matter.
pub(crate) struct Largest;

/// The smallest value; NaN if one is NaN, and -0 below +0.
pub(crate) struct Smallest;

macro_rules! extremes {
    (integers $($t:ty)*) => { $(
        extremes!(integer $t, Largest, max);
        extremes!(integer $t, Smallest, min);
    )* };
    (integer $t:ty, $how:ty, $extreme:ident) => {
        impl Combine<$t> for $how {
            #[inline(always)]
            fn combine(a: $t, b: $t) -> $t {
                a.$extreme(b)
            }

            #[inline(always)]
            fn block(x: &[$t]) -> $t {
                const LANES: usize = lanes_of::<$t>();
                let Some(last) = x.last_chunk::<LANES>() else {
                    return lanes::block::<$t, Self>(x);
                };
                // what is looked at twice changes nothing
                let mut best = *last;
                for x in x.as_chunks::<LANES>().0 {
                    for (best, &x) in best.iter_mut().zip(x) {
                        *best = x.$extreme(*best);
                    }
                }
                halved(best, Self::combine)
            }
        }
    };
    (floats $($t:ty)*) => { $(
        impl Combine<$t> for Largest {
            #[inline(always)]
            fn combine(a: $t, b: $t) -> $t {
                // equal values have equal bits, but for the sign of zero
                let same = <$t>::from_bits(a.to_bits() & b.to_bits());
                let larger = if a == b { same } else { a };
                if b > a || b.is_nan() { b } else { larger }
            }

            extremes!(block $t, >, 0.0);
        }
        impl Combine<$t> for Smallest {
            #[inline(always)]
            fn combine(a: $t, b: $t) -> $t {
                let same = <$t>::from_bits(a.to_bits() | b.to_bits());
                let smaller = if a == b { same } else { a };
                if b < a || b.is_nan() { b } else { smaller }
            }

            extremes!(block $t, <, -0.0);
        }
    )* };
    // NaN and the sign of zero are seen to afterwards, where there are such values
    (block $t:ty, $beyond:tt, $zero:literal) => {
        #[inline(always)]
        fn block(x: &[$t]) -> $t {
            const LANES: usize = lanes_of::<$t>();
            let Some(last) = x.last_chunk::<LANES>() else {
                return lanes::block::<$t, Self>(x);
            };
            // what is looked at twice changes nothing
            let mut best = *last;
            let mut unordered = [0; LANES];
            for x in x.as_chunks::<LANES>().0 {
                for ((best, unordered), &x) in best.iter_mut().zip(&mut unordered).zip(x) {
                    // the best is NaN at most from the start, and then stays so
                    *unordered |= <$t>::to_bits(0.0).wrapping_sub(x.is_nan().into());
                    *best = if x $beyond *best { x } else { *best };
                }
            }
            let nan = unordered.iter().any(|&u| u != 0) || last.iter().any(|x| x.is_nan());
            if nan {
                return x.iter().copied().find(|x| x.is_nan()).unwrap_or(<$t>::NAN);
            }
            let best = halved(best, Self::combine);
            let zero: $t = $zero;
            if best == 0.0 && x.iter().any(|x| x.to_bits() == zero.to_bits()) { zero } else { best }
        }
    };
}

/// Lanes of an extreme value: a few registers, and so many that the compiler makes a loop over them.
const fn lanes_of<T>() -> usize {
    if size_of::<T>() > 4 { 64 } else { 256 / size_of::<T>() }
}

/// The values of lanes, a power of two of them, in one: halves are combined until one is left.
#[inline(always)]
fn halved<T: Copy, const N: usize>(mut lanes: [T; N], combine: impl Fn(T, T) -> T) -> T {
    let mut count = N / 2;
    while count > 0 {
        for l in 0..count {
            lanes[l] = combine(lanes[l], lanes[l + count]);
        }
        count /= 2;
    }
    lanes[0]
}

extremes!(integers i8 i16 i32 i64 u8 u16 u32 u64);
extremes!(floats f32 f64);

/// A fold over values of one type.
pub(crate) trait Fold: 'static {
    /// What is folded.
    type In: Copy + Default + Send + Sync;
    /// What is known of a part of the values.
    type State: Copy + Default + Send + Sync;
    /// The state of two parts, the first before the second.
    type Join: Combine<Self::State>;

    /// The state of a block of 1 to 4096 values.
    fn block(x: &[Self::In]) -> Self::State;

    /// The result.
    fn finish(state: Self::State) -> Self::In;

    /// Whether no further value changes the result.
    fn settled(_state: Self::State) -> bool {
        false
    }
}

/// A fold whose state is a value.
pub(super) struct Simple<T, C>(PhantomData<(T, C)>);

impl<T: Copy + Default + Send + Sync + 'static, C: Combine<T>> Fold for Simple<T, C> {
    type In = T;
    type State = T;
    type Join = C;

    #[inline(always)]
    fn block(x: &[T]) -> T {
        C::block(x)
    }

    fn finish(state: T) -> T {
        state
    }
}

/// Whether one of the bytes is not 0 ([`Largest`]), or all are ([`Smallest`]).
pub(super) struct Logical<C>(PhantomData<C>);

/// The byte that decides a logical fold.
pub(super) trait Decided: Combine<u8> {
    /// Whether this state is final.
    fn decided(state: u8) -> bool;
}

impl Decided for Largest {
    fn decided(state: u8) -> bool {
        state != 0
    }
}

impl Decided for Smallest {
    fn decided(state: u8) -> bool {
        state == 0
    }
}

impl<C: Decided> Fold for Logical<C> {
    type In = u8;
    type State = u8;
    type Join = C;

    #[inline(always)]
    fn block(x: &[u8]) -> u8 {
        C::block(x)
    }

    fn finish(state: u8) -> u8 {
        u8::from(state != 0)
    }

    fn settled(state: u8) -> bool {
        C::decided(state)
    }
}

/// Number, mean and sum of squared deviations of some values.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Moments {
    count: f64,
    /// The mean is `near + rest`: in one word it would lack the digits that tell one part's from another's, where
    /// both are large.
    near: f64,
    rest: f64,
    squares: f64,
}

impl Moments {
    /// Of `count` values of which the distances from `pivot` have the first sum, and their squares the second.
    #[inline(always)]
    pub(super) fn new(count: f64, pivot: f64, sums: Complex<f64>) -> Moments {
        let Complex { re: sum, im: squares } = sums;
        let rest = sum / count;
        let about_mean = squares - sum * rest;
        let squares = if squares == f64::INFINITY && sum.is_finite() {
            squares
        } else if about_mean < 0.0 {
            0.0 // but a NaN stays
        } else {
            about_mean
        };
        Moments { count, near: pivot, rest, squares }
    }

    #[cfg(test)]
    pub(super) fn squares(self) -> f64 {
        self.squares
    }
}

/// Joins moments (Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing
/// sample variances", 1979).
pub(super) struct Chan;

impl Combine<Moments> for Chan {
    #[inline(always)]
    fn combine(a: Moments, b: Moments) -> Moments {
        let count = a.count + b.count;
        let apart = (b.near - a.near) + (b.rest - a.rest);
        let share = b.count / count;
        let mean = two_sum(a.near, a.rest + apart * share);
        let squares = a.squares + b.squares + apart * apart * (a.count * share);
        Moments { count, near: mean.hi, rest: mean.lo, squares }
    }
}

/// The sum of squared deviations from the mean. Of each group of 512, distances from a number near its mean are
/// summed, and their squares; groups are joined by [`Chan`].
///
/// The number is the mean of an eighth of the group, 64 values from all over it: with another variance the sum of
/// squares is at most 8 times what it would be about the mean, as a rule a few hundredths more, and what it is more
/// is subtracted in the end.
pub(super) struct Deviations<T>(PhantomData<T>);

/// The first lanes of a group, of which the [pivot](Deviations) is the mean. Where the group is not whole, all are.
pub(super) const PIVOT_LANES: usize = 8;

/// The pivot of values with this sum, of which `first` is the first: that one if the squares of what the sum is
/// rounded by may be out of range.
#[inline(always)]
pub(super) fn pivot(sum: f64, count: f64, first: f64) -> f64 {
    if sum.abs() < 1e160 { sum / count } else { first }
}

/// Values as float64.
#[derive(Clone, Copy)]
struct Wide<'a, T>(&'a [T]);

impl<T: Copy + Into<f64>> Values<f64> for Wide<'_, T> {
    #[inline(always)]
    fn count(self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn at(self, index: usize) -> f64 {
        self.0[index].into()
    }

    #[inline(always)]
    fn part(self, start: usize, end: usize) -> Self {
        Wide(&self.0[start..end])
    }
}

/// Distances from a number, and their squares.
#[derive(Clone, Copy)]
struct Apart<'a, T>(&'a [T], f64);

impl<T: Copy + Into<f64>> Values<Complex<f64>> for Apart<'_, T> {
    #[inline(always)]
    fn count(self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn at(self, index: usize) -> Complex<f64> {
        let apart = self.0[index].into() - self.1;
        Complex::new(apart, apart * apart)
    }

    #[inline(always)]
    fn part(self, start: usize, end: usize) -> Self {
        Apart(&self.0[start..end], self.1)
    }
}

/// The moments of a group of 1 to 512 values.
#[inline(always)]
fn moments<T: Real>(x: &[T]) -> Moments {
    let (count, first) = (x.len() as f64, x[0].into());
    if x.len() < GROUP {
        let pivot = pivot(lanes::group::<f64, Plus>(Wide(x)), count, first);
        return Moments::new(count, pivot, lanes::group::<Complex<f64>, Plus>(Apart(x, pivot)));
    }
    // what `lanes::group` does, of the first lanes; then with the two sums in rows of their own
    let mut sums = [-0.0; PIVOT_LANES];
    for step in 0..STEPS {
        for (sum, &x) in sums.iter_mut().zip(&x[step * LANES..(step + 1) * LANES]) {
            *sum += x.into();
        }
    }
    let sum = lanes::neighbours::<f64, Plus>(&mut sums);
    let pivot = pivot(sum, (STEPS * PIVOT_LANES) as f64, first);
    let (mut sums, mut squares) = ([-0.0; LANES], [-0.0; LANES]);
    for step in 0..black_box(STEPS) {
        let row = &x[step * LANES..(step + 1) * LANES];
        for ((sum, square), &x) in sums.iter_mut().zip(&mut squares).zip(row) {
            let apart = x.into() - pivot;
            *sum += apart;
            *square += apart * apart;
        }
    }
    let [sum, squares] = [sums, squares].map(|mut row| lanes::neighbours::<f64, Plus>(&mut row));
    Moments::new(count, pivot, Complex::new(sum, squares))
}

/// A float that a variance is computed of.
pub(crate) trait Real:
    Copy + Default + Send + Sync + Into<f64> + Sub<Output = Self> + Mul<Output = Self> + 'static
{
    /// The nearest value.
    fn nearest(x: f64) -> Self;
}

impl Real for f32 {
    fn nearest(x: f64) -> f32 {
        x as f32
    }
}

impl Real for f64 {
    fn nearest(x: f64) -> f64 {
        x
    }
}

impl<T: Real> Fold for Deviations<T> {
    type In = T;
    type State = Moments;
    type Join = Chan;

    #[inline(always)]
    fn block(x: &[T]) -> Moments {
        let mut groups = [Moments::default(); BLOCK / GROUP];
        let mut len = 0;
        for (state, group) in groups.iter_mut().zip(x.chunks(GROUP)) {
            *state = moments(group);
            len += 1;
        }
        lanes::neighbours::<Moments, Chan>(&mut groups[..len])
    }

    fn finish(state: Moments) -> T {
        T::nearest(state.squares)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Rng;

    /// A block is what its values combined one after the other are, with `same` telling values apart.
    fn check<T: Copy, C: Combine<T>>(values: &[T], same: impl Fn(T, T) -> bool) {
        let mut rng = Rng::new(values.len());
        for n in (1..140).chain([255, 256, 257, 511, 512, 700, 4095, 4096]) {
            let x: Vec<T> = (0..n).map(|_| values[rng.below(values.len())]).collect();
            let expected = x.iter().copied().reduce(C::combine).unwrap();
            assert!(same(C::block(&x), expected), "{n}");
            // one value that differs from all others, at each end and in between
            for at in [0, n / 2, n - 1] {
                for &odd in values {
                    let mut x = vec![values[0]; n];
                    x[at] = odd;
                    let expected = x.iter().copied().reduce(C::combine).unwrap();
                    assert!(same(C::block(&x), expected), "{n} {at}");
                }
            }
        }
    }

    #[test]
    fn extremes_of_blocks_are_those_of_their_values() {
        macro_rules! floats {
            ($($t:ty)*) => { $(
                let same = |a: $t, b: $t| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
                let zeros = [-0.0, 0.0];
                let numbers = [1.5, -2.0, 0.0, -0.0, 7.0, <$t>::INFINITY, <$t>::NEG_INFINITY];
                let any = [-1.0, 3.0, <$t>::NAN, -0.0];
                for values in [&zeros[..], &zeros.map(|z| -z), &numbers, &any, &[<$t>::NAN, 1.0]] {
                    check::<$t, Largest>(values, same);
                    check::<$t, Smallest>(values, same);
                }
            )* };
        }
        floats!(f32 f64);
        macro_rules! integers {
            ($($t:ty)*) => { $(
                let values = [1, 0, <$t>::MAX, <$t>::MIN, 9];
                check::<$t, Largest>(&values, |a, b| a == b);
                check::<$t, Smallest>(&values, |a, b| a == b);
            )* };
        }
        integers!(i8 i16 i32 i64 u8 u16 u32 u64);
    }
}
