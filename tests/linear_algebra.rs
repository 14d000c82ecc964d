//! The chapter "linear algebra functions": every parameter by example, and against a naive model.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use arrayspace::prelude::*;
use arrayspace::{Axes, Axis, ContractedAxes};
use common::*;
use half::f16;
use num_complex::Complex;
use proptest::prelude::*;

fn products<B: Namespace>(xp: &B) -> Result<()> {
    let a = xp.asarray([[1, 2, 3], [4, 5, 6]], ())?;
    let v = xp.asarray([1, 0, -1], ())?;
    let t = xp.matrix_transpose(&a)?;
    assert_eq!(xp.matmul(&a, &t)?.to_vec::<i32>()?, [14, 32, 32, 77]);
    assert_eq!(xp.matmul(&a, &v)?.to_vec::<i32>()?, [-2, -2]);
    assert_eq!(xp.matmul(&v, &t)?.to_vec::<i32>()?, [-2, -2]);
    let dot = xp.matmul(&v, &v)?;
    assert_eq!((dot.shape(), dot.item::<i32>()?), (&[][..], 2));
    let stack = xp.stack([&a, &a], ())?;
    assert_eq!(xp.matmul(&stack, &t)?.shape(), [2, 2, 2]);
    assert_eq!(xp.matmul(&stack, &v)?.shape(), [2, 2]);
    assert_eq!(xp.matmul(&v, xp.matrix_transpose(&stack)?)?.shape(), [2, 2]);
    let wide = xp.expand_dims(&stack, 1)?;
    assert_eq!(xp.matmul(&wide, xp.broadcast_to(&t, (4, 3, 2))?)?.shape(), [2, 4, 2, 2]);
    let mixed = xp.matmul(xp.asarray([[1_i8]], ())?, xp.asarray([[255_u8]], ())?)?;
    assert_eq!((mixed.dtype(), mixed.item::<i16>()?), (DType::Int16, 255));
    let wrapped = xp.matmul(xp.asarray([100_i8, 100], ())?, xp.asarray([2_i8, 0], ())?)?;
    assert_eq!(wrapped.item::<i8>()?, -56);
    let i = Complex::new(0.0, 1.0);
    let z = xp.asarray([i], ())?;
    assert_eq!(xp.matmul(&z, &z)?.item::<Complex<f64>>()?, Complex::new(-1.0, 0.0), "no conjugate");
    let none = xp.zeros([2, 0], DType::Float32)?;
    let thin = xp.zeros([0, 3], DType::Float32)?;
    assert_eq!(xp.matmul(&none, &thin)?.to_vec::<f32>()?, [0.0; 6]);
    assert_eq!(xp.matmul(&thin, xp.zeros([3, 2], DType::Float32)?)?.shape(), [0, 2]);
    let nothing = xp.zeros([0], DType::Float32)?;
    assert_eq!(xp.matmul(&nothing, &nothing)?.item::<f32>()?, 0.0);

    let scalar = xp.asarray(1, ())?;
    assert_text(xp.matmul(&scalar, &a), &["matmul: ", "x1", "0-d", "multiply"]);
    assert_text(xp.matmul(&a, &scalar), &["matmul: ", "x2", "0-d"]);
    assert_text(xp.matmul(&a, &a), &["matmul: ", "[2, 3]", "length 3", "length 2"]);
    assert_text(xp.matmul(&v, &a), &["matmul: ", "[3]", "[2, 3]"]);
    assert_text(xp.matmul(&t, &v), &["matmul: ", "[3, 2]", "[3]"]);
    let three = xp.broadcast_to(&t, (3, 3, 2))?;
    assert_text(xp.matmul(&stack, &three), &["matmul: ", "[2]", "[3]", "broadcast"]);
    let truth = xp.asarray([true], ())?;
    assert_text(xp.matmul(&truth, &truth), &["matmul: ", "x1", "bool", "numeric"]);
    let f = xp.asarray([1.0], ())?;
    assert_text(xp.matmul(&f, xp.asarray([1], ())?), &["matmul: ", "float64", "int32", "astype"]);
    let endless = xp.broadcast_to(xp.asarray([[1_i8]], ())?, (i64::MAX, 1))?;
    let right = xp.broadcast_to(xp.asarray([[1_i8]], ())?, (1, 2))?;
    assert_text(xp.matmul(&endless, &right), &["matmul: ", "out of memory"]);

    assert_eq!(xp.matrix_transpose(&stack)?.shape(), [2, 3, 2]);
    assert_text(xp.matrix_transpose(&v), &["matrix_transpose: ", "[3]", "two dimensions"]);
    Ok(())
}

