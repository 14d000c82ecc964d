//! The chapter "manipulation functions": every parameter by example, and against a naive model.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use arrayspace::options::Reshape;
use arrayspace::prelude::*;
use arrayspace::{Axes, Axis, Shape};
use common::*;
use proptest::prelude::*;

/// `0, 1, 2, ...` in a shape.
fn iota<B: Namespace>(xp: &B, shape: &[usize]) -> Array<B> {
    let size: usize = shape.iter().product();
    Nd { shape: shape.to_vec(), data: (0..size as i64).collect() }.array(xp)
}

fn broadcasting<B: Namespace>(xp: &B) -> Result<()> {
    let (a, b) = (iota(xp, &[3, 1]), iota(xp, &[2]));
    let b8 = xp.asarray([7_i8, 8], ())?;
    let out = xp.broadcast_arrays([&a, &b8, &b])?;
    assert_eq!(Nd::of(&out[0]), Nd { shape: vec![3, 2], data: vec![0_i64, 0, 1, 1, 2, 2] });
    assert_eq!(Nd::of(&out[1]), Nd { shape: vec![3, 2], data: vec![7_i8, 8, 7, 8, 7, 8] });
    assert_eq!(out[2].strides(), [0, 1], "a view");
    assert!(xp.broadcast_arrays([&a; 0])?.is_empty());
    assert_text(
        xp.broadcast_arrays([&iota(xp, &[2, 3]), &iota(xp, &[2])]),
        &["broadcast_arrays: ", "[2, 3]", "[2]", "axis 1", "3 and 2"],
    );

    assert_eq!(xp.broadcast_shapes([[8, 1, 6, 1], [1, 7, 1, 5]])?, [8, 7, 6, 5]);
    assert_eq!(
        xp.broadcast_shapes([Shape::from(5), Shape::from((2, 1)), Shape::from(())])?,
        [2, 5]
    );
    assert_eq!(xp.broadcast_shapes([[0], [1]])?, [0]);
    assert_eq!(xp.broadcast_shapes(Vec::<Shape>::new())?, [0; 0]);
    assert_text(xp.broadcast_shapes([[0], [3]]), &["broadcast_shapes: ", "0 and 3"]);
    assert_text(xp.broadcast_shapes([[-1], [3]]), &["broadcast_shapes: ", "negative", "-1"]);
    let big = 1_usize << 40;
    assert_text(xp.broadcast_shapes([(big, 1), (1, big)]), &["out of memory"]);

    assert_eq!(xp.broadcast_to(&b, (2, 2))?.to_vec::<i64>()?, [0, 1, 0, 1]);
    assert_eq!(xp.broadcast_to(xp.asarray(3, ())?, [2])?.to_vec::<i32>()?, [3, 3]);
    assert_eq!(xp.broadcast_to(&a, (3, 0))?.shape(), [3, 0]);
    for shape in [Shape::from(2), Shape::from((3, 1, 2)), Shape::from((2, 2))] {
        assert_text(xp.broadcast_to(iota(xp, &[3, 2]), shape), &["broadcast_to: ", "[3, 2]"]);
    }
    assert_text(xp.broadcast_to(&b, (2, -2)), &["broadcast_to: ", "negative length -2"]);
    Ok(())
}

