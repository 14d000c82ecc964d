//! The calls behind the functions of the standard's table: for each, which types its arguments have.

use arrayspace::options::{
    AsType, Cholesky, Creation, Cross, Cumulative, Diagonal, Diff, Eye, FftFreq, FftShift,
    Indexing, IsIn, Linspace, MatrixNorm, QrMode, Reduction, Reshape, Rtol, SearchSorted, Side,
    Sort, Svd, Tolerance, Trace, Transform, TransformN, Triangle, VectorNorm,
};
use arrayspace::{
    Array, Axes, Axis, ContractedAxes, Count, DType, DTypeOf, Device, Kinds, MaybeCount,
    MaybeOperand, MaybeScalar, Operand, PromotedList, Scalar, Shape, Shift,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::api::{Arguments, Function};
use crate::asarray::asarray;
use crate::backend::Exposed;
use crate::dlpack::from_dlpack;
use crate::errors::exception;
use crate::namespace;
use crate::options::FromArguments;
use crate::results::{Derived, IntoPython};
use crate::view::View;

/// A function: it reads its arguments, calls the library, and returns the result.
pub(crate) type Call<B> = for<'py> fn(&B, &Arguments<'py>) -> PyResult<Bound<'py, PyAny>>;

/// The call behind a function of the table.
pub(crate) fn lookup<B: Exposed>(function: &Function) -> Option<Call<B>> {
    let name = function.name.as_str();
    match function.category.as_str() {
        "array_method" => None,
        "inspection.info" => inspection(name),
        "linalg" => linalg(name).or_else(|| linalg_views(name)).or_else(|| linalg_by_hand(name)),
        "fft" => fft(name),
        _ if name == "asarray" => Some(asarray::<B>),
        _ if name == "from_dlpack" => Some(from_dlpack::<B>),
        _ if name == "astype" => Some(astype::<B>),
        _ if name == "__array_namespace_info__" => Some(|_, args| namespace::info::<B>(args.py)),
        _ => namespace(name).or_else(|| views(name)).or_else(|| namespace_by_hand(name)),
    }
}

/// A result as an object.
fn result<'py, B: Exposed>(
    result: impl IntoPython<B>,
    args: &Arguments<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    result.into_python(args.py)
}

/// A result that is a view of the argument `x` in Python, as an object.
fn view<'py, B: Exposed>(
    result: impl Derived<B>,
    args: &Arguments<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let Some(x) = args.find("x").and_then(|x| B::view(x)) else {
        return Err(PyTypeError::new_err("x is no array"));
    };
    result.derived(x, args.py)
}

/// Functions by families: names, and in parentheses the parameters with their types, and after a
/// semicolon the type of the options. `$finish` makes an object of the result.
macro_rules! functions {
    ($lookup:ident, $xp:ident => $receiver:expr, $finish:ident;
        $($($name:ident)+ ($($parameters:tt)*);)*) => {
        fn $lookup<B: Exposed>(name: &str) -> Option<Call<B>> {
            $(functions!(@family name $xp $finish $receiver; [$($name)+] ($($parameters)*));)*
            None
        }
    };
    (@family $wanted:ident $xp:ident $finish:ident $receiver:expr;
        [$($name:ident)*] $parameters:tt) => {
        $(functions!(@one $wanted $xp $finish $receiver; $name $parameters);)*
    };
    (@one $wanted:ident $xp:ident $finish:ident $receiver:expr;
        $name:ident ($($p:ident: $t:ty),* $(; $options:ty)?)) => {
        if $wanted == stringify!($name) {
            fn call<'py, B: Exposed>(
                $xp: &B,
                args: &Arguments<'py>,
            ) -> PyResult<Bound<'py, PyAny>> {
                $(let $p = args.get::<B, $t>(stringify!($p))?;)*
                let result = $receiver.$name(
                    $($p,)*
                    $(<$options as FromArguments<B>>::from_arguments(args)?,)?
                );
                $finish::<B>(result, args)
            }
            return Some(call::<B>);
        }
    };
}

