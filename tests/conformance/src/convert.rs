//! Arguments of Python as arguments of Rust.

use arrayspace::options::{Indexing, MatrixOrd, Norm, QrMode, Side};
use arrayspace::{
    Array, Axes, Axis, Complex, ContractedAxes, Count, DType, DTypeKind, DTypeOf, Device, Kind,
    Kinds, MaybeCount, MaybeOperand, MaybeScalar, Operand, Promoted, PromotedList, Scalar, Shape,
    Shift,
};
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyComplex, PyComplexMethods, PyFloat, PyInt, PyList, PyString, PyTuple, PyType,
};

use crate::api::Arguments;
use crate::backend::Exposed;
use crate::dtype;
use crate::errors::exception;
use crate::view::View;

/// A value of Rust from an object of Python, for functions of the backend `B`.
pub(crate) trait FromPython<B: Exposed>: Sized {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self>;

    /// What a parameter is that was left out.
    fn absent() -> Option<Self> {
        None
    }
}

impl Arguments<'_> {
    /// The argument for a parameter.
    pub(crate) fn get<B: Exposed, T: FromPython<B>>(&self, name: &str) -> PyResult<T> {
        match self.find(name) {
            Some(value) => T::from_python(value),
            None => T::absent().ok_or_else(|| {
                PyTypeError::new_err(format!("the argument for '{name}' is missing"))
            }),
        }
    }

    /// The argument for a parameter, unless it is `None` or was left out.
    pub(crate) fn optional<B: Exposed, T: FromPython<B>>(&self, name: &str) -> PyResult<Option<T>> {
        self.find(name).filter(|value| !value.is_none()).map(T::from_python).transpose()
    }
}

pub(crate) fn expected<T>(what: &str, x: &Bound<'_, PyAny>) -> PyResult<T> {
    let class = x.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "{what} is expected, but an object of type {class} was given"
    )))
}

/// What Python extracts by itself.
macro_rules! extracted {
    ($($t:ty)*) => { $(
        impl<B: Exposed> FromPython<B> for $t {
            fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
                x.extract().map_err(Into::into)
            }
        }
    )* };
}
extracted!(bool i64 f64);

/// An integer, clamped to the range of i64: what exceeds it is beyond every element and every axis, and
/// stays so.
pub(crate) struct Clamped(pub(crate) i64);

impl From<Clamped> for i64 {
    fn from(value: Clamped) -> i64 {
        value.0
    }
}

impl From<Clamped> for arrayspace::Integer {
    fn from(value: Clamped) -> arrayspace::Integer {
        value.0.into()
    }
}

impl<B: Exposed> FromPython<B> for Clamped {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        clamped(x)
    }
}

/// An integer of any size.
pub(crate) fn clamped(x: &Bound<'_, PyAny>) -> PyResult<Clamped> {
    match x.extract() {
        Ok(value) => Ok(Clamped(value)),
        Err(e) if e.is_instance_of::<PyOverflowError>(x.py()) => {
            Ok(Clamped(if x.lt(0)? { i64::MIN } else { i64::MAX }))
        }
        Err(e) => Err(e),
    }
}

/// One integer, or a sequence of them.
enum Integers {
    One(i64),
    Several(Vec<i64>),
}

fn integers(x: &Bound<'_, PyAny>) -> PyResult<Integers> {
    if x.is_instance_of::<PyTuple>() || x.is_instance_of::<PyList>() {
        return Ok(Integers::Several(x.extract()?));
    }
    Ok(Integers::One(x.extract()?))
}

/// Types that are made from one integer or several.
macro_rules! from_integers {
    ($($t:ty)*) => { $(
        impl<B: Exposed> FromPython<B> for $t {
            fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
                Ok(match integers(x)? {
                    Integers::One(value) => value.into(),
                    Integers::Several(values) => values.into(),
                })
            }
        }
    )* };
}
from_integers!(Shape Shift);

impl<B: Exposed> FromPython<B> for Vec<i64> {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        x.extract()
    }
}

