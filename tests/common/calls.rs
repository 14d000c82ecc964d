//! Calls of every function, with two arrays and an integer: for tests that want them all.

use arrayspace::options::{
    Creation, Cumulative, Diff, Eye, FromDLPack, Indexing, IsIn, Linspace, MatrixNorm, QrMode,
    Reduction, SearchSorted, Side, Sort, ToDLPack, Transform, Triangle, VectorNorm,
};
use arrayspace::prelude::*;
use arrayspace::{NewAxis, Operand, Result, s};

/// What a call leaves: arrays to be read, or nothing.
pub(crate) type Arrays<N> = Vec<Array<N>>;

/// A call with two arrays and an integer.
type Run<N> = fn(&N, &Array<N>, &Array<N>, i64) -> Result<Arrays<N>>;
/// A call with one array that is given away.
type One<N> = fn(&N, Array<N>) -> Result<Array<N>>;
/// A call with two arrays, of which either may be.
type Two<N> = for<'a> fn(&N, Operand<'a, N>, Operand<'a, N>) -> Result<Array<N>>;

/// A call.
pub(crate) struct Call<N: Namespace> {
    /// What is called, for the text of a failure.
    pub(crate) name: &'static str,
    /// The call.
    pub(crate) run: Run<N>,
    /// The same function with arrays given away, if it is elementwise.
    pub(crate) owned: Option<Owned<N>>,
    /// Whether the integer is an axis, along which each line of the first array is worked on by itself.
    pub(crate) lines: bool,
}

/// An elementwise function that takes its arrays over.
pub(crate) enum Owned<N: Namespace> {
    /// Of the first array.
    One(One<N>),
    /// Of both.
    Two(Two<N>),
    /// Of the first and a scalar, to which it has been applied already.
    Scalar,
}

macro_rules! calls {
    ($(|$xp:pat_param, $x:pat_param, $y:pat_param, $k:pat_param| $body:expr;)*) => {
        vec![$(Call { name: stringify!($body), run: |$xp, $x, $y, $k| $body, owned: None, lines: false }),*]
    };
}

macro_rules! unary {
    ($($f:ident)*) => {
        vec![$(Call {
            name: stringify!($f),
            run: |xp: &N, x, _, _| Ok(vec![xp.$f(x)?]),
            owned: Some(Owned::One(|xp: &N, x| xp.$f(x))),
            lines: false,
        }),*]
    };
}

macro_rules! binary {
    ($($f:ident)*) => {
        vec![$(Call {
            name: stringify!($f),
            run: |xp: &N, x, y, _| Ok(vec![xp.$f(x, y)?]),
            owned: Some(Owned::Two(|xp: &N, x, y| xp.$f(x, y))),
            lines: false,
        }),*]
    };
}

macro_rules! scalar {
    ($($f:ident)*) => {
        vec![$(
            Call {
                name: concat!(stringify!($f), " with an int"),
                run: |xp: &N, x, _, k| Ok(vec![xp.$f(x, k)?, xp.$f(k, x)?]),
                owned: Some(Owned::Scalar),
                lines: false,
            },
            Call {
                name: concat!(stringify!($f), " with a float"),
                run: |xp: &N, x, _, k| Ok(vec![xp.$f(x, k as f64 / 3.0)?]),
                owned: Some(Owned::Scalar),
                lines: false,
            },
            Call {
                name: concat!(stringify!($f), " with a bool"),
                run: |xp: &N, x, _, k| Ok(vec![xp.$f(x, k > 0)?]),
                owned: Some(Owned::Scalar),
                lines: false,
            }
        ),*]
    };
}

macro_rules! lines {
    ($(|$xp:pat_param, $x:pat_param, $y:pat_param, $k:pat_param| $body:expr;)*) => {
        vec![$(Call { name: stringify!($body), run: |$xp, $x, $y, $k| $body, owned: None, lines: true }),*]
    };
}