fn joining<B: Namespace>(xp: &B) -> Result<()> {
    let (a, b) = (iota(xp, &[1, 2]), iota(xp, &[2, 2]));
    let down = xp.concat([&a, &b], ())?;
    assert_eq!(
        Nd::<i64>::of(&xp.concat([&a, &b].as_slice(), ())?),
        Nd::of(&down),
        "a slice of references"
    );
    assert_eq!(Nd::of(&down), Nd { shape: vec![3, 2], data: vec![0_i64, 1, 0, 1, 2, 3] });
    let right = xp.concat([&b, &xp.flip(&b, ())?], -1)?;
    assert_eq!(Nd::of(&right), Nd { shape: vec![2, 4], data: vec![0_i64, 1, 3, 2, 2, 3, 1, 0] });
    let flat = xp.concat([&b, &xp.matrix_transpose(&b)?, &iota(xp, &[])], Axis::None)?;
    assert_eq!(flat.to_vec::<i64>()?, [0, 1, 2, 3, 0, 2, 1, 3, 0]);
    assert_eq!(xp.concat(vec![a.clone(), b.clone()], ())?.shape(), [3, 2], "owned arrays");
    assert_eq!(xp.concat([&b, &b], Some(1))?.shape(), [2, 4]);
    assert_eq!(xp.concat([&b, &b], None)?.shape(), [8]);
    assert_eq!(xp.concat([&iota(xp, &[0, 2]), &b], 0)?.to_vec::<i64>()?, [0, 1, 2, 3]);
    assert_eq!(xp.concat([&iota(xp, &[0, 2]), &iota(xp, &[0, 2])], 0)?.shape(), [0, 2]);

    let (i8s, u8s) = (xp.asarray([-1_i8], ())?, xp.asarray([255_u8], ())?);
    let mixed = xp.concat([&i8s, &u8s], ())?;
    assert_eq!((mixed.dtype(), mixed.to_vec::<i16>()?), (DType::Int16, vec![-1, 255]));
    let (h, b16, f) = (
        xp.asarray([half::f16::ONE], ())?,
        xp.asarray([half::bf16::ONE], ())?,
        xp.asarray([1.0_f32], ())?,
    );
    assert_eq!(xp.concat([&h, &b16, &f], ())?.dtype(), DType::Float32);
    assert_eq!(xp.stack([&i8s, &u8s], ())?.to_vec::<i16>()?, [-1, 255]);

    assert_text(xp.concat([&a; 0], ()), &["concat: ", "no arrays"]);
    assert_text(xp.concat([&h, &b16], ()), &["concat: ", "float16", "bfloat16", "astype"]);
    assert_text(xp.concat([&i8s, &f], ()), &["concat: ", "int8", "float32", "astype"]);
    assert_text(xp.concat([&a, &b], 2), &["concat: ", "axis 2", "-2 to 1"]);
    assert_text(xp.concat([&iota(xp, &[])], ()), &["concat: ", "0-d"]);
    assert_text(
        xp.concat([&a, &a, &iota(xp, &[1, 3])], 0),
        &["concat: ", "array 0", "[1, 2]", "array 2", "[1, 3]", "axis 0"],
    );
    assert_text(xp.concat([&a, &iota(xp, &[2])], 0), &["array 1", "[2]"]);
    let endless = xp.broadcast_to(xp.asarray([1], ())?, [i64::MAX])?;
    assert_text(xp.concat([&endless, &endless, &endless], 0), &["out of memory"]);
    assert_text(xp.concat([&endless, &endless], Axis::None), &["out of memory"]);

    let c = xp.reshape(&b, (2, 2), true)?;
    assert_eq!(xp.stack([&b, &c], ())?.shape(), [2, 2, 2]);
    assert_eq!(xp.stack([&b, &c], -1)?.to_vec::<i64>()?, [0, 0, 1, 1, 2, 2, 3, 3]);
    assert_eq!(xp.stack([&b, &c], 1)?.to_vec::<i64>()?, [0, 1, 0, 1, 2, 3, 2, 3]);
    assert_eq!(xp.stack([&iota(xp, &[])], 0)?.shape(), [1]);
    assert_text(xp.stack([&a; 0], ()), &["stack: ", "no arrays"]);
    assert_text(xp.stack([&a, &b], ()), &["stack: ", "array 0", "array 1", "[2, 2]", "concat"]);
    assert_text(xp.stack([&b, &b], 3), &["stack: ", "axis 3", "-3 to 2"]);
    assert_text(xp.stack([&b, &b], Axis::None), &["stack: ", "None"]);

    let parts = xp.unstack(&b, ())?;
    assert_eq!(parts.len(), 2);
    assert_eq!(parts[1].to_vec::<i64>()?, [2, 3]);
    assert_eq!(xp.unstack(&b, -1)?[0].to_vec::<i64>()?, [0, 2]);
    assert_eq!(xp.unstack(iota(xp, &[3, 0]), 0)?.len(), 3);
    assert!(xp.unstack(iota(xp, &[0, 3]), 0)?.is_empty());
    assert_text(xp.unstack(iota(xp, &[]), ()), &["unstack: ", "0-d"]);
    assert_text(xp.unstack(&b, 2), &["unstack: ", "axis 2"]);
    Ok(())
}

