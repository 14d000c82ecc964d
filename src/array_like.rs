//! What `asarray` takes: arrays of any backend, and Rust's scalars, nested arrays, slices and vectors.
//!
//! Nested data goes through [`Nested`], whose methods work on slices of rows: a level of arrays hands
//! its flattened elements to the next level at once, so that the elements of `[[T; N]; M]` or a
//! `Vec<[T; N]>` are moved as one block and never one by one.

use std::any::Any;
use std::borrow::Cow;

use arrayspace_core::{
    Backend, DType, Device, DeviceKind, Dims, Element, Error, HostMemory, Layout, OpClass, Program,
    Result, Scalar, with_element,
};
use half::{bf16, f16};
use num_complex::Complex;

use crate::Array;
use crate::compute::{capabilities, check_supported, filled};
use crate::options::AsArray;

/// What [`asarray`](crate::Namespace::asarray) makes an array of backend `B` from.
///
/// Arrays of any backend, borrowed or owned; [`Nested`] Rust data; a [`Scalar`], whose dtype is the
/// default of its kind. Implement it for a container of your own to let `asarray` take it.
#[diagnostic::on_unimplemented(
    message = "`asarray` makes no array of a `{Self}`",
    label = "neither an array nor elements",
    note = "it takes arrays, scalars, and arrays, slices and vectors of scalars, nested to any depth, whose \
            elements are of one type; of an iterator, make a `Vec` first with `collect`"
)]
pub trait ArrayLike<B: Backend> {
    /// The array.
    ///
    /// # Errors
    /// Those of [`asarray`](crate::Namespace::asarray).
    fn to_array(self, xp: &B, options: AsArray) -> Result<Array<B>>;
}

impl<B: Backend, C: Backend> ArrayLike<B> for &Array<C> {
    fn to_array(self, xp: &B, options: AsArray) -> Result<Array<B>> {
        match (self as &dyn Any).downcast_ref::<Array<B>>() {
            Some(x) => same_backend(x, options),
            None => other_backend(self, xp, options),
        }
    }
}

impl<B: Backend, C: Backend> ArrayLike<B> for Array<C> {
    fn to_array(self, xp: &B, options: AsArray) -> Result<Array<B>> {
        (&self).to_array(xp, options)
    }
}

impl<B: Backend> ArrayLike<B> for Scalar {
    fn to_array(self, xp: &B, options: AsArray) -> Result<Array<B>> {
        never_without_copy(&options, "a scalar")?;
        let device = options.device.unwrap_or_else(|| B::primary_device(xp));
        let dtype = match options.dtype {
            Some(dtype) => dtype,
            None => default_dtype(xp, self, device)?,
        };
        filled(xp, self.checked_for(dtype)?, &[], dtype, device)
    }
}

impl<B: Backend, T: Nested> ArrayLike<B> for T {
    fn to_array(self, xp: &B, options: AsArray) -> Result<Array<B>> {
        let device = options.device.unwrap_or_else(|| B::primary_device(xp));
        let from = T::Element::DTYPE;
        let dtype = options.dtype.unwrap_or(from);
        if !T::OWNED || dtype != from || device.kind() != DeviceKind::Cpu {
            never_without_copy(&options, "this input (only an owned vector is adopted)")?;
        }
        let there = capabilities(xp, device)?.dtypes(OpClass::Storage).contains(from);
        check_supported(xp, device, OpClass::Storage, dtype)?;
        let shape = shape_of(&self)?;
        let size = Layout::contiguous(&shape)?.size();
        let elements = if T::OWNED {
            T::flatten(vec![self])
        } else {
            let mut elements = vec_for(size)?;
            T::append(std::slice::from_ref(&self), &mut elements);
            elements
        };
        if !there && dtype != from {
            let mut values = elements.iter().map(|&x| x.to_scalar());
            let bytes = converted(&mut values, size, from, dtype)?;
            let buffer = B::upload(xp, &bytes, dtype, device)?;
            return Array::from_buffer(xp, buffer, &shape, dtype, device);
        }
        check_supported(xp, device, OpClass::Storage, from)?;
        let buffer = if options.copy == Some(true) {
            B::upload(xp, T::Element::as_bytes(&elements), from, device)?
        } else {
            B::adopt(xp, HostMemory::from_vec(elements), from, device)?
        };
        let x = Array::from_buffer(xp, buffer, &shape, from, device)?;
        if dtype == from { Ok(x) } else { x.cast(dtype) }
    }
}

