//! What functions take: every integer type, lists and tuples, `()` and `None`, `axis(...)`, in every place where
//! an axis, a shape, a count, an index or a list of arrays goes; and the functions as methods.
#![cfg(feature = "cpu")]
#![allow(
    clippy::map_clone,
    clippy::needless_borrows_for_generic_args,
    clippy::reversed_empty_ranges,
    reason = "forms that users write"
)]

use std::collections::BTreeSet;

use arrayspace::options::{Cumulative, Diff, Eye, Norm, Sort, Transform, VectorNorm, length};
use arrayspace::prelude::*;
use arrayspace::{ArrayLike, Scalar, Slice};

fn xp() -> Cpu {
    Cpu::new()
}

/// `[[0, 1, 2], [3, 4, 5]]` in float64.
fn grid() -> Array<Cpu> {
    xp().asarray([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]], ()).unwrap()
}

/// Asserts that each of the calls, written once with `_` in the place of an argument, gives the same for each of
/// the arguments.
macro_rules! same {
    ($(|$x:ident| $call:expr => $($argument:expr),+;)*) => { $({
        let results = [$({
            let $x = $argument;
            let result: Array<Cpu> = $call.unwrap_or_else(|e| {
                panic!("{} of {}: {e}", stringify!($call), stringify!($argument))
            });
            (stringify!($argument), result.shape().to_vec(), format!("{result}"))
        }),+];
        for (argument, shape, text) in &results {
            assert_eq!(
                (shape, text), (&results[0].1, &results[0].2),
                "{} of {argument} and of {}", stringify!($call), results[0].0
            );
        }
    })* };
}

/// The same number in every integer type.
macro_rules! every_integer {
    (|$x:ident| $call:expr => $n:literal) => {
        same! { |$x| $call => $n, $n as i8, $n as i16, $n as i64, $n as isize,
        $n as u8, $n as u16, $n as u32, $n as u64, $n as usize; }
    };
}