fn axes<B: Namespace>(xp: &B) -> Result<()> {
    let x = iota(xp, &[2, 3]);
    assert_eq!(xp.expand_dims(&x, 0)?.shape(), [1, 2, 3]);
    assert_eq!(xp.expand_dims(&x, -1)?.shape(), [2, 3, 1]);
    assert_eq!(xp.expand_dims(&x, [0, 2])?.shape(), [1, 2, 1, 3]);
    assert_eq!(xp.expand_dims(&x, [-1, -3])?.shape(), [2, 1, 3, 1]);
    assert_eq!(xp.expand_dims(&x, [0_i64; 0])?.shape(), [2, 3]);
    let most = iota(xp, &[1; 63]);
    assert_eq!(xp.expand_dims(&most, 0)?.ndim(), 64);
    assert_text(xp.expand_dims(&most, [0, 1]), &["expand_dims: ", "65 dimensions", "at most 64"]);
    assert_text(xp.expand_dims(&x, 3), &["expand_dims: ", "axis 3", "-3 to 2"]);
    assert_text(xp.expand_dims(&x, [0, -4]), &["expand_dims: ", "repeated"]);
    assert_text(xp.expand_dims(&x, ()), &["expand_dims: ", "axis is missing"]);
    let many: Vec<i64> = (0..63).collect();
    assert_text(xp.expand_dims(&x, many), &["expand_dims: ", "65", "at most 64"]);

    let y = iota(xp, &[1, 2, 1]);
    assert_eq!(xp.squeeze(&y, 0)?.shape(), [2, 1]);
    assert_eq!(xp.squeeze(&y, [-1, 0])?.shape(), [2]);
    assert_eq!(xp.squeeze(&y, [0_i64; 0])?.shape(), [1, 2, 1]);
    assert_text(xp.squeeze(&y, 1), &["squeeze: ", "axis 1", "[1, 2, 1]", "length 2"]);
    assert_text(xp.squeeze(&y, [0, 0]), &["squeeze: ", "repeated"]);
    assert_text(xp.squeeze(&y, 3), &["squeeze: ", "axis 3"]);
    assert_text(xp.squeeze(&y, ()), &["squeeze: ", "axis is missing"]);
    assert_text(xp.squeeze(iota(xp, &[0]), 0), &["squeeze: ", "length 0"]);

    let z = iota(xp, &[2, 3, 4]);
    let p = xp.permute_dims(&z, [2, 0, -2])?;
    assert_eq!(p.shape(), [4, 2, 3]);
    let expected = Nd::from_fn(&[4, 2, 3], |i| (i[1] * 12 + i[2] * 4 + i[0]) as i64);
    assert_eq!(Nd::of(&p), expected);
    assert_eq!(xp.permute_dims(iota(xp, &[]), ())?.shape(), []);
    assert_text(xp.permute_dims(&z, [0, 1]), &["permute_dims: ", "2 axes", "the 3 axes"]);
    assert_text(xp.permute_dims(&z, [0, 1, 1]), &["permute_dims: ", "axis 1 is repeated"]);
    assert_text(xp.permute_dims(&z, [0, 1, 3]), &["permute_dims: ", "axis 3"]);
    assert_text(xp.permute_dims(&z, ()), &["permute_dims: ", "permutation"]);

    assert_eq!(xp.moveaxis(&z, 0, -1)?.shape(), [3, 4, 2]);
    assert_eq!(xp.moveaxis(&z, [0, 1], [-1, 0])?.shape(), [3, 4, 2]);
    assert_eq!(xp.moveaxis(&z, [2, 0], [0, 1])?.shape(), [4, 2, 3]);
    assert_text(xp.moveaxis(&z, [0, 1], 0), &["moveaxis: ", "2 axes", "destination has 1"]);
    assert_text(xp.moveaxis(&z, [0, -3], [0, 1]), &["moveaxis: ", "repeated"]);
    assert_text(xp.moveaxis(&z, [0, 1], [1, 1]), &["moveaxis: ", "repeated"]);
    assert_text(xp.moveaxis(&z, 3, 0), &["moveaxis: ", "axis 3"]);
    assert_text(xp.moveaxis(&z, 0, 3), &["moveaxis: ", "axis 3"]);
    assert_text(xp.moveaxis(&z, (), 0), &["moveaxis: ", "source is missing"]);
    assert_text(xp.flip(&z, usize::MAX), &["flip: ", "out of range"]);
    Ok(())
}