/// The bytes of `len` values of dtype `from` in another one: what `astype` makes of them, for devices that do
/// not have their dtype.
fn converted(
    values: &mut dyn Iterator<Item = Scalar>,
    len: usize,
    from: DType,
    dtype: DType,
) -> Result<Vec<u8>> {
    // whether there is such a conversion
    let mut p = Program::new();
    let x = p.input(from)?;
    p.cast(x, dtype)?;
    let mut bytes = vec_for(len.saturating_mul(dtype.item_size()))?;
    let fit = |value: Scalar| match value {
        Scalar::Float(_) if dtype.is_integer() => {
            let (least, most) = Scalar::int_range(dtype);
            Scalar::Int(value.to_int().clamp(least, most))
        }
        other => other,
    };
    with_element!(dtype, T => {
        values.for_each(|v| bytes.extend_from_slice(T::as_bytes(&[T::from_scalar(fit(v))])));
    });
    Ok(bytes)
}

/// The dtype that a creation function gives a scalar.
pub(crate) fn default_dtype<B: Backend>(xp: &B, value: Scalar, device: Device) -> Result<DType> {
    let defaults = capabilities(xp, device)?.defaults;
    Ok(match value {
        Scalar::Bool(_) => DType::Bool,
        Scalar::Int(_) => defaults.integral,
        Scalar::Float(_) => defaults.real_floating,
        Scalar::Complex(_) => defaults.complex_floating,
    })
}

/// An empty vector with room for this many elements.
pub(crate) fn vec_for<T>(len: usize) -> Result<Vec<T>> {
    let mut out = Vec::new();
    out.try_reserve_exact(len)
        .map_err(|_| Error::out_of_memory(len.checked_mul(size_of::<T>())))?;
    Ok(out)
}

/// An error if the caller forbids the copy that is needed.
fn never_without_copy(options: &AsArray, what: &str) -> Result<()> {
    if options.copy == Some(false) {
        return Err(Error::value(format_args!(
            "copy is false, but {what} cannot become an array of the dtype and device asked for \
             without a copy; leave copy out, or pass true"
        )));
    }
    Ok(())
}

/// An array of this backend: shared unless dtype, device or `copy` ask for another.
fn same_backend<B: Backend>(x: &Array<B>, options: AsArray) -> Result<Array<B>> {
    let device = options.device.unwrap_or(x.device);
    let dtype = options.dtype.unwrap_or(x.dtype);
    if device != x.device || dtype != x.dtype {
        never_without_copy(&options, "this array")?;
    }
    x.converted(dtype, device, options.copy == Some(true))
}

/// An array of another backend: through the memory of the host.
fn other_backend<B: Backend, C: Backend>(
    x: &Array<C>,
    xp: &B,
    options: AsArray,
) -> Result<Array<B>> {
    never_without_copy(&options, "an array of another backend")?;
    let device = options.device.unwrap_or_else(|| B::primary_device(xp));
    let dtype = options.dtype.unwrap_or(x.dtype);
    check_supported(xp, device, OpClass::Storage, dtype)?;
    // the conversion is done where both dtypes are known
    let there = capabilities(&x.backend, x.device)?.dtypes(OpClass::Map).contains(dtype);
    let x = if there { Cow::Owned(x.cast(dtype)?) } else { Cow::Borrowed(x) };
    check_supported(xp, device, OpClass::Storage, x.dtype)?;
    let buffer = B::upload(xp, &x.host_bytes()?, x.dtype, device)?;
    Array::from_buffer(xp, buffer, x.shape(), x.dtype, device)?.cast(dtype)
}