impl<B: Exposed> FromPython<B> for Axes {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        if x.is_none() {
            return Ok(Axes::All);
        }
        Ok(match integers(x)? {
            Integers::One(value) => value.into(),
            Integers::Several(values) => values.into(),
        })
    }

    fn absent() -> Option<Self> {
        Some(Axes::All)
    }
}

impl<B: Exposed> FromPython<B> for Axis {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(x.extract::<Option<i64>>()?.into())
    }

    fn absent() -> Option<Self> {
        Some(Axis::Default)
    }
}

impl<B: Exposed> FromPython<B> for ContractedAxes {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        if x.is_instance_of::<PyTuple>() || x.is_instance_of::<PyList>() {
            let (x1, x2) = x.extract::<(Vec<i64>, Vec<i64>)>()?;
            return Ok((x1, x2).into());
        }
        Ok(x.extract::<i64>()?.into())
    }

    fn absent() -> Option<Self> {
        Some(().into())
    }
}

impl<B: Exposed> FromPython<B> for Count {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(x.extract::<i64>()?.into())
    }
}

impl<B: Exposed> FromPython<B> for MaybeCount {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(x.extract::<Option<i64>>()?.map(Count::from).into())
    }

    fn absent() -> Option<Self> {
        Some(None.into())
    }
}

// ---- arrays and scalars -----------------------------------------------------------------------------

/// The scalar that a number of Python or of NumPy is, or the element of a 0-d array of this backend.
pub(crate) fn scalar<B: Exposed>(x: &Bound<'_, PyAny>) -> PyResult<Option<Scalar>> {
    Ok(Some(if let Ok(x) = x.cast::<PyBool>() {
        Scalar::Bool(x.is_true())
    } else if x.is_instance_of::<PyInt>() {
        Scalar::Int(x.extract()?)
    } else if let Ok(x) = x.cast::<PyFloat>() {
        Scalar::Float(x.value())
    } else if let Ok(x) = x.cast::<PyComplex>() {
        Scalar::Complex(Complex::new(x.real(), x.imag()))
    } else if let Some(x) = B::view(x) {
        if !x.shape().is_empty() {
            return Ok(None);
        }
        x.array().item_scalar().map_err(exception)?
    } else if is_numpy_scalar(x)? {
        let number = x.call_method0("item")?;
        // what has no number in Python stays what it is
        return if number.is(x) || is_numpy_scalar(&number)? {
            Ok(None)
        } else {
            scalar::<B>(&number)
        };
    } else if x.hasattr("__index__")? && !x.hasattr("__dlpack__")? {
        Scalar::Int(x.call_method0("__index__")?.extract()?)
    } else {
        return Ok(None);
    }))
}

/// Whether this is a scalar of NumPy's: it has what its arrays have, and lends no memory as they do.
pub(crate) fn is_numpy_scalar(x: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(x.hasattr("__array_interface__")? && !x.hasattr("__dlpack__")? && x.hasattr("dtype")?)
}

/// A scalar and, of an element of an array, here or in NumPy, its dtype.
pub(crate) fn typed_scalar<B: Exposed>(
    x: &Bound<'_, PyAny>,
) -> PyResult<Option<(Scalar, Option<DType>)>> {
    let Some(value) = scalar::<B>(x)? else { return Ok(None) };
    let of_python = x.is_exact_instance_of::<PyFloat>()
        || x.is_exact_instance_of::<PyInt>()
        || x.is_exact_instance_of::<PyBool>()
        || x.is_exact_instance_of::<PyComplex>();
    let dtype = match B::view(x) {
        _ if of_python => None,
        Some(x) => Some(x.dtype()),
        None if is_numpy_scalar(x)? => dtype::<B>(&x.getattr("dtype")?)?,
        None => None,
    };
    Ok(Some((value, dtype)))
}