fn contractions<B: Namespace>(xp: &B) -> Result<()> {
    let a = xp.asarray([[1, 2, 3], [4, 5, 6]], ())?;
    let t = xp.matrix_transpose(&a)?;
    assert_eq!(xp.tensordot(&a, &a, ())?.item::<i32>()?, 91, "two axes where left out");
    assert_eq!(xp.tensordot(&a, &t, 1)?.to_vec::<i32>()?, [14, 32, 32, 77]);
    assert_eq!(xp.tensordot(&a, &a, 0)?.shape(), [2, 3, 2, 3]);
    assert_eq!(xp.tensordot(&a, &a, ([1], [1]))?.to_vec::<i32>()?, [14, 32, 32, 77]);
    assert_eq!(xp.tensordot(&a, &t, ([0, -1], [1, 0]))?.item::<i32>()?, 91);
    assert_eq!(xp.tensordot(&a, &t, (-1, 0))?.to_vec::<i32>()?, [14, 32, 32, 77]);
    let none: [i64; 0] = [];
    let scalar = xp.asarray(3, ())?;
    assert_eq!(xp.tensordot(&scalar, &a, (none, none))?.to_vec::<i32>()?, [3, 6, 9, 12, 15, 18]);
    let empty = xp.zeros([2, 0], DType::Int32)?;
    assert_eq!(xp.tensordot(&empty, &empty, ([1], [1]))?.to_vec::<i32>()?, [0; 4]);
    assert_eq!(xp.tensordot(&empty, &a, ([0], [0]))?.shape(), [0, 3]);
    let mixed = xp.tensordot(xp.asarray([1_i8], ())?, xp.asarray([255_u8], ())?, 1)?;
    assert_eq!(mixed.dtype(), DType::Int16);

    assert_text(xp.tensordot(&a, &t, ()), &["tensordot: ", "[2, 3]", "[3, 2]", "length 2"]);
    assert_text(xp.tensordot(&a, &a, 3), &["tensordot: ", "axes is 3", "0 to 2"]);
    assert_text(xp.tensordot(&a, &a, -1), &["tensordot: ", "axes is -1"]);
    assert_text(xp.tensordot(&a, &a, ([0, 1], [0])), &["tensordot: ", "2 axes of x1 and 1 of x2"]);
    assert_text(xp.tensordot(&a, &a, ([2], [0])), &["tensordot: ", "axis 2"]);
    assert_text(xp.tensordot(&a, &a, ([0, 0], [0, 1])), &["tensordot: ", "repeated"]);
    assert_text(xp.tensordot(&a, &a, ([0], [1])), &["tensordot: ", "axis 0 of x1", "axis 1"]);
    let f = xp.asarray([1.0], ())?;
    assert_text(xp.tensordot(&f, &a, 0), &["tensordot: ", "float64", "int32"]);
    assert_text(xp.tensordot(xp.asarray([true], ())?, &a, 0), &["tensordot: ", "bool"]);
    let one = xp.asarray([[1, 2, 3]], ())?;
    assert_text(xp.tensordot(&one, &a, ([0], [0])), &["length 1", "length 2"]);
    Ok(())
}

