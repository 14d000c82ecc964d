//! Arrays of any dtype from scalars and back, the standard's promotions written down anew, and samples.

use arrayspace::prelude::*;
use arrayspace::{Complex, Element, bf16, f16, with_element};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

/// Runs a property on random values.
pub(crate) fn run<S: Strategy>(
    strategy: &S,
    property: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config { failure_persistence: None, ..Config::default() };
    if let Err(e) = TestRunner::new(config).run(strategy, property) {
        panic!("{e}");
    }
}

/// An array of this dtype and shape from scalars, each cast to the dtype.
pub(crate) fn array<B: Namespace>(
    xp: &B,
    dtype: DType,
    shape: &[usize],
    values: &[Scalar],
) -> Array<B> {
    let flat = with_element!(dtype, T => {
        let values: Vec<T> = values.iter().map(|&v| T::from_scalar(v)).collect();
        xp.asarray(values, ())
    });
    let x = xp.reshape(flat.unwrap(), shape, ()).unwrap();
    assert_eq!((x.dtype(), x.shape()), (dtype, shape));
    x
}

/// An array of integers, or floats of these values, or (not 0: true) bools.
pub(crate) fn integers<B: Namespace>(
    xp: &B,
    dtype: DType,
    shape: &[usize],
    values: &[i64],
) -> Array<B> {
    let values: Vec<Scalar> = values.iter().map(|&v| v.into()).collect();
    array(xp, dtype, shape, &values)
}

/// The elements as scalars.
pub(crate) fn scalars<B: Namespace>(x: &Array<B>) -> Vec<Scalar> {
    with_element!(x.dtype(), T => {
        x.to_vec::<T>().unwrap().into_iter().map(Element::to_scalar).collect()
    })
}

/// A value rounded to a dtype.
pub(crate) fn rounded(value: Scalar, dtype: DType) -> Scalar {
    with_element!(dtype, T => T::from_scalar(value).to_scalar())
}

/// What a value becomes in another dtype, written down anew.
pub(crate) fn cast(value: Scalar, to: DType) -> Scalar {
    let bits = 8 * to.item_size() as u32;
    match value {
        _ if to == DType::Bool => Scalar::Bool(match value {
            Scalar::Bool(v) => v,
            Scalar::Int(v) => v != 0,
            Scalar::Float(v) => v != 0.0,
            Scalar::Complex(v) => v.re != 0.0 || v.im != 0.0,
        }),
        Scalar::Bool(v) => cast(Scalar::Int(v.into()), to),
        Scalar::Int(v) if to.is_integer() => {
            let low = v & ((1i128 << bits) - 1);
            let negative = to.is_signed_integer() && low >> (bits - 1) == 1;
            Scalar::Int(if negative { low - (1i128 << bits) } else { low })
        }
        Scalar::Float(v) if to.is_integer() => {
            let (min, max) = Scalar::int_range(to);
            Scalar::Int(if v.is_nan() { 0 } else { (v.trunc() as i128).clamp(min, max) })
        }
        _ => rounded(value, to),
    }
}

/// The distance from 1 to the next value of a floating-point dtype.
pub(crate) fn epsilon(dtype: DType) -> f64 {
    match dtype {
        DType::Float16 => f16::EPSILON.to_f64(),
        DType::BFloat16 => bf16::EPSILON.to_f64(),
        DType::Float32 | DType::Complex64 => f32::EPSILON.into(),
        _ => f64::EPSILON,
    }
}

/// Equal as values: NaN is NaN, and the sign of a zero counts.
pub(crate) fn same(a: Scalar, b: Scalar) -> bool {
    let float = |a: f64, b: f64| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
    match (a, b) {
        (Scalar::Float(a), Scalar::Float(b)) => float(a, b),
        (Scalar::Complex(a), Scalar::Complex(b)) => float(a.re, b.re) && float(a.im, b.im),
        _ => a == b,
    }
}

/// The same dtype, shape and elements.
#[track_caller]
pub(crate) fn assert_same<B: Namespace>(a: &Array<B>, b: &Array<B>) {
    assert_eq!((a.dtype(), a.shape()), (b.dtype(), b.shape()));
    let (a, b) = (scalars(a), scalars(b));
    for (k, (x, y)) in a.iter().zip(&b).enumerate() {
        assert!(same(*x, *y), "element {k}: {x} and {y} in {a:?} and {b:?}");
    }
}

/// The dtype in which the standard combines two, from its tables.
pub(crate) fn promoted(a: DType, b: DType) -> Option<DType> {
    use DType::*;
    const SIGNED: [DType; 4] = [Int8, Int16, Int32, Int64];
    const UNSIGNED: [DType; 4] = [UInt8, UInt16, UInt32, UInt64];
    /// Rows: int8 to int64; columns: uint8 to uint64.
    const MIXED: [[Option<DType>; 4]; 4] = [
        [Some(Int16), Some(Int32), Some(Int64), None],
        [Some(Int16), Some(Int32), Some(Int64), None],
        [Some(Int32), Some(Int32), Some(Int64), None],
        [Some(Int64), Some(Int64), Some(Int64), None],
    ];
    /// Rows and columns: float32, float64, complex64, complex128.
    const FLOATS: [DType; 4] = [Float32, Float64, Complex64, Complex128];
    const FLOATING: [[DType; 4]; 4] = [
        [Float32, Float64, Complex64, Complex128],
        [Float64, Float64, Complex128, Complex128],
        [Complex64, Complex128, Complex64, Complex128],
        [Complex128, Complex128, Complex128, Complex128],
    ];
    let find = |list: &[DType], d| list.iter().position(|&x| x == d);
    if a == b {
        return Some(a);
    }
    if let (Some(i), Some(j)) = (find(&SIGNED, a), find(&SIGNED, b)) {
        return Some(SIGNED[i.max(j)]);
    }
    if let (Some(i), Some(j)) = (find(&UNSIGNED, a), find(&UNSIGNED, b)) {
        return Some(UNSIGNED[i.max(j)]);
    }
    if let (Some(i), Some(j)) = (find(&SIGNED, a), find(&UNSIGNED, b)) {
        return MIXED[i][j];
    }
    if let (Some(i), Some(j)) = (find(&SIGNED, b), find(&UNSIGNED, a)) {
        return MIXED[i][j];
    }
    if let (Some(i), Some(j)) = (find(&FLOATS, a), find(&FLOATS, b)) {
        return Some(FLOATING[i][j]);
    }
    // the half-precision dtypes, which are not the standard's: below float32, and not comparable
    let half = |d| matches!(d, Float16 | BFloat16);
    match (half(a), half(b)) {
        (true, false) if FLOATS.contains(&b) => Some(b),
        (false, true) if FLOATS.contains(&a) => Some(a),
        _ => None,
    }
}