macro_rules! reductions {
    ($($f:ident)*) => {{
        let mut all = Vec::<Call<N>>::new();
        $(all.extend::<Vec<Call<N>>>(calls! {
            |xp, x, _, _| Ok(vec![xp.$f(x, ())?]);
            |xp, x, _, k| Ok(vec![xp.$f(x, axis([k, 0]).keepdims(true))?]);
            |xp, x, _, _| Ok(vec![xp.$f(x, Vec::<i64>::new())?]);
        });
        all.extend::<Vec<Call<N>>>(lines! {
            |xp, x, _, k| Ok(vec![xp.$f(x, k)?]);
            |xp, x, y, k| Ok(vec![xp.$f(x, axis(k).dtype(y.dtype()))?]);
        });)*
        all
    }};
}

/// Every function of the namespace and of the extensions.
pub(crate) fn every_call<N: Namespace>() -> Vec<Call<N>> {
    let mut all: Vec<Call<N>> = unary! {
        abs acos acosh asin asinh atan atanh bitwise_invert ceil conj cos cosh exp expm1 floor imag
        isfinite isinf isnan log log1p log2 log10 logical_not negative positive real reciprocal round
        sign signbit sin sinh square sqrt tan tanh trunc
    };
    all.extend::<Vec<Call<N>>>(binary! {
        add atan2 bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor copysign
        divide equal floor_divide greater greater_equal hypot less less_equal logaddexp logical_and
        logical_or logical_xor maximum minimum multiply nextafter not_equal pow remainder subtract
    });
    all.extend::<Vec<Call<N>>>(scalar! {
        add atan2 bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor copysign
        divide equal floor_divide greater greater_equal hypot less less_equal logaddexp logical_and
        logical_or logical_xor maximum minimum multiply nextafter not_equal pow remainder subtract
    });
    all.extend(reductions! { sum prod max min mean var std all any count_nonzero argmax argmin });
    all.extend::<Vec<Call<N>>>(lines! {
        |xp, x, _, k| Ok(vec![xp.sort(x, k)?, xp.argsort(x, Sort::new().axis(k).descending(true))?]);
        |xp, x, y, k| Ok(vec![xp.cumulative_sum(x, Cumulative::new().axis(k).dtype(y.dtype()))?]);
        |xp, x, _, k| Ok(vec![xp.cumulative_prod(x, Cumulative::new().axis(k).include_initial(true))?]);
        |xp, x, _, k| Ok(vec![xp.flip(x, k)?]);
        |xp, x, _, k| Ok(vec![xp.fft().irfft(x, Transform::new().axis(k))?]);
        |xp, x, _, k| Ok(vec![xp.fft().fft(x, Transform::new().axis(k))?]);
        |xp, x, _, k| Ok(vec![xp.diff(x, Diff::new().axis(k))?, xp.roll(x, 2, k)?]);
        |xp, x, _, k| Ok(vec![xp.var(x, axis(k).correction(1.0))?, xp.std(x, axis(k).correction(0.5))?]);
    });
    all.extend::<Vec<Call<N>>>(calls! {
        |xp, x, _, _| Ok(vec![xp.matrix_transpose(x)?]);
        |xp, x, _, _| Ok(vec![xp.unique_values(x)?]);
        |xp, x, y, _| Ok(vec![xp.matmul(x, y)?]);
        // creation
        |xp, x, _, k| Ok(vec![xp.arange(k, k.wrapping_add(7), 1, x.dtype())?]);
        |xp, x, _, k| Ok(vec![xp.arange(0, 5, k.clamp(-9, 9), x.dtype())?]);
        |xp, _, _, k| Ok(vec![xp.arange(0.0, k.clamp(-99, 99) as f64 / 7.0, 0.3, ())?]);
        |xp, _, _, k| Ok(vec![xp.arange(k, None, 1i64 << 58, ())?]);
        |xp, x, y, _| Ok(vec![xp.asarray(x, y.dtype())?]);
        |xp, x, y, _| Ok(vec![xp.empty_like(x, y.dtype())?]);
        |xp, x, _, k| Ok(vec![xp.eye(3, k.min(9), Eye::new().k(k).dtype(x.dtype()))?]);
        |xp, x, _, k| Ok(vec![xp.eye(4, None, Eye::new().k(k.wrapping_neg()).dtype(x.dtype()))?]);
        // the memory of which is on the host
        |xp, x, y, k| {
            let options = ToDLPack::new().copy((k > 1).then_some(k > 9)).max_version((1, k as u32));
            let of_tensor = xp.from_dlpack(x.to_dlpack(options)?, FromDLPack::new().copy(k < 0))?;
            Ok(vec![of_tensor, xp.from_dlpack(y, k % 2 == 0)?])
        };
        |xp, x, _, k| Ok(vec![xp.full((2, k.min(9)), k, x.dtype())?]);
        |xp, x, _, k| Ok(vec![xp.full_like(x, k, ())?]);
        |xp, x, _, k| Ok(vec![xp.full_like(x, k as f64, ())?]);
        |xp, x, _, k| Ok(vec![xp.linspace(-1, k, 5, Linspace::new().dtype(x.dtype()))?]);
        |xp, _, _, k| Ok(vec![xp.linspace(0.0, 1.0, k.min(99), Linspace::new().endpoint(false))?]);
        |xp, x, y, _| xp.meshgrid([x, y], ());
        |xp, x, y, _| xp.meshgrid([x, y], Indexing::IJ);
        |xp, x, _, k| Ok(vec![xp.ones((k.min(3), 2), x.dtype())?, xp.zeros(k.min(50), x.dtype())?]);
        |xp, x, y, _| Ok(vec![xp.ones_like(x, y.dtype())?, xp.zeros_like(x, ())?]);
        |xp, x, _, k| Ok(vec![xp.tril(x, Triangle::new().k(k))?, xp.triu(x, Triangle::new().k(k))?]);
        |xp, x, _, k| Ok(vec![xp.zeros([k, k, k, k], Creation::new().dtype(x.dtype()))?]);
        // dtypes
        |xp, x, y, _| Ok(vec![xp.astype(x, y.dtype(), ())?]);
        |xp, x, y, _| { xp.can_cast(x, y.dtype())?; xp.result_type((x, y))?; Ok(vec![]) };
        |xp, x, _, _| { xp.finfo(x)?; Ok(vec![]) };
        |xp, x, _, _| { xp.iinfo(x.dtype())?; Ok(vec![]) };
        // elementwise, the odd ones
        |xp, x, y, k| Ok(vec![xp.clip(x, y, None)?, xp.clip(x, k, y)?]);
        |xp, x, _, k| Ok(vec![xp.clip(x, k, k as f64)?]);
        |xp, x, y, _| Ok(vec![xp.where_(xp.isnan(x)?, x, y)?]);
        |xp, x, y, k| Ok(vec![xp.where_(x, y, k)?, xp.where_(x, k as f64, y)?]);
        // indexing
        |xp, x, y, k| Ok(vec![xp.take(x, y, k)?]);
        |xp, x, y, _| Ok(vec![xp.take(x, y, ())?]);
        |xp, x, y, k| Ok(vec![xp.take_along_axis(x, y, k)?]);
        |_, x, _, k| Ok(vec![x.get(k)?]);
        |_, x, y, _| Ok(vec![x.get(y)?]);
        |_, x, y, k| Ok(vec![x.get((k, y))?]);
        |_, x, y, k| Ok(vec![x.get((y, NewAxis, k, ..))?]);
        |_, x, _, k| Ok(vec![x.get(s![k..; 2, ..])?, x.get(s![..k; -1])?]);
        |_, x, _, k| Ok(vec![x.get(s![..; k])?]);
        |_, x, y, k| { let mut z = x.clone(); z.set(k, y)?; Ok(vec![z]) };
        |_, x, y, _| { let mut z = x.clone(); z.set(s![..; -1], y)?; Ok(vec![z]) };
        |_, x, y, k| { let mut z = x.clone(); z.set(y, k)?; Ok(vec![z]) };
        |_, x, y, _| { let mut z = x.clone(); z.set(y, x)?; Ok(vec![z]) };
        |_, x, _, _| Ok(x.iter().take(3).collect());
        |_, x, _, _| Ok(vec![x.T()?]);
        |_, x, _, _| Ok(vec![x.mT()?]);
        // linear algebra
        |xp, x, y, k| Ok(vec![xp.tensordot(x, y, k)?]);
        |xp, x, y, k| Ok(vec![xp.tensordot(x, y, ([k], [0i64]))?]);
        |xp, x, y, k| Ok(vec![xp.vecdot(x, y, k)?]);
        // manipulation
        |xp, x, y, _| xp.broadcast_arrays([x, y]);
        |xp, x, y, k| { xp.broadcast_shapes([x.shape(), y.shape(), &[k.clamp(0, 9) as usize]])?; Ok(vec![]) };
        |xp, x, y, _| Ok(vec![xp.broadcast_to(x, y.shape())?]);
        |xp, x, _, k| Ok(vec![xp.broadcast_to(x, (k, 3))?]);
        |xp, x, y, k| Ok(vec![xp.concat([x, y], k)?]);
        |xp, x, y, _| Ok(vec![xp.concat([x, y], None::<i64>)?, xp.stack([x, x], ())?]);
        |xp, x, y, k| Ok(vec![xp.stack([x, y], k)?]);
        |xp, x, _, k| Ok(vec![xp.expand_dims(x, [k, 0])?]);
        |xp, x, _, k| Ok(vec![xp.moveaxis(x, k, 0)?]);
        |xp, x, _, k| Ok(vec![xp.permute_dims(x, [1, 0, k])?]);
        |xp, x, _, k| Ok(vec![xp.repeat(x, k.min(9), ())?]);
        // counts up to 65535 alone: larger ones are as much memory as is asked for
        |xp, x, y, k| Ok(vec![xp.repeat(x, xp.astype(y, DType::UInt16, ())?, k)?]);
        |xp, x, _, k| Ok(vec![xp.reshape(x, (-1, k), ())?]);
        |xp, x, y, _| Ok(vec![xp.reshape(x, y.shape(), false)?]);
        |xp, x, _, k| Ok(vec![xp.roll(x, k, ())?]);
        |xp, x, _, k| Ok(vec![xp.roll(x, [k, i64::MIN], [0, 1])?]);
        |xp, x, _, k| Ok(vec![xp.squeeze(x, k)?]);
        |xp, x, _, k| Ok(vec![xp.tile(x, (2, k.min(4)))?]);
        |xp, x, _, k| xp.unstack(x, k);
        // searching, sets, sorting
        |xp, x, _, _| xp.nonzero(x);
        |xp, x, y, _| Ok(vec![xp.searchsorted(x, y, Side::Right)?]);
        |xp, x, y, k| Ok(vec![xp.searchsorted(x, k, SearchSorted::new().sorter(y))?]);
        |xp, x, y, k| Ok(vec![xp.isin(x, y, ())?, xp.isin(x, k, IsIn::new().invert(true))?]);
        |xp, x, _, _| {
            let u = xp.unique_all(x)?;
            Ok(vec![u.values, u.indices, u.inverse_indices, u.counts])
        };
        |xp, x, _, _| { let u = xp.unique_counts(x)?; Ok(vec![u.values, u.counts]) };
        |xp, x, _, _| { let u = xp.unique_inverse(x)?; Ok(vec![u.values, u.inverse_indices]) };
        |xp, x, _, _| Ok(vec![xp.sort(x, ())?, xp.argsort(x, ())?]);
        // statistics, utilities
        |xp, x, _, k| Ok(vec![xp.var(x, Reduction::new().correction(k as f64))?]);
        |xp, x, _, _| Ok(vec![xp.cumulative_sum(x, ())?]);
        |xp, x, y, k| Ok(vec![xp.diff(x, Diff::new().axis(k).prepend(y))?]);
        |xp, x, _, k| Ok(vec![xp.diff(x, Diff::new().n(k))?]);
        // the extensions
        |xp, x, _, k| Ok(vec![xp.fft().fft(x, ())?, xp.fft().ifft(x, Transform::new().n(k.min(40)))?]);
        |xp, x, _, k| Ok(vec![xp.fft().rfft(x, Transform::new().axis(k))?, xp.fft().ihfft(x, ())?]);
        |xp, x, _, k| Ok(vec![xp.fft().hfft(x, Transform::new().n(k.min(40)))?]);
        |xp, x, _, _| Ok(vec![xp.fft().fftn(x, ())?, xp.fft().ifftn(x, ())?]);
        |xp, x, _, _| Ok(vec![xp.fft().rfftn(x, ())?]);
        |xp, x, _, _| Ok(vec![xp.fft().irfftn(x, ())?]);
        |xp, x, _, k| Ok(vec![xp.fft().fftshift(x, k)?, xp.fft().ifftshift(x, ())?]);
        |xp, _, _, k| Ok(vec![xp.fft().fftfreq(k.min(40), ())?, xp.fft().rfftfreq(k.min(40), 0.5)?]);
        |xp, x, _, k| Ok(vec![xp.linalg().cholesky(x, k > 0)?]);
        |xp, x, y, k| Ok(vec![xp.linalg().cross(x, y, k)?]);
        |xp, x, _, _| Ok(vec![xp.linalg().det(x)?]);
        |xp, x, _, k| Ok(vec![xp.linalg().diagonal(x, k)?, xp.linalg().trace(x, k)?]);
        |xp, x, _, _| { let e = xp.linalg().eig(x)?; Ok(vec![e.eigenvalues, e.eigenvectors]) };
        |xp, x, _, _| { let e = xp.linalg().eigh(x)?; Ok(vec![e.eigenvalues, e.eigenvectors]) };
        |xp, x, _, _| Ok(vec![xp.linalg().eigvals(x)?]);
        |xp, x, _, _| Ok(vec![xp.linalg().eigvalsh(x)?]);
        |xp, x, _, _| Ok(vec![xp.linalg().inv(x)?]);
        |xp, x, _, k| Ok(vec![xp.linalg().matrix_norm(x, MatrixNorm::new().ord(k as f64))?, xp.linalg().matrix_norm(x, ())?]);
        |xp, x, _, k| Ok(vec![xp.linalg().matrix_power(x, k)?]);
        |xp, x, _, _| Ok(vec![xp.linalg().matrix_rank(x, ())?]);
        |xp, x, y, _| Ok(vec![xp.linalg().outer(x, y)?]);
        |xp, x, _, _| Ok(vec![xp.linalg().pinv(x, ())?]);
        |xp, x, _, _| { let d = xp.linalg().qr(x, QrMode::Complete)?; Ok(vec![d.q, d.r]) };
        |xp, x, _, _| { let d = xp.linalg().qr(x, ())?; Ok(vec![d.q, d.r]) };
        |xp, x, _, _| { let d = xp.linalg().slogdet(x)?; Ok(vec![d.sign, d.logabsdet]) };
        |xp, x, y, _| Ok(vec![xp.linalg().solve(x, y)?]);
        |xp, x, _, k| { let d = xp.linalg().svd(x, k > 0)?; Ok(vec![d.u, d.s, d.vh]) };
        |xp, x, _, _| Ok(vec![xp.linalg().svdvals(x)?]);
        |xp, x, _, k| Ok(vec![xp.linalg().vector_norm(x, VectorNorm::new().ord(k as f64))?]);
        // values, and operators that a program checks first
        |_, x, _, _| { x.item::<f64>()?; Ok(vec![]) };
        |_, x, _, _| { i64::try_from(x)?; Ok(vec![]) };
        |_, x, _, _| { let _ = (format!("{x}"), format!("{x:?}")); Ok(vec![]) };
        |_, x, y, _| { let mut z = x.clone(); z.pow_assign(y)?; Ok(vec![z]) };
        |_, x, y, _| { let mut z = x.clone(); z.floor_divide_assign(y)?; Ok(vec![z]) };
    });
    all
}