/// Rust data of elements of one type: a scalar, or arrays, slices and vectors of them, nested to any
/// depth. `isize` and `usize` become int64, as all integers without a dtype do; a `usize` beyond its range is
/// an error (as `u64` it becomes uint64).
///
/// ```
/// # #[cfg(feature = "cpu")] {
/// # use arrayspace::prelude::*;
/// # let xp = Cpu::new();
/// assert_eq!(xp.asarray([[1, 2, 3], [4, 5, 6]], ())?.shape(), [2, 3]);
/// assert_eq!(xp.asarray(vec![[0.5_f32; 4]; 3], ())?.shape(), [3, 4]);
/// assert_eq!(xp.asarray(&[1.0, 2.0][..], ())?.dtype(), DType::Float64);
/// assert_eq!(xp.asarray(true, ())?.shape(), []);
/// let e = xp.asarray(vec![vec![1, 2], vec![3]], ()).unwrap_err();
/// assert!(e.to_string().contains("row [1] has 1 element"));
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`asarray` makes no array of a `{Self}`",
    label = "neither an array nor elements",
    note = "it takes arrays, scalars, and arrays, slices and vectors of scalars, nested to any depth, whose \
            elements are of one type; of an iterator, make a `Vec` first with `collect`"
)]
pub trait Nested: Sized {
    /// The type of the elements.
    type Element: Element;

    /// Levels of nesting: 0 for a scalar.
    const DEPTH: usize;

    /// Whether the elements lie in the value itself.
    const INLINE: bool = false;

    /// Whether the elements lie in one block of the heap, which [`flatten`](Nested::flatten) hands on.
    const OWNED: bool = false;

    /// Tells `measure` the length of each of these values. They are at `level`, and the first of them
    /// is number `first` of it in row-major order.
    ///
    /// # Errors
    /// [`Error::Shape`] if their lengths differ, [`Error::Value`] for a scalar that `Element` cannot hold.
    fn measure(rows: &[Self], level: usize, first: usize, measure: &mut Measure) -> Result<()>;

    /// Appends the elements of these values, in row-major order.
    fn append(rows: &[Self], out: &mut Vec<Self::Element>);

    /// The elements of these values, in row-major order.
    fn flatten(rows: Vec<Self>) -> Vec<Self::Element> {
        let mut out = Vec::new();
        Self::append(&rows, &mut out);
        out
    }
}

/// The shape of [`Nested`] data as far as it is known.
#[derive(Debug)]
pub struct Measure {
    lengths: Vec<Option<usize>>,
}

impl Measure {
    /// Notes that value number `row` at `level` has this length.
    ///
    /// # Errors
    /// [`Error::Shape`] if another one at this level has another length.
    pub fn length(&mut self, level: usize, row: usize, length: usize) -> Result<()> {
        match self.lengths[level] {
            None => self.lengths[level] = Some(length),
            Some(expected) if expected != length => {
                return Err(self.ragged(level, row, length, expected));
            }
            Some(_) => {}
        }
        Ok(())
    }

    #[cold]
    fn ragged(&self, level: usize, mut row: usize, length: usize, expected: usize) -> Error {
        // the position of the row, from its number in row-major order
        let mut index = vec![0; level];
        for k in (0..level).rev() {
            let n = self.lengths[k].unwrap_or(1).max(1);
            (index[k], row) = (row % n, row / n);
        }
        Error::shape(format_args!(
            "the nested data is ragged: row {index:?} has {length} element{}, where {expected} are \
             expected as in the first row; all rows of a level must have the same length",
            if length == 1 { "" } else { "s" }
        ))
    }
}

/// The shape of nested data; levels of which there is no value have length 0.
fn shape_of<T: Nested>(data: &T) -> Result<Dims> {
    let mut measure = Measure { lengths: vec![None; T::DEPTH] };
    T::measure(std::slice::from_ref(data), 0, 0, &mut measure)?;
    Ok(measure.lengths.into_iter().map(|n| n.unwrap_or(0)).collect())
}

