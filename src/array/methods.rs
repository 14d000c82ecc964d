//! The namespace's functions as methods of the array that they take first.

use arrayspace_core::{Backend, DType, Result};

use super::Array;
use crate::arg::{Arg, MaybeOperand, Operand};
use crate::axes::{Axes, Axis, ContractedAxes, Shift};
use crate::namespace::{Namespace, UniqueAllResult, UniqueCountsResult, UniqueInverseResult};
use crate::options::{
    AsType, Cumulative, Diff, IsIn, Reduction, Reshape, SearchSorted, Sort, Triangle,
};
use crate::shape_arg::Shape;

/// One line for each function: its name, and what it takes beside the array.
macro_rules! methods {
    ($($name:ident($($arg:ident: $t:ty),*) $(-> $result:ty)?;)*) => {
        /// The functions of [`Namespace`] whose first argument is an array, as methods of that array: `x.sum(())`
        /// is `xp.sum(&x, ())`. What they take and return, and their errors, are documented there.
        ///
        /// ```
        /// # #[cfg(feature = "cpu")] {
        /// use arrayspace::prelude::*;
        /// let x = Cpu::new().asarray([1.0, 2.0, 3.0, 4.0], ())?;
        /// let z = (&x - x.mean(())?) / x.std(())?;
        /// assert_eq!(z.reshape((2, 2), ())?.sum(1)?.abs()?.shape(), [2]);
        /// # }
        /// # Ok::<(), arrayspace::Error>(())
        /// ```
        impl<B: Backend> Array<B> { $(
            #[doc = concat!("[`Namespace::", stringify!($name), "`], with this array first.")]
            ///
            /// # Errors
            /// Those of the function.
            #[track_caller]
            #[allow(clippy::needless_lifetimes, reason = "that of the arguments, where there are any")]
            pub fn $name<'a>(&'a self $(, $arg: impl Into<$t>)*) -> Result<methods!(@ $($result)?)> {
                Namespace::$name(&self.backend, self $(, $arg.into())*)
            }
        )* }
    };
    (@) => { Array<B> };
    (@ $result:ty) => { $result };
}

methods! {
    abs();
    acos();
    acosh();
    add(x2: Operand<'a, B>);
    all(options: Reduction);
    any(options: Reduction);
    argmax(options: Reduction);
    argmin(options: Reduction);
    argsort(options: Sort);
    asin();
    asinh();
    astype(dtype: DType, options: AsType);
    atan();
    atan2(x2: Operand<'a, B>);
    atanh();
    bitwise_and(x2: Operand<'a, B>);
    bitwise_invert();
    bitwise_left_shift(x2: Operand<'a, B>);
    bitwise_or(x2: Operand<'a, B>);
    bitwise_right_shift(x2: Operand<'a, B>);
    bitwise_xor(x2: Operand<'a, B>);
    broadcast_to(shape: Shape);
    ceil();
    clip(min: MaybeOperand<'a, B>, max: MaybeOperand<'a, B>);
    conj();
    copysign(x2: Operand<'a, B>);
    cos();
    cosh();
    count_nonzero(options: Reduction);
    cumulative_prod(options: Cumulative);
    cumulative_sum(options: Cumulative);
    diff(options: Diff<'a, B>);
    divide(x2: Operand<'a, B>);
    equal(x2: Operand<'a, B>);
    exp();
    expand_dims(axis: Axes);
    expm1();
    flip(axis: Axes);
    floor();
    floor_divide(x2: Operand<'a, B>);
    greater(x2: Operand<'a, B>);
    greater_equal(x2: Operand<'a, B>);
    hypot(x2: Operand<'a, B>);
    imag();
    isfinite();
    isin(x2: Operand<'a, B>, options: IsIn);
    isinf();
    isnan();
    less(x2: Operand<'a, B>);
    less_equal(x2: Operand<'a, B>);
    log();
    log10();
    log1p();
    log2();
    logaddexp(x2: Operand<'a, B>);
    logical_and(x2: Operand<'a, B>);
    logical_not();
    logical_or(x2: Operand<'a, B>);
    logical_xor(x2: Operand<'a, B>);
    matmul(x2: Arg<'a, B>);
    matrix_transpose();
    max(options: Reduction);
    maximum(x2: Operand<'a, B>);
    mean(options: Reduction);
    min(options: Reduction);
    minimum(x2: Operand<'a, B>);
    moveaxis(source: Axes, destination: Axes);
    multiply(x2: Operand<'a, B>);
    negative();
    nextafter(x2: Operand<'a, B>);
    nonzero() -> Vec<Array<B>>;
    not_equal(x2: Operand<'a, B>);
    permute_dims(axes: Axes);
    positive();
    pow(x2: Operand<'a, B>);
    prod(options: Reduction);
    real();
    reciprocal();
    remainder(x2: Operand<'a, B>);
    repeat(repeats: Operand<'a, B>, axis: Axis);
    reshape(shape: Shape, options: Reshape);
    roll(shift: Shift, axis: Axes);
    round();
    searchsorted(x2: Operand<'a, B>, options: SearchSorted<'a, B>);
    sign();
    signbit();
    sin();
    sinh();
    sort(options: Sort);
    sqrt();
    square();
    squeeze(axis: Axes);
    std(options: Reduction);
    subtract(x2: Operand<'a, B>);
    sum(options: Reduction);
    take(indices: Arg<'a, B>, axis: Axis);
    take_along_axis(indices: Arg<'a, B>, axis: Axis);
    tan();
    tanh();
    tensordot(x2: Arg<'a, B>, axes: ContractedAxes);
    tile(repetitions: Shape);
    tril(options: Triangle);
    triu(options: Triangle);
    trunc();
    unique_all() -> UniqueAllResult<B>;
    unique_counts() -> UniqueCountsResult<B>;
    unique_inverse() -> UniqueInverseResult<B>;
    unique_values();
    unstack(axis: Axis) -> Vec<Array<B>>;
    var(options: Reduction);
    vecdot(x2: Arg<'a, B>, axis: Axis);
    where_(x1: Operand<'a, B>, x2: Operand<'a, B>);
}