fn order<B: Namespace>(xp: &B) -> Result<()> {
    let x = iota(xp, &[2, 3]);
    assert_eq!(xp.flip(&x, ())?.to_vec::<i64>()?, [5, 4, 3, 2, 1, 0]);
    assert_eq!(xp.flip(&x, -1)?.to_vec::<i64>()?, [2, 1, 0, 5, 4, 3]);
    assert_eq!(xp.flip(&x, [0])?.strides(), [-3, 1], "a view");
    assert_eq!(xp.flip(iota(xp, &[2, 0]), ())?.shape(), [2, 0]);
    assert_eq!(xp.flip(iota(xp, &[]), ())?.to_vec::<i64>()?, [0]);
    assert_text(xp.flip(&x, [1, -1]), &["flip: ", "axis -1 is repeated"]);
    assert_text(xp.flip(&x, 2), &["flip: ", "axis 2 is out of range", "-2 to 1"]);

    assert_eq!(xp.roll(&x, 2, ())?.to_vec::<i64>()?, [4, 5, 0, 1, 2, 3]);
    assert_eq!(xp.roll(&x, -7, ())?.to_vec::<i64>()?, [1, 2, 3, 4, 5, 0]);
    assert_eq!(xp.roll(&x, 1, 1)?.to_vec::<i64>()?, [2, 0, 1, 5, 3, 4]);
    assert_eq!(xp.roll(&x, 1, [0, 1])?.to_vec::<i64>()?, [5, 3, 4, 2, 0, 1]);
    assert_eq!(xp.roll(&x, [1, -1], [0, -1])?.to_vec::<i64>()?, [4, 5, 3, 1, 2, 0]);
    assert_eq!(xp.roll(&x, i64::MIN, 1)?.to_vec::<i64>()?, [2, 0, 1, 5, 3, 4], "-2^63 is 1 mod 3");
    assert_eq!(xp.roll(iota(xp, &[0, 3]), 1, 0)?.shape(), [0, 3]);
    assert_eq!(xp.roll(iota(xp, &[]), 1, ())?.to_vec::<i64>()?, [0]);
    let deep = iota(xp, &[2; 9]);
    let all: Vec<i64> = (0..9).collect();
    let rolled = xp.roll(&deep, 1, all)?;
    assert_eq!(rolled.to_vec::<i64>()?, (0..512).rev().collect::<Vec<_>>(), "more than one pass");
    assert_text(xp.roll(&x, [1, 2], 0), &["roll: ", "2 shifts [1, 2]", "1 axes [0]"]);
    assert_text(xp.roll(&x, [1], [0, 1]), &["roll: ", "1 shifts", "2 axes"]);
    assert_text(xp.roll(&x, [1, 2], ()), &["roll: ", "without axes"]);
    assert_text(xp.roll(&x, 1, 2), &["roll: ", "axis 2"]);
    assert_text(xp.roll(&x, 1, [0, 0]), &["roll: ", "repeated"]);
    Ok(())
}

