//! Random operands: agreement with the definition, and the theorems about transforms.

use std::f64::consts::PI;

use arrayspace::options::{FftShift, Norm, Transform, TransformN};
use arrayspace::prelude::*;
use proptest::prelude::*;

use crate::model::{C, KINDS, Kind, NORMS, Table, apply};
use crate::on_each_backend;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Lengths of all kinds: powers of 2, small factors, primes.
fn length() -> impl Strategy<Value = usize> {
    prop_oneof![4 => 1..10usize, 2 => 10..40usize, 1 => proptest::sample::select(vec![64, 97, 101, 120, 128])]
}

/// A shape of at most three axes, one of them long.
fn shape() -> impl Strategy<Value = (Vec<usize>, usize)> {
    (length(), proptest::collection::vec(1..6usize, 0..3), any::<proptest::sample::Index>())
        .prop_map(|(long, mut shape, at)| {
            let axis = at.index(shape.len() + 1);
            shape.insert(axis, long);
            (shape, axis)
        })
}

fn dtypes() -> impl Strategy<Value = (DType, DType, f64)> {
    prop_oneof![
        Just((DType::Float64, DType::Complex128, f64::EPSILON)),
        Just((DType::Float32, DType::Complex64, f64::from(f32::EPSILON)))
    ]
}

/// How the elements of an operand lie in memory.
#[derive(Clone, Copy, Debug)]
enum Form {
    RowMajor,
    /// Axes in reverse order.
    Transposed,
    /// Backwards along every axis.
    Reversed,
    /// Every second element along the last axis, from the second on.
    Spaced,
    /// All lines the same, repeated with stride 0 along the first axis.
    Broadcast,
}

fn form() -> impl Strategy<Value = Form> {
    prop_oneof![
        Just(Form::RowMajor),
        Just(Form::Transposed),
        Just(Form::Reversed),
        Just(Form::Spaced),
        Just(Form::Broadcast)
    ]
}

/// Numbers from a seed, each with components from -1 to 1.
fn noise(len: usize, mut seed: u64) -> Vec<C> {
    let mut next = || {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as f64 / f64::from(1u32 << 30) - 1.0
    };
    (0..len).map(|_| C::new(next(), next())).collect()
}

/// An operand of random values that lies in memory as `form` says.
fn operand<N: Namespace>(xp: &N, shape: &[usize], dtype: DType, form: Form, seed: u64) -> Array<N> {
    let fresh = |shape: &[usize]| {
        Table::new(noise(shape.iter().product(), seed), shape).to_array(xp, dtype)
    };
    match form {
        Form::RowMajor => fresh(shape),
        Form::Transposed => {
            let turned: Vec<usize> = shape.iter().rev().copied().collect();
            let axes: Vec<i64> = (0..shape.len() as i64).rev().collect();
            xp.permute_dims(fresh(&turned), axes).unwrap()
        }
        Form::Reversed => xp.flip(fresh(shape), ()).unwrap(),
        Form::Spaced => {
            let mut long = shape.to_vec();
            *long.last_mut().unwrap() *= 2;
            fresh(&long).get(s![Ellipsis, 1..; 2]).unwrap()
        }
        Form::Broadcast => xp.broadcast_to(fresh(&shape[1..]), shape).unwrap(),
    }
}

/// A norm, by number.
fn norm() -> impl Strategy<Value = Norm> {
    (0..3usize).prop_map(|k| NORMS[k])
}

fn options(axis: usize, n: usize, norm: Norm) -> Transform {
    Transform::new().axis(axis as i64).n(n as i64).norm(norm)
}

/// The bytes of the values.
fn bits<N: Namespace>(x: &Array<N>) -> Vec<(u64, u64)> {
    Table::of(x).values.iter().map(|x| (x.re.to_bits(), x.im.to_bits())).collect()
}