#[test]
fn integers_of_every_type() -> Result<()> {
    let (xp, x) = (xp(), grid());
    let square = xp.eye(2, (), ())?;
    let spectrum = xp.astype(&x, DType::Complex128, ())?;
    every_integer!(|n| xp.zeros(n, ()) => 3);
    every_integer!(|n| xp.zeros((n, 2), ()) => 3);
    every_integer!(|n| xp.zeros([n, n], ()) => 3);
    every_integer!(|n| xp.zeros(vec![n], ()) => 3);
    every_integer!(|n| xp.zeros(&[n][..], ()) => 3);
    every_integer!(|n| xp.zeros(&[n], ()) => 3);
    every_integer!(|n| xp.zeros(&vec![n], ()) => 3);
    every_integer!(|n| xp.eye(n, n, Eye::new().k(n)) => 3);
    every_integer!(|n| xp.linspace(0, 1, n, ()) => 3);
    every_integer!(|n| xp.arange(n, (), (), ()) => 3);
    every_integer!(|n| xp.sum(&x, n) => 1);
    every_integer!(|n| xp.sum(&x, [n]) => 1);
    every_integer!(|n| xp.sum(&x, vec![n]) => 1);
    every_integer!(|n| xp.sum(&x, axis(n)) => 1);
    every_integer!(|n| xp.sum(&x, axis((n, 0))) => 1);
    every_integer!(|n| xp.argmax(&x, n) => 1);
    every_integer!(|n| xp.sort(&x, n) => 1);
    every_integer!(|n| xp.sort(&x, axis(n).descending(true)) => 1);
    every_integer!(|n| xp.argsort(&x, Sort::new().axis(n)) => 1);
    every_integer!(|n| xp.cumulative_sum(&x, n) => 1);
    every_integer!(|n| xp.cumulative_prod(&x, Cumulative::new().axis(n)) => 1);
    every_integer!(|n| xp.diff(&x, n) => 1);
    every_integer!(|n| xp.diff(&x, Diff::new().n(n)) => 1);
    every_integer!(|n| xp.triu(&x, n) => 1);
    every_integer!(|n| xp.tril(&x, n) => 1);
    every_integer!(|n| xp.concat((&x, &x), n) => 1);
    every_integer!(|n| xp.stack([&x, &x], n) => 1);
    every_integer!(|n| xp.take(&x, &xp.asarray([0, 1], ())?, n) => 1);
    every_integer!(|n| xp.expand_dims(&x, n) => 1);
    every_integer!(|n| xp.flip(&x, n) => 1);
    every_integer!(|n| xp.roll(&x, n, 0) => 1);
    every_integer!(|n| xp.roll(&x, [n], [n]) => 1);
    every_integer!(|n| xp.moveaxis(&x, n, 0) => 1);
    every_integer!(|n| xp.permute_dims(&x, (n, 0)) => 1);
    every_integer!(|n| xp.reshape(&x, (n, -1), ()) => 3);
    every_integer!(|n| xp.repeat(&x, 2, n) => 1);
    every_integer!(|n| xp.tile(&x, n) => 2);
    every_integer!(|n| xp.vecdot(&x, &x, n as i64 - 2) => 1);
    every_integer!(|n| xp.tensordot(&x, xp.matrix_transpose(&x)?, n) => 1);
    every_integer!(|n| xp.broadcast_to(1.0.to_array(&xp, ().into())?, (n, 2)) => 3);
    every_integer!(|n| x.get(n) => 1);
    every_integer!(|n| x.get((0, n)) => 1);
    every_integer!(|n| x.get([n, 0]) => 1);
    every_integer!(|n| x.get(n..) => 1);
    every_integer!(|n| x.get((.., ..n)) => 1);
    every_integer!(|n| x.get((.., ..=n)) => 1);
    every_integer!(|n| x.get((.., 0..n)) => 1);
    every_integer!(|n| x.get((.., 0..=n)) => 1);
    every_integer!(|n| xp.fft().rfft(&x, length(n)) => 4);
    every_integer!(|n| xp.fft().irfft(&spectrum, Transform::new().n(n)) => 4);
    every_integer!(|n| xp.fft().fft(&spectrum, axis(n)) => 1);
    every_integer!(|n| xp.fft().fft(&spectrum, axis(0).length(n)) => 4);
    every_integer!(|n| xp.fft().fftn(&spectrum, n) => 1);
    every_integer!(|n| xp.fft().fftshift(&x, n) => 1);
    every_integer!(|n| xp.fft().fftfreq(n, ()) => 4);
    every_integer!(|n| xp.fft().rfftfreq(n, 0.5) => 4);
    every_integer!(|n| xp.linalg().vector_norm(&x, n) => 1);
    every_integer!(|n| xp.linalg().matrix_norm(&x, n) => 1);
    every_integer!(|n| xp.linalg().matrix_power(&square, n) => 3);
    every_integer!(|n| xp.linalg().diagonal(&x, n) => 1);
    every_integer!(|n| xp.linalg().trace(&x, n) => 1);
    Ok(())
}

#[test]
fn axes_in_every_form() -> Result<()> {
    let (xp, x) = (xp(), grid());
    let z = xp.astype(&x, DType::Complex128, ())?;
    let (la, fft) = (xp.linalg(), xp.fft());
    same! {
        |a| xp.sum(&x, a) => (), None, (0, 1), [0, 1], vec![0, 1], &[1, 0][..], (-1, 0_usize), axis(()), axis((0, 1));
        |a| xp.max(&x, a) => 1, -1, Some(1), (1,), [1], axis(1), axis(Some(-1)), axis([1]);
        |a| xp.any(&x, a) => axis(0).keepdims(true), arrayspace::options::Reduction::new().axis(0).keepdims(true);
        |a| xp.argmin(&x, a) => (), None;
        |a| xp.sort(&x, a) => (), -1, 1, axis(1), axis(-1), axis(());
        |a| xp.sort(&x, a) => 0, axis(0), Sort::new().axis(0), axis(0).stable(true);
        |a| xp.cumulative_sum(x.get(0)?, a) => (), None, 0, axis(0), axis(None);
        |a| xp.diff(&x, a) => (), 1, -1, axis(1), Diff::new().axis(1).n(1);
        |a| xp.flip(&x, a) => (), None, (0, 1), axis((0, 1));
        |a| xp.concat((&x, &x), a) => (), 0, axis(0), axis(-2);
        |a| xp.concat((&x, &x), a) => None, axis(None);
        |a| xp.squeeze(xp.expand_dims(&x, (0, 1))?, a) => (0, 1), [0, 1], axis((0, 1));
        |a| xp.permute_dims(&x, a) => (1, 0), [1, 0], vec![1, 0], axis((1, 0));
        |a| la.vector_norm(&x, a) => (), None, (0, 1), axis((0, 1)), VectorNorm::new();
        |a| la.vector_norm(&x, a) => -1, axis(1), axis(-1).ord(2.0);
        |a| la.cross(&x, &x, a) => (), -1, axis(-1);
        |a| fft.fft(&z, a) => (), axis(1), axis(-1), length(3), Norm::Backward, axis(-1).length(3), axis(1).norm(Norm::Backward);
        |a| fft.fftn(&z, a) => (), (0, 1), axis((0, 1)), [0, 1];
        |a| fft.fftshift(&x, a) => (), (0, 1), axis((0, 1)), None;
        |a| la.matrix_norm(&x, a) => 2, 2.0, arrayspace::options::MatrixOrd::Number(2.0);
    }
    // an axis for a function that takes one may not be none
    let e = xp.sort(&x, axis(None)).unwrap_err().to_string();
    assert!(e.contains("sort: the axis None was given"), "{e}");
    let e = la.cross(&x, &x, axis(None)).unwrap_err().to_string();
    assert!(e.contains("cross: the axis None was given"), "{e}");
    Ok(())
}