functions! {
    namespace, xp => xp, result;
    arange(start: Scalar, stop: MaybeScalar, step: MaybeScalar; Creation);
    empty ones zeros (shape: Shape; Creation);
    empty_like ones_like zeros_like (x: Array<B>; Creation);
    eye(n_rows: Count, n_cols: MaybeCount; Eye);
    full(shape: Shape, fill_value: Scalar; Creation);
    full_like(x: Array<B>, fill_value: Scalar; Creation);
    meshgrid(arrays: Vec<Array<B>>, indexing: Indexing);
    tril triu (x: Array<B>; Triangle);

    can_cast(from_: DTypeOf, to: DType);
    isdtype(dtype: DType, kind: Kinds);
    result_type(arrays_and_dtypes: PromotedList);

    abs acos acosh asin asinh atan atanh bitwise_invert ceil conj cos cosh exp expm1 floor imag isfinite
    isinf isnan log log1p log2 log10 logical_not negative positive real reciprocal round sign signbit sin
    sinh square sqrt tan tanh trunc (x: Array<B>);
    add atan2 bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor copysign divide
    equal floor_divide greater greater_equal hypot less less_equal logaddexp logical_and logical_or
    logical_xor maximum minimum multiply nextafter not_equal pow remainder subtract
    (x1: Operand<'static, B>, x2: Operand<'static, B>);
    clip(x: Array<B>, min: MaybeOperand<'static, B>, max: MaybeOperand<'static, B>);

    take take_along_axis (x: Array<B>, indices: Array<B>, axis: Axis);

    matmul(x1: Array<B>, x2: Array<B>);
    tensordot(x1: Array<B>, x2: Array<B>, axes: ContractedAxes);
    vecdot(x1: Array<B>, x2: Array<B>, axis: Axis);

    broadcast_shapes(shapes: Vec<Shape>);
    concat stack (arrays: Vec<Array<B>>, axis: Axis);
    repeat(x: Array<B>, repeats: Operand<'static, B>, axis: Axis);
    roll(x: Array<B>, shift: Shift, axis: Axes);
    tile(x: Array<B>, repetitions: Shape);

    argmax argmin count_nonzero max min mean sum prod std var all any (x: Array<B>; Reduction);
    cumulative_sum cumulative_prod (x: Array<B>; Cumulative);
    nonzero unique_all unique_counts unique_inverse unique_values (x: Array<B>);
    isin(x1: Operand<'static, B>, x2: Operand<'static, B>; IsIn);
    argsort sort (x: Array<B>; Sort);
}

functions! {
    views, xp => xp, view;
    broadcast_to(x: Array<B>, shape: Shape);
    expand_dims flip squeeze (x: Array<B>, axis: Axes);
    matrix_transpose(x: Array<B>);
    moveaxis(x: Array<B>, source: Axes, destination: Axes);
    permute_dims(x: Array<B>, axes: Axes);
    unstack(x: Array<B>, axis: Axis);
}

functions! {
    fft, xp => xp.fft(), result;
    fft ifft rfft irfft hfft ihfft (x: Array<B>; Transform);
    fftn ifftn rfftn irfftn (x: Array<B>; TransformN);
    fftfreq rfftfreq (n: i64; FftFreq);
    fftshift ifftshift (x: Array<B>; FftShift);
}

functions! {
    linalg, xp => xp.linalg(), result;
    cholesky(x: Array<B>; Cholesky);
    cross(x1: Array<B>, x2: Array<B>; Cross);
    det eig eigh eigvals eigvalsh inv slogdet svdvals (x: Array<B>);
    matmul outer solve (x1: Array<B>, x2: Array<B>);
    matrix_norm(x: Array<B>; MatrixNorm);
    matrix_power(x: Array<B>, n: i64);
    qr(x: Array<B>, mode: QrMode);
    svd(x: Array<B>; Svd);
    tensordot(x1: Array<B>, x2: Array<B>, axes: ContractedAxes);
    trace(x: Array<B>; Trace);
    vecdot(x1: Array<B>, x2: Array<B>, axis: Axis);
    vector_norm(x: Array<B>; VectorNorm);
}

functions! {
    linalg_views, xp => xp.linalg(), view;
    diagonal(x: Array<B>; Diagonal);
    matrix_transpose(x: Array<B>);
}

functions! {
    inspection, xp => xp.__array_namespace_info__(), result;
    capabilities default_device devices ();
    default_dtypes(device: Option<Device>);
    dtypes(device: Option<Device>, kind: Kinds);
}

/// Functions one by one, where names differ or options borrow arrays.
macro_rules! by_hand {
    ($lookup:ident, $xp:ident, $args:ident; $($name:literal $body:block)*) => {
        fn $lookup<B: Exposed>(name: &str) -> Option<Call<B>> {
            $(
                if name == $name {
                    fn call<'py, B: Exposed>(
                        $xp: &B,
                        $args: &Arguments<'py>,
                    ) -> PyResult<Bound<'py, PyAny>> {
                        result::<B>($body, $args)
                    }
                    return Some(call::<B>);
                }
            )*
            None
        }
    };
}