/// An operand: an array of this backend, or a scalar; `None` for anything else.
pub(crate) fn operand<B: Exposed>(x: &Bound<'_, PyAny>) -> PyResult<Option<Operand<'static, B>>> {
    Ok(match B::unwrap(x) {
        Some(x) => Some(x.into()),
        None => scalar::<B>(x)?.map(Operand::Scalar),
    })
}

impl<B: Exposed> FromPython<B> for Array<B> {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        B::unwrap(x).map_or_else(|| expected("an array", x), Ok)
    }
}

impl<B: Exposed> FromPython<B> for View<B> {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        B::view(x).cloned().map_or_else(|| expected("an array", x), Ok)
    }
}

/// Lists of arrays.
macro_rules! lists {
    ($($t:ident)*) => { $(
        impl<B: Exposed> FromPython<B> for Vec<$t<B>> {
            fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
                x.try_iter()?.map(|item| $t::from_python(&item?)).collect()
            }
        }
    )* };
}
lists!(Array View);

impl<B: Exposed> FromPython<B> for Vec<Shape> {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        x.try_iter()?.map(|item| FromPython::<B>::from_python(&item?)).collect()
    }
}

impl<B: Exposed> FromPython<B> for Operand<'static, B> {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        operand(x)?.map_or_else(|| expected("an array or a scalar", x), Ok)
    }
}

impl<B: Exposed> FromPython<B> for MaybeOperand<'static, B> {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        let given = (!x.is_none()).then(|| Operand::from_python(x));
        Ok(given.transpose()?.into())
    }

    fn absent() -> Option<Self> {
        Some(None.into())
    }
}

impl<B: Exposed> FromPython<B> for Scalar {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        scalar::<B>(x)?.map_or_else(|| expected("a scalar", x), Ok)
    }
}

impl<B: Exposed> FromPython<B> for MaybeScalar {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        let given = (!x.is_none()).then(|| <Scalar as FromPython<B>>::from_python(x));
        Ok(given.transpose()?.into())
    }

    fn absent() -> Option<Self> {
        Some(None.into())
    }
}

// ---- dtypes and devices -----------------------------------------------------------------------------

/// The dtype that an object stands for: one of ours, NumPy's of the same name, a class of NumPy's
/// scalars, or one of Python's numbers, which means the default dtype of its kind.
fn dtype<B: Exposed>(x: &Bound<'_, PyAny>) -> PyResult<Option<DType>> {
    if let Ok(x) = x.cast::<dtype::DType>() {
        return Ok(Some(x.get().0));
    }
    if let Ok(class) = x.cast::<PyType>() {
        let defaults = B::instance().__array_namespace_info__().default_dtypes(None);
        let defaults = defaults.map_err(exception)?;
        let name = class.name()?;
        return Ok(match name.to_str()? {
            "int" => Some(defaults.integral),
            "float" => Some(defaults.real_floating),
            "complex" => Some(defaults.complex_floating),
            name => DType::from_name(name.trim_end_matches('_')),
        });
    }
    let name = x.getattr_opt("name")?.and_then(|name| name.extract::<String>().ok());
    Ok(name.and_then(|name| DType::from_name(&name)))
}

impl<B: Exposed> FromPython<B> for DType {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        dtype::<B>(x)?.map_or_else(|| expected("a dtype", x), Ok)
    }
}

impl<B: Exposed> FromPython<B> for DTypeOf {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        match B::unwrap(x) {
            Some(x) => Ok((&x).into()),
            None => Ok(<DType as FromPython<B>>::from_python(x)?.into()),
        }
    }
}

impl<B: Exposed> FromPython<B> for PromotedList {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        let item = |x: Bound<'_, PyAny>| -> PyResult<Promoted> {
            if let Some(x) = B::unwrap(&x) {
                return Ok((&x).into());
            }
            if let Some(dtype) = dtype::<B>(&x)? {
                return Ok(dtype.into());
            }
            match scalar::<B>(&x)? {
                Some(scalar) => Ok(scalar.into()),
                None => expected("an array, a dtype or a scalar", &x),
            }
        };
        let items: Vec<Promoted> = x.try_iter()?.map(|x| item(x?)).collect::<PyResult<_>>()?;
        Ok(items.into())
    }
}