#[test]
fn what_may_be_left_out() -> Result<()> {
    let (xp, x) = (xp(), grid());
    same! {
        |n| xp.arange(5, n, n, ()) => (), ();
        |s| xp.arange(s, (), (), ()) => 0..5, 0_u8..5_u8, 0_i64..5, 5;
        |s| xp.arange(s, None, 0.5, ()) => 0.0..2.5, Scalar::Float(0.0)..Scalar::Float(2.5);
        |n| xp.eye(3, n, ()) => (), 3;
        |m| xp.clip(&x, m, 3) => (), xp.asarray(0.0, ())?;
        |m| xp.clip(&x, 1, m) => (), 5, 5.0;
    }
    assert_eq!(xp.arange(2..5, None, None, ())?.to_vec::<i64>()?, [2, 3, 4]);
    assert_eq!(xp.arange(5..2, (), -1, ())?.to_vec::<i64>()?, [5, 4, 3]);
    assert_eq!(xp.clip(&x, None, None)?.to_vec::<f64>()?, x.to_vec::<f64>()?);
    let e = xp.arange(0..5, 9, (), ()).unwrap_err().to_string();
    assert!(e.contains("arange: stop is 9, but the range 0..5 was given"), "{e}");
    Ok(())
}

#[test]
fn lists_of_arrays() -> Result<()> {
    let (xp, x) = (xp(), grid());
    let parts = vec![x.clone(), x.clone()];
    same! {
        |list| xp.concat(list, 0) =>
            (&x, &x), (x.clone(), &x), [&x, &x], [x.clone(), x.clone()], &[&x, &x], &[x.clone(), x.clone()],
            vec![&x, &x], &parts, &parts[..], parts.clone(), parts.iter(), parts.clone().into_iter(),
            parts.iter().map(|x| x.clone()), parts.iter().rev(), parts.iter().take(2), parts.iter().cloned(),
            parts[..1].iter().chain(&parts[1..]);
        |list| xp.stack(list, 0) => (&x,), [&x], std::iter::once(&x);
    }
    assert_eq!(xp.broadcast_arrays((&x, x.get(0)?))?.len(), 2);
    let (a, b) = (xp.arange(2, (), (), ())?, xp.arange(3, (), (), ())?);
    assert_eq!(xp.meshgrid((&a, &b, &a, &b, &a, &b, &a, &b), ())?.len(), 8);
    Ok(())
}

