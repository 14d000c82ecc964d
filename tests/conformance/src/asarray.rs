//! `asarray` of what Python has: arrays, scalars, nested sequences, and objects that lend their memory.

use arrayspace::options::AsArray;
use arrayspace::{Array, DType, Device, Element, Scalar, with_element};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyMemoryView, PyTuple};

use crate::api::Arguments;
use crate::backend::Exposed;
use crate::convert::{expected, is_numpy_scalar, scalar, typed_scalar};
use crate::dlpack;
use crate::errors::exception;
use crate::view::View;

/// The keyword arguments of `asarray`.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wanted {
    dtype: Option<DType>,
    device: Option<Device>,
    copy: Option<bool>,
}

impl From<Wanted> for AsArray {
    fn from(wanted: Wanted) -> AsArray {
        AsArray::new().dtype(wanted.dtype).device(wanted.device).copy(wanted.copy)
    }
}

/// The function `asarray`. Where nothing is to be done the very object comes back: an array of Python
/// may be changed, and where no copy was made the change is seen through both names.
pub(crate) fn asarray<'py, B: Exposed>(
    xp: &B,
    args: &Arguments<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let Some(object) = args.find("obj") else {
        return Err(PyTypeError::new_err("obj is missing"));
    };
    let wanted = Wanted {
        dtype: args.optional::<B, DType>("dtype")?,
        device: args.optional::<B, Device>("device")?,
        copy: args.optional::<B, bool>("copy")?,
    };
    if let Some(x) = B::view(object)
        && wanted.copy != Some(true)
        && wanted.dtype.is_none_or(|d| d == x.dtype())
        && wanted.device.is_none_or(|d| d == x.device())
    {
        return Ok(object.clone());
    }
    B::object(args.py, from_object(xp, object, wanted)?)
}

/// An array of an object. What lends its memory shares it, if nothing is to be converted.
pub(crate) fn from_object<B: Exposed>(
    xp: &B,
    object: &Bound<'_, PyAny>,
    wanted: Wanted,
) -> PyResult<View<B>> {
    if let Some(x) = B::view(object) {
        x.derive(xp.asarray(x.array(), wanted).map_err(exception)?)
    } else if is_numpy_scalar(object)? {
        View::new(from_buffer(xp, object, wanted)?)
    } else if let Some(value) = scalar::<B>(object)? {
        let value = wanted.dtype.map_or(value, |dtype| fitted(value, dtype));
        View::new(xp.asarray(value, wanted).map_err(exception)?)
    } else if is_sequence(object) {
        View::new(from_sequence(xp, object, wanted)?)
    } else if object.hasattr("__dlpack__")? {
        // shared, and then made what is wanted
        let shared = dlpack::import(xp, object, None, wanted.copy.filter(|copy| !copy))?;
        shared.derive(xp.asarray(shared.array(), wanted).map_err(exception)?)
    } else {
        View::new(from_buffer(xp, object, wanted)?)
    }
}

/// A float without a fraction is an integer where an integer dtype is asked for.
fn fitted(value: Scalar, dtype: DType) -> Scalar {
    match value {
        Scalar::Float(v) if dtype.is_integer() || dtype == DType::Bool => {
            // what exceeds an i128 exceeds every dtype
            if v.fract() == 0.0 { Scalar::Int(v as i128) } else { value }
        }
        _ => value,
    }
}

fn is_sequence(x: &Bound<'_, PyAny>) -> bool {
    x.is_instance_of::<PyList>() || x.is_instance_of::<PyTuple>()
}

/// Scalars in lists in lists.
#[derive(Default)]
struct Nested {
    /// The length of the sequences of each level, as far as it is known.
    shape: Vec<usize>,
    scalars: Vec<Scalar>,
    /// The dtype of the scalars that have one, as those of NumPy and 0-d arrays do.
    typed: Option<DType>,
    /// Whether all have that one.
    alike: bool,
}

impl Nested {
    /// Appends an object that lies in sequences of this many levels.
    fn append<B: Exposed>(&mut self, x: &Bound<'_, PyAny>, level: usize) -> PyResult<()> {
        let ragged = || PyValueError::new_err("the nested sequences are ragged");
        if !is_sequence(x) {
            let Some((value, dtype)) = typed_scalar::<B>(x)? else {
                return expected("a scalar or a sequence of scalars", x);
            };
            self.alike =
                dtype.is_some() && (self.scalars.is_empty() || self.alike && dtype == self.typed);
            self.typed = dtype;
            self.scalars.push(value);
            return if level == self.shape.len() { Ok(()) } else { Err(ragged()) };
        }
        let length = x.len()?;
        match self.shape.get(level) {
            Some(&known) if known == length => {}
            None if self.scalars.is_empty() => self.shape.push(length),
            _ => return Err(ragged()),
        }
        x.try_iter()?.try_for_each(|item| self.append::<B>(&item?, level + 1))
    }