fn reshaping<B: Namespace>(xp: &B) -> Result<()> {
    let x = iota(xp, &[2, 6]);
    assert_eq!(xp.reshape(&x, (3, 4), ())?.shape(), [3, 4]);
    assert_eq!(xp.reshape(&x, (-1, 3), ())?.shape(), [4, 3]);
    assert_eq!(xp.reshape(&x, -1, ())?.shape(), [12]);
    assert_eq!(xp.reshape(iota(xp, &[1]), (), ())?.shape(), []);
    assert_eq!(xp.reshape(iota(xp, &[0, 3]), (5, 0, 2), ())?.shape(), [5, 0, 2]);
    assert_eq!(xp.reshape(iota(xp, &[0, 3]), (2, -1), ())?.shape(), [2, 0]);

    let t = xp.matrix_transpose(&x)?;
    let expected: Vec<i64> = (0..6).flat_map(|k| [k, k + 6]).collect();
    assert_eq!(xp.reshape(&t, -1, ())?.to_vec::<i64>()?, expected);
    assert_eq!(xp.reshape(&t, -1, true)?.to_vec::<i64>()?, expected);
    assert_eq!(xp.reshape(&t, (2, 3, 2), false)?.to_vec::<i64>()?, expected);
    assert_eq!(xp.reshape(&t, (6, 2), Reshape::new().copy(true))?.strides(), [2, 1], "a copy");
    assert_eq!(xp.reshape(&t, (6, 2), ())?.strides(), [1, 6], "a view");
    assert_text(
        xp.reshape(&t, -1, false),
        &["reshape: ", "[12]", "[6, 2]", "[1, 6]", "copy=false"],
    );
    assert_text(xp.reshape(&x, (5, 3), ()), &["reshape: ", "12 elements", "[5, 3]", "15 elements"]);
    assert_text(xp.reshape(&x, (5, -1), ()), &["reshape: ", "12 elements", "5", "divide 12"]);
    assert_text(xp.reshape(&x, (-1, -1), ()), &["reshape: ", "2 lengths of -1"]);
    assert_text(xp.reshape(&x, (-2, 6), ()), &["reshape: ", "negative length -2"]);
    assert_text(xp.reshape(&x, (-2, -1), ()), &["[-2, -1]", "negative length -2"]);
    assert_text(xp.reshape(iota(xp, &[0]), (0, -1), ()), &["reshape: ", "cannot be inferred"]);
    assert_text(xp.reshape(&x, (i64::MAX, i64::MAX), ()), &["reshape: ", "out of memory"]);
    assert_text(xp.reshape(&x, vec![1_i64; 65], ()), &["reshape: ", "65 dimensions"]);
    Ok(())
}