fn dots<B: Namespace>(xp: &B) -> Result<()> {
    let a = xp.asarray([[1, 2], [3, 4]], ())?;
    let v = xp.asarray([10, 1], ())?;
    assert_eq!(xp.vecdot(&a, &v, ())?.to_vec::<i32>()?, [12, 34]);
    assert_eq!(xp.vecdot(&a, &a, -2)?.to_vec::<i32>()?, [10, 20]);
    let dot = xp.vecdot(&v, &v, -1)?;
    assert_eq!((dot.shape(), dot.dtype(), dot.item::<i32>()?), (&[][..], DType::Int32, 101));
    let column = xp.expand_dims(&v, 1)?;
    assert_eq!(xp.vecdot(&column, &a, -2)?.to_vec::<i32>()?, [13, 24], "other axes broadcast");
    let z = xp.asarray([Complex::new(1.0, 2.0), Complex::new(0.0, -1.0)], ())?;
    let f = xp.asarray([1.0, 1.0], ())?;
    assert_eq!(xp.vecdot(&z, &z, ())?.item::<Complex<f64>>()?, Complex::new(6.0, 0.0));
    assert_eq!(xp.vecdot(&z, &f, ())?.item::<Complex<f64>>()?, Complex::new(1.0, -1.0));
    assert_eq!(xp.vecdot(&f, &z, ())?.item::<Complex<f64>>()?, Complex::new(1.0, 1.0));
    let wrapped = xp.vecdot(xp.asarray([100_i8], ())?, xp.asarray([2_i8], ())?, ())?;
    assert_eq!(wrapped.item::<i8>()?, -56);
    let half = xp.ones([3000], DType::Float16)?;
    assert_eq!(xp.vecdot(&half, &half, ())?.item::<f16>()?, f16::from_f32(3000.0));
    let none = xp.zeros([2, 0], DType::Float32)?;
    assert_eq!(xp.vecdot(&none, &none, ())?.to_vec::<f32>()?, [0.0, 0.0]);
    assert_eq!(xp.vecdot(&none, &none, -2)?.shape(), [0]);

    let scalar = xp.asarray(1, ())?;
    assert_text(xp.vecdot(&scalar, &v, ()), &["vecdot: ", "x1", "0-d"]);
    assert_text(xp.vecdot(&v, &scalar, ()), &["vecdot: ", "x2", "0-d"]);
    assert_text(xp.vecdot(&a, &v, 0), &["vecdot: ", "axis 0", "-1 to -1"]);
    assert_text(xp.vecdot(&a, &v, -2), &["vecdot: ", "axis -2", "-1 to -1"]);
    assert_text(xp.vecdot(&a, &a, Axis::None), &["vecdot: ", "None", "-2 to -1"]);
    let one = xp.asarray([1], ())?;
    assert_text(xp.vecdot(&a, &one, ()), &["vecdot: ", "2 and 1", "not broadcast"]);
    let three = xp.asarray([[1, 2], [1, 2], [1, 2]], ())?;
    assert_text(xp.vecdot(&a, &three, ()), &["vecdot: ", "[2, 2]", "[3, 2]"]);
    assert_text(xp.vecdot(&f, &v, ()), &["vecdot: ", "float64", "int32"]);
    assert_text(xp.vecdot(xp.asarray([true], ())?, &one, ()), &["vecdot: ", "bool"]);
    Ok(())
}

/// Sums of products over pairs of axes, by the definition.
fn contract(x1: &Nd<i64>, x2: &Nd<i64>, axes: &[(usize, usize)]) -> Nd<i64> {
    let rest = |shape: &[usize], taken: Vec<usize>| -> Vec<usize> {
        (0..shape.len()).filter(|k| !taken.contains(k)).collect()
    };
    let rest1 = rest(&x1.shape, axes.iter().map(|p| p.0).collect());
    let rest2 = rest(&x2.shape, axes.iter().map(|p| p.1).collect());
    let inner: Vec<usize> = axes.iter().map(|p| x1.shape[p.0]).collect();
    let shape: Vec<usize> =
        (rest1.iter().map(|&k| x1.shape[k])).chain(rest2.iter().map(|&k| x2.shape[k])).collect();
    Nd::from_fn(&shape, |index| {
        let (mut i, mut j) = (vec![0; x1.shape.len()], vec![0; x2.shape.len()]);
        rest1.iter().zip(index).for_each(|(&k, &n)| i[k] = n);
        rest2.iter().zip(&index[rest1.len()..]).for_each(|(&k, &n)| j[k] = n);
        indices(&inner)
            .iter()
            .map(|inner| {
                for (&(a, b), &n) in axes.iter().zip(inner) {
                    (i[a], j[b]) = (n, n);
                }
                x1.at(&i).wrapping_mul(x2.at(&j))
            })
            .fold(0, i64::wrapping_add)
    })
}

fn values(shape: &[usize], picks: &[i64], from: usize) -> Nd<i64> {
    let mut next = picks.iter().cycle().skip(from).copied();
    Nd::from_fn(shape, |_| next.next().unwrap())
}