fn definition<N: Namespace>(xp: &N) {
    proptest!(config(1500), |(
        kind in (0..6usize).prop_map(|k| KINDS[k]),
        (shape, axis) in shape(),
        n in proptest::option::of(length()),
        norm in norm(),
        (real, complex, eps) in dtypes(),
        form in form(),
        seed in any::<u64>(),
    )| {
        let dtype = if kind.takes_real() { real } else { complex };
        let x = operand(xp, &shape, dtype, form, seed);
        let m = shape[axis];
        let mut given = Transform::new().norm(norm).axis(axis as i64 - shape.len() as i64);
        if let Some(n) = n {
            given = given.n(n as i64);
        }
        let length = n.unwrap_or_else(|| kind.default_length(m));
        if length == 0 {
            prop_assert!(apply(kind, &x, given).is_err());
            return Ok(());
        }
        let y = apply(kind, &x, given.clone()).unwrap();
        prop_assert_eq!(y.dtype(), if kind.gives_real() { real } else { complex });
        let table = Table::of(&x);
        let tolerance = 16.0 * eps * table.modulus().max(1.0) * kind.scale(norm, length);
        let want = table.transform(kind, axis, length, norm);
        prop_assert_eq!(want.compare(&y, tolerance), Ok(()), "{:?} {:?} {:?}", kind, form, norm);
        // and the same bits, however the operand lies in memory
        let plain = table.to_array(xp, dtype);
        prop_assert_eq!(bits(&apply(kind, &plain, given).unwrap()), bits(&y));
    });
}

fn several_axes<N: Namespace>(xp: &N) {
    let order = Just(vec![0usize, 1, 2]).prop_shuffle();
    proptest!(config(500), |(
        (lengths, order, count) in (proptest::collection::vec(1..8usize, 3), order, 1..4usize),
        s in proptest::option::of(proptest::collection::vec(prop_oneof![Just(-1), 1..8i64], 3)),
        kind in (0..4usize).prop_map(|k| KINDS[k]),
        norm in norm(),
        (real, complex, eps) in dtypes(),
        seed in any::<u64>(),
    )| {
        let dtype = if kind.takes_real() { real } else { complex };
        let x = operand(xp, &lengths, dtype, Form::RowMajor, seed);
        let axes = &order[..count];
        let mut given = TransformN::new().axes(axes).norm(norm);
        if let Some(s) = &s {
            given = given.s(&s[..count]);
        }
        // by the definition: the last axis is the real one, first or last
        let length = |k: usize, kind: Kind| match &s {
            Some(s) if s[k] > 0 => s[k] as usize,
            _ => kind.default_length(lengths[axes[k]]),
        };
        let others = if matches!(kind, Kind::Ifft | Kind::Irfft) { Kind::Ifft } else { Kind::Fft };
        let mut steps: Vec<(Kind, usize, usize)> =
            (0..count - 1).map(|k| (others, axes[k], length(k, others))).collect();
        let last = (kind, axes[count - 1], length(count - 1, kind));
        if kind.takes_real() { steps.insert(0, last) } else { steps.push(last) }
        let fft = xp.fft();
        let result = match kind {
            Kind::Fft => fft.fftn(&x, given),
            Kind::Ifft => fft.ifftn(&x, given),
            Kind::Rfft => fft.rfftn(&x, given),
            _ => fft.irfftn(&x, given),
        };
        if last.2 == 0 {
            prop_assert!(result.is_err());
            return Ok(());
        }
        let y = result.unwrap();
        prop_assert_eq!(y.dtype(), if kind.gives_real() { real } else { complex });
        let mut want = Table::of(&x);
        let mut chained = x;
        let mut tolerance = 64.0 * eps * want.modulus().max(1.0);
        for (kind, axis, n) in steps {
            want = want.transform(kind, axis, n, norm);
            tolerance *= kind.scale(norm, n);
            chained = apply(kind, &chained, options(axis, n, norm)).unwrap();
        }
        prop_assert_eq!(want.compare(&y, tolerance), Ok(()));
        prop_assert_eq!(bits(&chained), bits(&y));
    });
}