    /// The dtype that all scalars have, or the default one of the highest kind among them.
    fn dtype<B: Exposed>(&self, xp: &B) -> PyResult<DType> {
        if let Some(dtype) = self.typed.filter(|_| self.alike) {
            return Ok(dtype);
        }
        let rank = |value: &&Scalar| match value {
            Scalar::Bool(_) => 0,
            Scalar::Int(_) => 1,
            Scalar::Float(_) => 2,
            Scalar::Complex(_) => 3,
        };
        let highest = self.scalars.iter().max_by_key(rank).copied().unwrap_or(Scalar::Float(0.0));
        Ok(xp.asarray(highest, ()).map_err(exception)?.dtype())
    }
}

fn from_sequence<B: Exposed>(
    xp: &B,
    object: &Bound<'_, PyAny>,
    wanted: Wanted,
) -> PyResult<Array<B>> {
    let mut nested = Nested::default();
    nested.append::<B>(object, 0)?;
    let dtype = wanted.dtype.map_or_else(|| nested.dtype(xp), Ok)?;
    let flat = with_element!(dtype, T => {
        let values = nested.scalars.iter();
        let values = values.map(|&s| fitted(s, dtype).checked_for(dtype).map(T::from_scalar));
        let values = values.collect::<Result<Vec<T>, _>>().map_err(exception)?;
        xp.asarray(&values[..], wanted).map_err(exception)?
    });
    xp.reshape(flat, nested.shape, ()).map_err(exception)
}

/// The dtype of the elements of a buffer, by the character of Python's module `struct` and the size.
fn buffer_dtype(format: &str, size: usize) -> Option<DType> {
    let kind = match format.trim_start_matches(['@', '=']) {
        "?" => return Some(DType::Bool),
        "b" | "h" | "i" | "l" | "q" | "n" => "int",
        "B" | "H" | "I" | "L" | "Q" | "N" | "c" => "uint",
        "e" | "f" | "d" => "float",
        "Zf" | "Zd" => "complex",
        _ => return None,
    };
    DType::from_name(&format!("{kind}{}", 8 * size))
}

/// A copy of the memory that an object lends by the buffer protocol.
fn from_buffer<B: Exposed>(
    xp: &B,
    object: &Bound<'_, PyAny>,
    wanted: Wanted,
) -> PyResult<Array<B>> {
    let Ok(view) = PyMemoryView::from(object) else {
        return expected("an array, a scalar, a nested sequence or a buffer", object);
    };
    let (format, size): (String, usize) =
        (view.getattr("format")?.extract()?, view.getattr("itemsize")?.extract()?);
    let Some(dtype) = buffer_dtype(&format, size) else {
        let text = format!("a buffer of elements of the format '{format}' is not an array");
        return Err(PyTypeError::new_err(text));
    };
    let shape: Vec<i64> = view.getattr("shape")?.extract()?;
    let bytes = view.call_method0("tobytes")?.cast_into::<PyBytes>()?;
    let flat = of_bytes(xp, dtype, bytes.as_bytes(), wanted)?;
    xp.reshape(flat, shape, ()).map_err(exception)
}

/// A line of the elements that these bytes are, which the caller keeps.
fn of_bytes<B: Exposed>(xp: &B, dtype: DType, bytes: &[u8], wanted: Wanted) -> PyResult<Array<B>> {
    with_element!(dtype, T => {
        let mut values = vec![T::default(); bytes.len() / size_of::<T>()];
        if size_of_val(&values[..]) != bytes.len() {
            let text = format!("{} bytes are no whole number of elements of dtype {dtype}", bytes.len());
            return Err(PyValueError::new_err(text));
        }
        T::fill_bytes(&mut values, |out| {
            out.copy_from_slice(bytes);
            PyResult::Ok(())
        })?;
        xp.asarray(&values[..], wanted).map_err(exception)
    })
}

/// The bytes of an array in row-major order, for pickle.
pub(crate) fn pickled<'py, B: Exposed>(
    py: Python<'py>,
    x: &Array<B>,
) -> PyResult<Bound<'py, PyBytes>> {
    with_element!(x.dtype(), T => {
        let elements = x.to_vec::<T>().map_err(exception)?;
        Ok(PyBytes::new(py, T::as_bytes(&elements)))
    })
}

/// The array of a dtype, a shape and bytes that `pickled` gave.
pub(crate) fn restored<B: Exposed>(
    xp: &B,
    dtype: &str,
    shape: Vec<i64>,
    bytes: &[u8],
) -> PyResult<Array<B>> {
    let Some(dtype) = DType::from_name(dtype) else {
        return Err(PyTypeError::new_err(format!("there is no dtype '{dtype}'")));
    };
    let flat = of_bytes(xp, dtype, bytes, Wanted::default())?;
    xp.reshape(flat, shape, ()).map_err(exception)
}