impl<B: Exposed> FromPython<B> for Kinds {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        let kind = |x: &Bound<'_, PyAny>| -> PyResult<Kind> {
            if let Ok(name) = x.cast::<PyString>() {
                return Ok(named(name.to_str()?, "kind", &KINDS.map(|k| (k.name(), k)))?.into());
            }
            Ok(<DType as FromPython<B>>::from_python(x)?.into())
        };
        if x.is_none() {
            return Ok(None.into());
        }
        if let Ok(list) = x.cast::<PyTuple>() {
            return Ok(list.iter().map(|x| kind(&x)).collect::<PyResult<Vec<_>>>()?.into());
        }
        Ok([kind(x)?].into())
    }

    fn absent() -> Option<Self> {
        Some(None.into())
    }
}

const KINDS: [DTypeKind; 7] = [
    DTypeKind::Bool,
    DTypeKind::SignedInteger,
    DTypeKind::UnsignedInteger,
    DTypeKind::Integral,
    DTypeKind::RealFloating,
    DTypeKind::ComplexFloating,
    DTypeKind::Numeric,
];

/// The device of a name, `cpu:0`, or the first one of a kind, `cpu`.
pub(crate) fn device<B: Exposed>(name: &str) -> PyResult<Device> {
    let devices = B::all_devices(B::instance());
    let named = |d: &&Device| {
        let full = d.to_string();
        full == name || full.split(':').next() == Some(name)
    };
    devices.iter().find(named).copied().ok_or_else(|| {
        let names: Vec<String> = devices.iter().map(Device::to_string).collect();
        PyValueError::new_err(format!("device is '{name}', but one of {names:?} is expected"))
    })
}

impl<B: Exposed> FromPython<B> for Device {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(x) = x.cast::<dtype::Device>() {
            return Ok(x.get().0);
        }
        let Ok(name) = x.cast::<PyString>() else { return expected("a device", x) };
        device::<B>(name.to_str()?)
    }
}

impl<B: Exposed> FromPython<B> for Option<Device> {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        (!x.is_none()).then(|| <Device as FromPython<B>>::from_python(x)).transpose()
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

// ---- words ------------------------------------------------------------------------------------------

/// What a word means.
fn named<T: Copy>(name: &str, parameter: &str, words: &[(&str, T)]) -> PyResult<T> {
    let found = words.iter().find(|(word, _)| *word == name);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        PyValueError::new_err(format!("{parameter} is '{name}', but one of {words:?} is expected"))
    })
}

macro_rules! words {
    ($($t:ident $parameter:literal { $($word:literal $variant:ident),* })*) => { $(
        impl<B: Exposed> FromPython<B> for $t {
            fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
                named(x.extract::<&str>()?, $parameter, &[$(($word, $t::$variant)),*])
            }

            fn absent() -> Option<Self> {
                Some($t::default())
            }
        }
    )* };
}
words! {
    Indexing "indexing" { "xy" XY, "ij" IJ }
    Norm "norm" { "backward" Backward, "ortho" Ortho, "forward" Forward }
    QrMode "mode" { "reduced" Reduced, "complete" Complete }
}

impl<B: Exposed> FromPython<B> for Side {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        named(x.extract::<&str>()?, "side", &[("left", Side::Left), ("right", Side::Right)])
    }
}

impl<B: Exposed> FromPython<B> for MatrixOrd {
    fn from_python(x: &Bound<'_, PyAny>) -> PyResult<Self> {
        match x.cast::<PyString>() {
            Ok(name) => {
                let words = [("fro", MatrixOrd::Fro), ("nuc", MatrixOrd::Nuc)];
                named(name.to_str()?, "ord", &words)
            }
            Err(_) => Ok(MatrixOrd::Number(x.extract()?)),
        }
    }
}