fn repetition<B: Namespace>(xp: &B) -> Result<()> {
    let x = iota(xp, &[2, 2]);
    assert_eq!(xp.repeat(&x, 2, ())?.to_vec::<i64>()?, [0, 0, 1, 1, 2, 2, 3, 3]);
    assert_eq!(xp.repeat(&x, 2, 0)?.to_vec::<i64>()?, [0, 1, 0, 1, 2, 3, 2, 3]);
    assert_eq!(Nd::of(&xp.repeat(&x, 0, 1)?), Nd::<i64> { shape: vec![2, 0], data: vec![] });
    assert_eq!(xp.repeat(&x, 1, -1)?.to_vec::<i64>()?, [0, 1, 2, 3]);
    assert_eq!(xp.repeat(iota(xp, &[]), 3, ())?.to_vec::<i64>()?, [0, 0, 0]);
    let one = xp.asarray([3_u64], ())?;
    assert_eq!(xp.repeat(&x, &one, 1)?.shape(), [2, 6]);
    let each = xp.asarray([2_i8, 0], ())?;
    assert_eq!(xp.repeat(&x, &each, 1)?.to_vec::<i64>()?, [0, 0, 2, 2]);
    let each = xp.asarray([0_u16, 3, 0, 1], ())?;
    assert_eq!(xp.repeat(xp.flip(&x, ())?, &each, ())?.to_vec::<i64>()?, [2, 2, 2, 0]);
    for dtype in DType::ALL.into_iter().filter(|d| d.is_integer()) {
        let each = xp.asarray([1, 2], dtype)?;
        assert_eq!(xp.repeat(&x, &each, 1)?.to_vec::<i64>()?, [0, 1, 1, 2, 3, 3], "{dtype}");
    }
    let none = xp.asarray([0, 0], ())?;
    assert_eq!(xp.repeat(&x, &none, 0)?.shape(), [0, 2]);
    let no_counts = xp.asarray(Vec::<i32>::new(), ())?;
    assert_eq!(xp.repeat(iota(xp, &[0]), &no_counts, ())?.shape(), [0]);

    assert_text(xp.repeat(&x, -1, ()), &["repeat: ", "-1", "0 or more"]);
    assert_text(xp.repeat(&x, xp.asarray([1, -2], ())?, 0), &["repeat: ", "-2", "0 or more"]);
    assert_text(xp.repeat(&x, 1.5, ()), &["repeat: ", "float 1.5", "integer"]);
    assert_text(xp.repeat(&x, true, ()), &["repeat: ", "bool true", "integer"]);
    assert_text(xp.repeat(&x, xp.asarray([1.0], ())?, ()), &["repeat: ", "float64", "integer"]);
    assert_text(xp.repeat(&x, &one, 2), &["repeat: ", "axis 2"]);
    let three = xp.asarray([1, 2, 3], ())?;
    assert_text(xp.repeat(&x, &three, 0), &["repeat: ", "[3]", "[1] or [2]"]);
    assert_text(xp.repeat(&x, &three, ()), &["repeat: ", "[3]", "[1] or [4]"]);
    assert_text(xp.repeat(&x, iota(xp, &[1, 1]), ()), &["repeat: ", "[1, 1]"]);
    assert_text(xp.repeat(&x, i64::MAX, 0), &["out of memory"]);
    assert_text(xp.repeat(&x, xp.asarray([u64::MAX, 1], ())?, 0), &["out of memory"]);
    assert_text(xp.repeat(&x, xp.asarray([i64::MAX, 1], ())?, 0), &["out of memory"]);

    assert_eq!(Nd::of(&xp.tile(&x, 2)?), {
        let data = vec![0_i64, 1, 0, 1, 2, 3, 2, 3];
        Nd { shape: vec![2, 4], data }
    });
    assert_eq!(xp.tile(&x, (2, 1, 2))?.shape(), [2, 2, 4]);
    assert_eq!(xp.tile(&x, (2, 0))?.shape(), [4, 0]);
    assert_eq!(xp.tile(iota(xp, &[]), ())?.shape(), []);
    assert_eq!(xp.tile(iota(xp, &[]), (2, 1))?.to_vec::<i64>()?, [0, 0]);
    let thin = iota(xp, &[1; 64]);
    let mut counts = vec![1_i64; 64];
    counts[63] = 3;
    assert_eq!(xp.tile(&thin, &counts)?.size(), 3, "as many dimensions as there can be");
    assert_eq!(xp.repeat(&thin, 3, 63)?.size(), 3);
    assert_text(xp.tile(&x, (-1, 2)), &["tile: ", "-1", "0 or more"]);
    assert_text(xp.tile(&x, (i64::MAX, 2)), &["out of memory"]);
    assert_text(xp.tile(&x, vec![1_i64; 65]), &["tile: ", "65 dimensions"]);
    assert_text(xp.tile(&thin, vec![2_i64; 64]), &["out of memory"]);
    Ok(())
}

// Arrays without elements may have lengths whose product exceeds every number.
fn without_elements<B: Namespace>(xp: &B) -> Result<()> {
    let x = xp.reshape(iota(xp, &[0]), (4, 0, 1_i64 << 62), ())?;
    assert_eq!(xp.flip(&x, ())?.shape(), x.shape());
    assert_eq!(xp.roll(&x, 1, 0)?.shape(), x.shape());
    assert_eq!(xp.unstack(&x, 0)?.len(), 4);
    assert_eq!(xp.stack([&x, &x], 0)?.shape(), [2, 4, 0, 1 << 62]);
    assert_eq!(xp.concat([&x, &x], 0)?.shape(), [8, 0, 1 << 62]);
    assert_text(xp.concat([&x, &x], 2).and_then(|y| xp.concat([&y, &y], 2)), &["out of memory"]);
    assert_eq!(xp.repeat(&x, 2, 0)?.shape(), [8, 0, 1 << 62]);
    assert_eq!(xp.tile(&x, (1, 2, 1))?.shape(), x.shape());
    let counts = xp.asarray([1, 0, 2, 0], ())?;
    assert_eq!(xp.repeat(&x, &counts, 0)?.shape(), [3, 0, 1 << 62]);
    assert_eq!(xp.broadcast_to(&x, (2, 4, 0, 1_i64 << 62))?.size(), 0);
    Ok(())
}