fn against_model<B: Namespace>(
    xp: &B,
    shape: &[usize],
    other: &[usize],
    picks: &[i64],
    order: usize,
) -> Result<()> {
    // the first `common` axes of `other` replaced by those of `shape`, in another order
    let common = order % (shape.len().min(other.len()) + 1);
    let axes: Vec<(usize, usize)> =
        (0..common).map(|k| ((k + order) % shape.len(), common - 1 - k)).collect();
    let mut other = other.to_vec();
    axes.iter().for_each(|&(a, b)| other[b] = shape[a]);
    let (x1, x2) = (values(shape, picks, 0), values(&other, picks, 7));
    let written = ContractedAxes::Pairs(
        Axes::from(axes.iter().map(|p| p.0 as i64 - shape.len() as i64).collect::<Vec<_>>()),
        Axes::from(axes.iter().map(|p| p.1).collect::<Vec<_>>()),
    );
    let expected = contract(&x1, &x2, &axes);
    let (a1, a2) = (views(xp, &x1.array(xp))?, views(xp, &x2.array(xp))?);
    for (a, b) in a1.iter().zip(a2.iter().rev()) {
        assert_eq!(Nd::of(&xp.tensordot(a, b, written.clone())?), expected);
        let (f, g) = (xp.astype(a, DType::Float64, ())?, xp.astype(b, DType::Float64, ())?);
        let product = Nd::<f64>::of(&xp.tensordot(&f, &g, written.clone())?);
        assert_eq!(product.map(|v| v as i64), expected, "small integers are exact");
    }
    Ok(())
}

fn stacks<B: Namespace>(
    xp: &B,
    [m, k, n]: [usize; 3],
    stack: &[usize],
    ones: u8,
    picks: &[i64],
) -> Result<()> {
    let thin = |bit: usize| -> Vec<usize> {
        (stack.iter().enumerate())
            .map(|(k, &len)| if ones >> (2 * k + bit) & 1 == 1 { 1 } else { len })
            .collect()
    };
    let (left, right) = (thin(0), thin(1));
    let both = xp.broadcast_shapes([&left, &right])?;
    let x1 = values(&[&left[..], &[m, k]].concat(), picks, 0);
    let x2 = values(&[&right[..], &[k, n]].concat(), picks, 5);
    let fit = |index: &[usize], shape: &[usize]| -> Vec<usize> {
        index.iter().zip(shape).map(|(&i, &len)| if len == 1 { 0 } else { i }).collect()
    };
    let depth = stack.len();
    let expected = Nd::from_fn(&[&both[..], &[m, n]].concat(), |index| {
        let (outer, inner) = index.split_at(depth);
        let (i, j) = (fit(outer, &left), fit(outer, &right));
        (0..k)
            .map(|l| {
                let a = x1.at(&[&i[..], &[inner[0], l]].concat());
                a.wrapping_mul(x2.at(&[&j[..], &[l, inner[1]]].concat()))
            })
            .sum::<i64>()
    });
    for (a, b) in views(xp, &x1.array(xp))?.iter().zip(views(xp, &x2.array(xp))?.iter().rev()) {
        assert_eq!(Nd::of(&xp.matmul(a, b)?), expected);
        // the rows of x1 with the columns of x2
        let rows = xp.expand_dims(a, -2)?;
        let columns = xp.expand_dims(xp.matrix_transpose(b)?, -3)?;
        assert_eq!(Nd::of(&xp.vecdot(&rows, &columns, ())?), expected);
    }
    Ok(())
}

fn examples<B: Namespace>(xp: &B) -> Result<()> {
    products(xp)?;
    contractions(xp)?;
    dots(xp)
}

#[test]
fn by_example() -> Result<()> {
    on_each_backend!(xp => examples(xp)?);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn pairs_of_axes(
        shape in shapes(3, 4),
        other in shapes(3, 4),
        picks in prop::collection::vec(-99..99_i64, 50),
        order in 0..40_usize,
    ) {
        on_each_backend!(xp => against_model(xp, &shape, &other, &picks, order).unwrap());
    }

    #[test]
    fn stacks_of_matrices(
        lengths in prop::array::uniform3(0..6_usize),
        stack in shapes(2, 3),
        ones: u8,
        picks in prop::collection::vec(-99..99_i64, 50),
    ) {
        on_each_backend!(xp => stacks(xp, lengths, &stack, ones, &picks).unwrap());
    }
}