fn inverses<N: Namespace>(xp: &N) {
    proptest!(config(500), |(
        (shape, axis) in shape(),
        norm in norm(),
        (real, complex, eps) in dtypes(),
        seed in any::<u64>(),
    )| {
        let n = shape[axis];
        let given = || options(axis, n, norm);
        let z = operand(xp, &shape, complex, Form::RowMajor, seed);
        let x = operand(xp, &shape, real, Form::RowMajor, seed);
        let fft = xp.fft();
        let tolerance = 16.0 * eps * Table::of(&z).modulus().max(1.0);
        let back = fft.ifft(fft.fft(&z, given()).unwrap(), given()).unwrap();
        prop_assert_eq!(Table::of(&z).compare(&back, tolerance), Ok(()));
        let back = fft.irfft(fft.rfft(&x, given()).unwrap(), given()).unwrap();
        prop_assert_eq!(Table::of(&x).compare(&back, tolerance), Ok(()));
        let back = fft.hfft(fft.ihfft(&x, given()).unwrap(), given()).unwrap();
        prop_assert_eq!(Table::of(&x).compare(&back, tolerance), Ok(()));

        // the same halves
        let half = fft.rfft(&x, given()).unwrap();
        let full = fft.fft(xp.astype(&x, complex, ()).unwrap(), given()).unwrap();
        let first = Table::of(&full).lines(axis, |line| line[..n / 2 + 1].to_vec());
        prop_assert_eq!(first.compare(&half, tolerance), Ok(()));
        // hfft is irfft of the conjugate with the other norm
        let other = match norm {
            Norm::Backward => Norm::Forward,
            Norm::Ortho => Norm::Ortho,
            Norm::Forward => Norm::Backward,
        };
        let conjugate = xp.conj(&z).unwrap();
        let hermitian = fft.hfft(&z, given()).unwrap();
        let inverse = fft.irfft(conjugate, options(axis, n, other)).unwrap();
        prop_assert_eq!(bits(&hermitian), bits(&inverse));
        let inverse = fft.ihfft(&x, given()).unwrap();
        let forward = fft.rfft(&x, options(axis, n, other)).unwrap();
        prop_assert_eq!(bits(&inverse), bits(&xp.conj(&forward).unwrap()));
    });
}

fn theorems<N: Namespace>(xp: &N) {
    let power = |x: &Array<N>| Table::of(x).values.iter().map(|x| x.norm_sqr()).sum::<f64>();
    proptest!(config(500), |(
        (shape, axis) in shape(),
        shift in -50..50i64,
        (real, complex, eps) in dtypes(),
        seed in any::<u64>(),
    )| {
        let n = shape[axis];
        let fft = xp.fft();
        let z = operand(xp, &shape, complex, Form::RowMajor, seed);
        let spectrum = fft.fft(&z, options(axis, n, Norm::Ortho)).unwrap();
        let modulus = Table::of(&z).modulus().max(1.0);
        // Parseval; a sum of so many squares, one after the other, has errors of its own
        let tolerance = 16.0 * eps + z.size() as f64 * f64::EPSILON;
        prop_assert!((power(&spectrum) - power(&z)).abs() <= tolerance * power(&z).max(1.0));
        let x = operand(xp, &shape, real, Form::RowMajor, seed);
        let half = Table::of(&fft.rfft(&x, options(axis, n, Norm::Ortho)).unwrap());
        let doubled = half.lines(axis, |line| {
            let own = |k: usize| if k == 0 || 2 * k == n { 1.0 } else { 2.0 };
            line.iter().enumerate().map(|(k, x)| C::from(x.norm_sqr() * own(k))).collect()
        });
        let total: f64 = doubled.values.iter().map(|x| x.re).sum();
        prop_assert!((total - power(&x)).abs() <= tolerance * power(&x).max(1.0));
        // shifted in time: turned in frequency
        let rolled = xp.roll(&z, shift, axis as i64).unwrap();
        let turned = Table::of(&spectrum).lines(axis, |line| {
            let turn = |k: usize| {
                let steps = (k as i64 * shift).rem_euclid(n as i64) as f64;
                C::from_polar(1.0, -2.0 * PI * steps / n as f64)
            };
            line.iter().enumerate().map(|(k, x)| x * turn(k)).collect()
        });
        let y = fft.fft(&rolled, options(axis, n, Norm::Ortho)).unwrap();
        prop_assert_eq!(turned.compare(&y, 16.0 * eps * modulus), Ok(()));
        // turned in time: shifted in frequency; by half a turn it is what `fftshift` does
        let alternating = Table::of(&z).lines(axis, |line| {
            let turn = |t: usize| {
                C::from_polar(1.0, 2.0 * PI * ((t * (n / 2)) % n) as f64 / n as f64)
            };
            line.iter().enumerate().map(|(t, x)| x * turn(t)).collect()
        });
        let y = fft.fft(alternating.to_array(xp, complex), options(axis, n, Norm::Ortho)).unwrap();
        let shifted = fft.fftshift(&spectrum, axis as i64).unwrap();
        prop_assert_eq!(Table::of(&shifted).compare(&y, 32.0 * eps * modulus), Ok(()));
    });
}