/// Special and ordinary values of a dtype.
pub(crate) fn samples(dtype: DType) -> Vec<Scalar> {
    if dtype == DType::Bool {
        return vec![Scalar::Bool(true), Scalar::Bool(false)];
    }
    if dtype.is_integer() {
        let (min, max) = Scalar::int_range(dtype);
        let values = [0, 1, 2, 3, 7, 100, min, min + 1, max, max - 1, -1, -2, -100];
        return values.into_iter().filter(|v| (min..=max).contains(v)).map(Scalar::Int).collect();
    }
    let floats = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        1.5,
        -2.5,
        3.0,
        100.0,
        1e-3,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
    ];
    if dtype.is_complex() {
        let z = |re, im| Scalar::Complex(Complex::new(re, im));
        let mut out: Vec<Scalar> = floats.iter().map(|&re| z(re, 0.0)).collect();
        out.extend(floats.iter().map(|&im| z(1.5, im)));
        return out;
    }
    floats.into_iter().map(Scalar::Float).collect()
}

/// A finite value of a dtype, not 0 if it is a float, from random bits: small ones and, for integers,
/// extreme ones.
pub(crate) fn ordinary(bits: u64, dtype: DType) -> Scalar {
    let float = |bits: u64| {
        let v = (bits % 4000) as f64 / 200.0 - 10.0;
        if v == 0.0 { 0.5 } else { v }
    };
    if dtype.is_complex() {
        return Scalar::Complex(Complex::new(float(bits), float(bits >> 20)));
    }
    if dtype.is_floating() {
        return rounded(Scalar::Float(float(bits)), dtype);
    }
    let wide = i128::from(bits >> 2);
    cast(Scalar::Int(if bits.is_multiple_of(4) { wide } else { wide % 20 - 4 }), dtype)
}

/// An array of [`ordinary`] values, all different enough.
pub(crate) fn ordinary_array<B: Namespace>(
    xp: &B,
    dtype: DType,
    shape: &[usize],
    mut seed: u64,
) -> Array<B> {
    let size = shape.iter().product();
    let mut next = || {
        // a linear congruential generator (Knuth's MMIX)
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ordinary(seed >> 16, dtype)
    };
    let values: Vec<Scalar> = (0..size).map(|_| next()).collect();
    array(xp, dtype, shape, &values)
}

/// Shapes that broadcast together, and what they broadcast to.
pub(crate) fn broadcastable(count: usize) -> impl Strategy<Value = (Vec<Vec<usize>>, Vec<usize>)> {
    let lengths = proptest::collection::vec(prop_oneof![0..2_usize, 1..6_usize], 0..5);
    // for each shape: how many leading axes it lacks, and which axes have length 1
    let cuts = proptest::collection::vec((0..5_usize, any::<u8>()), count);
    (lengths, cuts).prop_map(|(full, cuts)| {
        let shapes: Vec<Vec<usize>> = cuts
            .into_iter()
            .map(|(cut, ones)| {
                let cut = cut.min(full.len());
                let axes = full.iter().enumerate().skip(cut);
                axes.map(|(k, &n)| if ones >> k & 1 == 1 { 1 } else { n }).collect()
            })
            .collect();
        let out = broadcast(&shapes).expect("shapes that broadcast");
        (shapes, out)
    })
}

/// The shape that shapes broadcast to, if they do.
pub(crate) fn broadcast(shapes: &[Vec<usize>]) -> Option<Vec<usize>> {
    let ndim = shapes.iter().map(Vec::len).max().unwrap_or(0);
    (0..ndim)
        .map(|k| {
            let lengths =
                shapes.iter().filter_map(|s| (k + s.len()).checked_sub(ndim).map(|j| s[j]));
            let mut lengths: Vec<usize> = lengths.filter(|&n| n != 1).collect();
            lengths.dedup();
            match lengths[..] {
                [] => Some(1),
                [n] => Some(n),
                _ => None,
            }
        })
        .collect()
}

/// The elements of an array of `shape`, in row-major order of the shape that it is broadcast to.
pub(crate) fn repeated(values: &[Scalar], shape: &[usize], out: &[usize]) -> Vec<Scalar> {
    let new = out.len() - shape.len();
    let size: usize = out.iter().product();
    (0..size)
        .map(|mut n| {
            let (mut place, mut stride) = (0, 1);
            for k in (0..out.len()).rev() {
                let index = n % out[k];
                n /= out[k];
                if k >= new {
                    place += if shape[k - new] == 1 { 0 } else { index * stride };
                    stride *= shape[k - new];
                }
            }
            values[place]
        })
        .collect()
}