fn round_trips<B: Namespace>(xp: &B, x: &Nd<i64>, seed: usize, negative: bool) -> Result<()> {
    for a in views(xp, &x.array(xp))? {
        assert_eq!(Nd::of(&a), *x);
        assert_eq!(Nd::of(&xp.flip(xp.flip(&a, ())?, ())?), *x);
        let flat = xp.reshape(&a, -1, ()).or_else(|_| xp.reshape(&a, [0], ()))?;
        assert_eq!(flat.to_vec::<i64>()?, x.data);
        assert_eq!(Nd::of(&xp.reshape(&flat, a.shape(), ())?), *x);
        let shift = seed as i64 - 7;
        assert_eq!(Nd::of(&xp.roll(xp.roll(&a, shift, ())?, -shift, ())?), *x);
        if a.ndim() == 0 {
            continue;
        }
        let (axis, written) = some_axis(a.ndim(), seed, negative);
        let (to, _) = some_axis(a.ndim(), seed / 5, negative);
        let moved = xp.moveaxis(&a, written, to)?;
        assert_eq!(Nd::of(&xp.moveaxis(&moved, to, written)?), *x);
        assert_eq!(Nd::of(&xp.roll(xp.roll(&a, shift, written)?, -shift, axis)?), *x);
        assert_eq!(Nd::of(&xp.squeeze(xp.expand_dims(&a, axis)?, axis)?), *x);
        let parts = xp.unstack(&a, written)?;
        if !parts.is_empty() {
            assert_eq!(Nd::of(&xp.stack(&parts, axis)?), *x);
            let slices: Vec<_> =
                parts.iter().map(|p| xp.expand_dims(p, axis)).collect::<Result<_>>()?;
            assert_eq!(Nd::of(&xp.concat(&slices, written)?), *x);
        }
    }
    Ok(())
}

fn moves<B: Namespace>(xp: &B, x: &Nd<i64>, shift: i64, choice: u8, signs: u8) -> Result<()> {
    let (axes, written) = some_axes(x.shape.len(), choice, signs);
    let flipped = Nd::from_fn(&x.shape, |index| {
        let place = |(k, &i)| if axes.contains(&k) { x.shape[k] - 1 - i } else { i };
        x.at(&index.iter().enumerate().map(place).collect::<Vec<_>>())
    });
    let rolled = Nd::from_fn(&x.shape, |index| {
        let place = |(k, &i): (usize, &usize)| {
            if !axes.contains(&k) {
                return i;
            }
            (i as i64 - shift).rem_euclid(x.shape[k] as i64) as usize
        };
        x.at(&index.iter().enumerate().map(place).collect::<Vec<_>>())
    });
    for a in views(xp, &x.array(xp))? {
        assert_eq!(Nd::of(&xp.flip(&a, written.clone())?), flipped);
        assert_eq!(Nd::of(&xp.roll(&a, shift, written.clone())?), rolled);
    }
    let mut flat = x.data.clone();
    if !flat.is_empty() {
        let by = shift.rem_euclid(flat.len() as i64) as usize;
        flat.rotate_right(by);
    }
    assert_eq!(xp.roll(x.array(xp), shift, Axes::All)?.to_vec::<i64>()?, flat);
    Ok(())
}