fn shifts<N: Namespace>(xp: &N) {
    proptest!(config(300), |(
        shape in proptest::collection::vec(0..7usize, 0..4),
        picked in proptest::collection::vec(any::<bool>(), 4),
        form in form(),
        seed in any::<u64>(),
    )| {
        let form = if shape.is_empty() { Form::RowMajor } else { form };
        let x = operand(xp, &shape, DType::Float64, form, seed);
        let axes: Vec<i64> = (0..shape.len()).filter(|&k| picked[k]).map(|k| k as i64).collect();
        let fft = xp.fft();
        let given = || FftShift::new().axes(&axes[..]);
        let y = fft.fftshift(&x, given()).unwrap();
        prop_assert_eq!(bits(&fft.ifftshift(&y, given()).unwrap()), bits(&x));
        let back = fft.fftshift(fft.ifftshift(&x, given()).unwrap(), given()).unwrap();
        prop_assert_eq!(bits(&back), bits(&x));
        let mut want = Table::of(&x);
        for &axis in &axes {
            want = want.lines(axis as usize, |line| {
                let mut line = line.to_vec();
                let half = line.len() / 2;
                line.rotate_right(half);
                line
            });
        }
        prop_assert_eq!(want.compare(&y, 0.0), Ok(()));
    });
}

/// NaN and infinities spoil their own line and no other.
fn not_finite<N: Namespace>(xp: &N) {
    let bad = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, 5e-324];
    proptest!(config(300), |(
        kind in (0..6usize).prop_map(|k| KINDS[k]),
        (lines, n) in (1..5usize, length()),
        (at, value) in (any::<proptest::sample::Index>(), 0..5usize),
        imaginary in any::<bool>(),
        (real, complex, _) in dtypes(),
        seed in any::<u64>(),
    )| {
        let shape = [lines, n];
        let mut table = Table::new(noise(lines * n, seed), &shape);
        let at = at.index(lines * n);
        let value = bad[value];
        if imaginary && !kind.takes_real() {
            table.values[at].im = value;
        } else {
            table.values[at].re = value;
        }
        let dtype = if kind.takes_real() { real } else { complex };
        let length = if kind.gives_real() { 2 * n } else { n };
        let y = apply(kind, &table.to_array(xp, dtype), options(1, length, Norm::Backward)).unwrap();
        let y = Table::of(&y);
        let width = y.shape[1];
        // the imaginary part of the first value of a half spectrum is ignored
        let ignored = kind.gives_real() && imaginary && at % n == 0;
        for (k, got) in y.values.iter().enumerate() {
            if k / width != at / n || ignored {
                prop_assert!(got.is_finite(), "{} at {}", got, k);
            }
        }
        // (a factor of exactly 1 or i keeps the bad part out of some values)
        let own = &y.values[at / n * width..][..width];
        prop_assert!(value.is_finite() || ignored || own.iter().any(|x| !x.is_finite()), "{:?}", own);
    });
}

/// Enough lines for several blocks and threads: each is as if it were alone.
fn many_lines<N: Namespace>(xp: &N) {
    for (shape, axis) in [([600, 250], 1), ([250, 600], 0), ([3, 40_000], 0), ([70_000, 2], 1)] {
        for kind in KINDS {
            let dtype = if kind.takes_real() { DType::Float32 } else { DType::Complex64 };
            let x = operand(xp, &shape, dtype, Form::RowMajor, 1);
            let n = shape[axis];
            let given = || options(axis, n, Norm::Backward);
            let whole = apply(kind, &x, given()).unwrap();
            for at in [0, 1, shape[1 - axis] / 2, shape[1 - axis] - 1] {
                let line = |x: &Array<N>| match axis {
                    0 => x.get((.., at..at + 1)).unwrap(),
                    _ => x.get(at..at + 1).unwrap(),
                };
                let alone = apply(kind, &line(&x), given()).unwrap();
                assert_eq!(bits(&line(&whole)), bits(&alone), "{kind:?} {shape:?}");
            }
        }
    }
}

on_each_backend! {
    definition
    several_axes
    inverses
    theorems
    shifts
    not_finite
    many_lines
}