by_hand! {
    namespace_by_hand, xp, args;
    "reshape" {
        let x = args.get::<B, View<B>>("x")?;
        let shape = args.get::<B, Shape>("shape")?;
        let options = <Reshape as FromArguments<B>>::from_arguments(args)?;
        let result = xp.reshape(x.array(), shape, options).map_err(exception)?;
        if args.optional::<B, bool>("copy")? == Some(true) {
            View::new(result)
        } else {
            x.derive(result)
        }?
    }
    "broadcast_arrays" {
        let views = args.get::<B, Vec<View<B>>>("arrays")?;
        let arrays = xp.broadcast_arrays(views.iter().map(View::array)).map_err(exception)?;
        let views = views.iter().zip(arrays).map(|(x, result)| x.derive(result));
        views.collect::<PyResult<Vec<_>>>()?
    }
    "linspace" {
        let start = args.get::<B, Scalar>("start")?;
        let stop = args.get::<B, Scalar>("stop")?;
        let num = args.get::<B, Count>("num")?;
        let options = <Linspace as FromArguments<B>>::from_arguments(args)?;
        match args.optional::<B, DType>("dtype")?.filter(|dtype| dtype.is_integer()) {
            // rounded down, as in NumPy; the library has floating-point dtypes, as the standard does
            Some(dtype) => {
                let x = xp.linspace(start, stop, num, options.dtype(None)).map_err(exception)?;
                xp.floor(x).and_then(|x| xp.astype(x, dtype, ()))
            }
            None => xp.linspace(start, stop, num, options),
        }
    }
    "finfo" { xp.finfo(args.get::<B, DTypeOf>("type")?) }
    "iinfo" { xp.iinfo(args.get::<B, DTypeOf>("type")?) }
    "where" {
        let condition = args.get::<B, Array<B>>("condition")?;
        xp.where_(condition, args.get::<B, Operand<'_, B>>("x1")?, args.get::<B, Operand<'_, B>>("x2")?)
    }
    "searchsorted" {
        let sorter = args.optional::<B, Array<B>>("sorter")?;
        let mut options = SearchSorted::new();
        if let Some(side) = args.optional::<B, Side>("side")? {
            options = options.side(side);
        }
        if let Some(sorter) = &sorter {
            options = options.sorter(sorter);
        }
        xp.searchsorted(
            &args.get::<B, Array<B>>("x1")?,
            args.get::<B, Operand<'_, B>>("x2")?,
            options,
        )
    }
    "diff" {
        let prepend = args.optional::<B, Array<B>>("prepend")?;
        let append = args.optional::<B, Array<B>>("append")?;
        let mut options = Diff::new();
        if let Some(axis) = args.optional::<B, i64>("axis")? {
            options = options.axis(axis);
        }
        if let Some(n) = args.optional::<B, i64>("n")? {
            options = options.n(n);
        }
        if let Some(prepend) = &prepend {
            options = options.prepend(prepend);
        }
        if let Some(append) = &append {
            options = options.append(append);
        }
        xp.diff(&args.get::<B, Array<B>>("x")?, options)
    }
}

by_hand! {
    linalg_by_hand, xp, args;
    "matrix_rank" {
        let x = args.get::<B, Array<B>>("x")?;
        tolerance(args, |options| xp.linalg().matrix_rank(&x, options))?
    }
    "pinv" {
        let x = args.get::<B, Array<B>>("x")?;
        tolerance(args, |options| xp.linalg().pinv(&x, options))?
    }
}

/// A call with the option `rtol`, a number or an array.
fn tolerance<B: Exposed, R>(
    args: &Arguments<'_>,
    call: impl FnOnce(Tolerance<'_, B>) -> R,
) -> PyResult<R> {
    Ok(match args.optional::<B, Operand<'_, B>>("rtol")? {
        None => call(Tolerance::new()),
        Some(Operand::Array(x)) => call(Tolerance::new().rtol(&*x)),
        Some(Operand::Scalar(value)) => call(Tolerance::new().rtol(Rtol::Scalar(value.to_float()))),
    })
}

/// The function `astype`. "If `False` and the specified dtype matches the data type of the input array,
/// the input array must be returned".
fn astype<'py, B: Exposed>(xp: &B, args: &Arguments<'py>) -> PyResult<Bound<'py, PyAny>> {
    let x = args.get::<B, Array<B>>("x")?;
    let dtype = args.get::<B, DType>("dtype")?;
    let device = args.optional::<B, Device>("device")?;
    if args.optional::<B, bool>("copy")? == Some(false)
        && dtype == x.dtype()
        && device.is_none_or(|device| device == x.device())
        && let Some(object) = args.find("x")
    {
        return Ok(object.clone());
    }
    let options = <AsType as FromArguments<B>>::from_arguments(args)?;
    result::<B>(xp.astype(x, dtype, options), args)
}