fn repeats<B: Namespace>(xp: &B, x: &Nd<i64>, counts: &[usize], seed: usize) -> Result<()> {
    let cycle = |n: usize| -> Vec<i64> { (0..n).map(|k| counts[k % 4] as i64).collect() };
    let stretch = |line: &[i64], by: &[i64]| -> Vec<i64> {
        line.iter().zip(by).flat_map(|(&v, &n)| vec![v; n as usize]).collect()
    };
    let ndim = x.shape.len();
    let tiles: Vec<i64> = counts[..seed % 4].iter().map(|&n| n as i64).collect();
    let depth = ndim.max(tiles.len());
    let mut padded = vec![1; depth - ndim];
    padded.extend(&x.shape);
    let old = Nd { shape: padded.clone(), data: x.data.clone() };
    let mut shape = padded.clone();
    for (k, &n) in tiles.iter().enumerate() {
        shape[depth - tiles.len() + k] *= n as usize;
    }
    let tiled = Nd::from_fn(&shape, |index| {
        old.at(&index.iter().zip(&padded).map(|(&i, &n)| i % n).collect::<Vec<_>>())
    });
    for a in views(xp, &x.array(xp))? {
        assert_eq!(Nd::of(&xp.tile(&a, &tiles[..])?), tiled);
        let by = cycle(x.data.len());
        let out = xp.repeat(&a, xp.asarray(by.clone(), ())?, ())?;
        assert_eq!(out.to_vec::<i64>()?, stretch(&x.data, &by));
        let twice = vec![counts[0] as i64; x.data.len()];
        assert_eq!(xp.repeat(&a, counts[0], ())?.to_vec::<i64>()?, stretch(&x.data, &twice));
        if ndim == 0 {
            continue;
        }
        let (axis, written) = some_axis(ndim, seed, seed.is_multiple_of(2));
        let by = cycle(x.shape[axis]);
        let len = by.iter().sum::<i64>() as usize;
        let expected = x.map_lines(axis, len, |line| stretch(line, &by));
        assert_eq!(Nd::of(&xp.repeat(&a, xp.asarray(by, ())?, written)?), expected);
        let by = vec![counts[1] as i64; x.shape[axis]];
        let expected = x.map_lines(axis, x.shape[axis] * counts[1], |line| stretch(line, &by));
        assert_eq!(Nd::of(&xp.repeat(&a, counts[1], axis)?), expected);
        let mut doubled = x.map_lines(axis, 2 * x.shape[axis], |line| [line, line].concat());
        assert_eq!(Nd::of(&xp.concat([&a, &x.array(xp)], written)?), doubled);
        doubled.shape.insert(axis, 2);
        doubled.shape[axis + 1] /= 2;
        assert_eq!(Nd::of(&xp.stack([&a, &a], axis)?), doubled);
    }
    Ok(())
}

fn examples<B: Namespace>(xp: &B) -> Result<()> {
    broadcasting(xp)?;
    joining(xp)?;
    axes(xp)?;
    order(xp)?;
    reshaping(xp)?;
    repetition(xp)?;
    without_elements(xp)
}

#[test]
fn by_example() -> Result<()> {
    on_each_backend!(xp => examples(xp)?);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn there_and_back(x in arrays(-99..99_i64, 4, 4), seed in 0..40_usize, negative: bool) {
        on_each_backend!(xp => round_trips(xp, &x, seed, negative).unwrap());
    }

    #[test]
    fn flips_and_rolls(x in arrays(-99..99_i64, 4, 4), shift in -9..9_i64, choice: u8, signs: u8) {
        on_each_backend!(xp => moves(xp, &x, shift, choice, signs).unwrap());
    }

    #[test]
    fn repeats_and_tiles(
        x in arrays(-99..99_i64, 3, 4),
        counts in prop::collection::vec(0..4_usize, 4),
        seed in 0..40_usize,
    ) {
        on_each_backend!(xp => repeats(xp, &x, &counts, seed).unwrap());
    }
}

#[test]
fn axes_and_shifts_are_tuples_as_shapes_are() -> Result<()> {
    let xp = &Cpu::new();
    let x = iota(xp, &[2, 3, 4]);
    assert_eq!(Axes::from((0_usize, -1)), Axes::from([0, -1]));
    assert_eq!(xp.permute_dims(&x, (2, 0, 1))?.shape(), [4, 2, 3]);
    assert_eq!(xp.sum(&x, (0, 2))?.to_vec::<i64>()?, xp.sum(&x, [0, 2])?.to_vec::<i64>()?);
    assert_eq!(Nd::<i64>::of(&xp.flip(&x, (0, 2))?), Nd::of(&xp.flip(&x, [0, 2])?));
    let rolled = xp.roll(&x, (1, -1), (0, 2))?;
    assert_eq!(Nd::<i64>::of(&rolled), Nd::of(&xp.roll(&x, [1, -1], [0, 2])?));
    let pairs = xp.tensordot(&x, &x, ((0, 1), (0, 1)))?;
    assert_eq!(Nd::<i64>::of(&pairs), Nd::of(&xp.tensordot(&x, &x, ([0, 1], [0, 1]))?));
    Ok(())
}