macro_rules! scalars {
    ($($t:ty => $e:ty, $x:ident: $cast:expr $(, $check:ident)?;)*) => { $(
        impl Nested for $t {
            type Element = $e;
            const DEPTH: usize = 0;
            const INLINE: bool = true;
            fn measure(_rows: &[Self], _: usize, _: usize, _: &mut Measure) -> Result<()> {
                $($check(_rows)?;)?
                Ok(())
            }
            fn append(rows: &[Self], out: &mut Vec<$e>) {
                out.extend(rows.iter().map(|&$x| $cast));
            }
            fn flatten(rows: Vec<Self>) -> Vec<$e> {
                // in place: std reuses the block of a vector of the same layout
                rows.into_iter().map(|$x| $cast).collect()
            }
        }
    )* };
}
scalars! {
    bool => bool, x: x;
    i8 => i8, x: x;
    i16 => i16, x: x;
    i32 => i32, x: x;
    i64 => i64, x: x;
    isize => i64, x: x as i64;
    u8 => u8, x: x;
    u16 => u16, x: x;
    u32 => u32, x: x;
    u64 => u64, x: x;
    usize => i64, x: x as i64, within_int64;
    f16 => f16, x: x;
    bf16 => bf16, x: x;
    f32 => f32, x: x;
    f64 => f64, x: x;
    Complex<f32> => Complex<f32>, x: x;
    Complex<f64> => Complex<f64>, x: x;
}

/// An error for a number beyond int64.
fn within_int64(rows: &[usize]) -> Result<()> {
    // all together, which is done for several at once
    let all = rows.iter().fold(0, |bits, &x| bits | x as u64);
    if i64::try_from(all).is_ok() { Ok(()) } else { Err(beyond_int64(rows)) }
}

#[cold]
fn beyond_int64(rows: &[usize]) -> Error {
    let largest = rows.iter().max().unwrap_or(&usize::MAX);
    Error::value(format_args!(
        "the usize {largest} is out of the range of int64, which usize becomes; convert the elements to \
         u64 for an array of dtype uint64"
    ))
}

/// The items of arrays. Arrays without elements, of which there may be more than can be counted, are
/// left out.
fn flat<T, const N: usize>(rows: &[[T; N]]) -> &[T] {
    if size_of::<[T; N]>() == 0 { &[] } else { rows.as_flattened() }
}

impl<T: Nested, const N: usize> Nested for [T; N] {
    type Element = T::Element;
    const DEPTH: usize = T::DEPTH + 1;
    const INLINE: bool = T::INLINE;

    fn measure(rows: &[Self], level: usize, first: usize, measure: &mut Measure) -> Result<()> {
        measure.length(level, first, N)?;
        T::measure(flat(rows), level + 1, first.saturating_mul(N), measure)
    }

    fn append(rows: &[Self], out: &mut Vec<T::Element>) {
        T::append(flat(rows), out);
    }

    fn flatten(rows: Vec<Self>) -> Vec<T::Element> {
        if size_of::<Self>() == 0 { Vec::new() } else { T::flatten(rows.into_flattened()) }
    }
}

/// [`Nested`] for what dereferences to a slice.
macro_rules! sequences {
    ($([$($g:tt)*] $t:ty { $($more:tt)* })*) => { $(
        impl<$($g)*> Nested for $t {
            type Element = T::Element;
            const DEPTH: usize = T::DEPTH + 1;

            fn measure(
                rows: &[Self],
                level: usize,
                first: usize,
                measure: &mut Measure,
            ) -> Result<()> {
                for (k, row) in rows.iter().enumerate() {
                    measure.length(level, first + k, row.len())?;
                    T::measure(&row[..], level + 1, (first + k).saturating_mul(row.len()), measure)?;
                }
                Ok(())
            }

            fn append(rows: &[Self], out: &mut Vec<T::Element>) {
                for row in rows {
                    T::append(&row[..], out);
                }
            }

            $($more)*
        }
    )* };
}
sequences! {
    [T: Nested] Vec<T> {
        const OWNED: bool = T::INLINE;

        fn flatten(mut rows: Vec<Self>) -> Vec<T::Element> {
            // one vector hands over its block
            if rows.len() == 1 && let Some(row) = rows.pop() {
                return T::flatten(row);
            }
            let mut out = Vec::new();
            <Self as Nested>::append(&rows, &mut out);
            out
        }
    }
    ['x, T: Nested] &'x [T] {}
    ['x, T: Nested, const N: usize] &'x [T; N] {}
    ['x, T: Nested] &'x Vec<T> {}
}