#[test]
fn lists_of_indices() -> Result<()> {
    let (xp, mut x) = (xp(), grid());
    let rows = xp.asarray([1, -2], ())?;
    same! {
        |i| x.get(i) => &rows, [1, -2], vec![1, 0], &[1, 0], &[1_i8, 0][..], &vec![1, 0], s![[1, -2]], ([1, 0], ..);
        |i| x.get((0, i)) => [2, 0], vec![2_usize, 0], xp.asarray([2, 0], ())?;
        |i| x.get(([0, 1], i)) => [2, 0], xp.asarray([2, 0], ())?;
        |i| x.get(i) => (0, 1), (0_u8, 1_i64), s![0, 1];
        |i| x.get(i) => s![.., ..; -1], (.., Slice::from(..).step(-1));
    }
    assert_eq!(x.get(Vec::<i64>::new())?.shape(), [0, 3]);
    let e = x.get([0, 2]).unwrap_err();
    assert!(matches!(e, Error::Index(_)), "{e}");
    x.set((.., [0, 2]), 9)?;
    assert_eq!(x.to_vec::<f64>()?, [9.0, 1.0, 9.0, 9.0, 4.0, 9.0]);
    Ok(())
}

/// `let xp = x.namespace()` borrows nothing: `x` may be given away.
#[test]
fn the_namespace_of_an_array_is_a_value() -> Result<()> {
    fn generic<N: Namespace>(x: Array<N>) -> Result<Array<N>> {
        let xp = x.namespace();
        let (la, fft) = (x.namespace().linalg(), xp.fft());
        let y = xp.square(x)?;
        let z = fft.rfft(&y, ())?;
        xp.add(la.vector_norm(&y, ())?, xp.sum(xp.abs(z)?, ())?)
    }
    assert_eq!(generic(xp().asarray([1.0, 1.0], ())?)?.item::<f64>()?, 2.0_f64.sqrt() + 2.0);
    Ok(())
}

#[test]
fn functions_are_methods() -> Result<()> {
    let x = grid();
    let z = (&x - x.mean(())?) / x.std(())?;
    assert!((z.std(())?.item::<f64>()? - 1.0).abs() < 1e-15);
    assert_eq!(x.reshape((3, 2), ())?.sum(0)?.to_vec::<f64>()?, [6.0, 9.0]);
    assert_eq!(x.add(1)?.max(())?.item::<f64>()?, 6.0);
    assert_eq!(x.clip(1, 3)?.unique_values()?.size(), 3);
    assert_eq!(x.greater(2)?.where_(&x, 0)?.to_vec::<f64>()?, [0.0, 0.0, 0.0, 3.0, 4.0, 5.0]);
    assert_eq!(x.astype(DType::Int8, ())?.dtype(), DType::Int8);
    let e = x.sum(7).unwrap_err().to_string();
    assert!(e.starts_with("sum: axis 7"), "{e}");
    Ok(())
}

/// Every function of the namespace that takes an array first is a method, with the same arguments.
#[test]
fn no_method_is_missing() {
    let read = |file: &str| {
        std::fs::read_to_string(format!("{}/src/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    let (namespace, methods) = (read("namespace/mod.rs"), read("array/methods.rs"));
    let first_words = |text: &str| -> Vec<String> {
        let parameters = text.split(", ").filter(|p| p.contains(": "));
        parameters.map(|p| p.split(':').next().unwrap_or(p).trim().to_owned()).collect()
    };
    let table = methods.split("\nmethods! {").nth(1).expect("the table");
    let table: BTreeSet<(String, Vec<String>)> = (table.lines())
        .filter_map(|line| line.trim().split_once('('))
        .map(|(name, rest)| (name.to_owned(), first_words(rest.split(')').next().unwrap())))
        .collect();
    // those that make another array are no methods of one
    let creates = |name: &str| name.ends_with("_like") || name == "from_dlpack";
    let mut expected = BTreeSet::new();
    for function in namespace.split("\n    fn ").skip(1) {
        let (head, _) = function.split_once(" {\n").unwrap();
        let name = head.split(['<', '(']).next().unwrap();
        let arguments = head[head.find('(').unwrap() + 1..].split(") ->").next().unwrap();
        let arguments: String = arguments.split_whitespace().collect::<Vec<_>>().join(" ");
        let list: Vec<&str> = arguments.split(", ").filter(|a| a.contains(": ")).collect();
        let Some(first) = list.first() else { continue };
        let takes_array = ["x", "x1", "condition"].contains(&first.split(':').next().unwrap());
        if takes_array && !creates(name) {
            let names = list[1..].iter().map(|a| a.split(':').next().unwrap().trim().to_owned());
            expected.insert((name.to_owned(), names.collect::<Vec<_>>()));
        }
    }
    assert!(expected.len() > 100, "{}", expected.len());
    assert_eq!(table, expected);
}
