//! Elements as bytes, so that arrays of any dtype can be compared.

use arrayspace::prelude::*;
use arrayspace::{Element, bf16, f16, with_element};

/// The bytes of the elements in row-major order.
pub(crate) fn bytes<N: Namespace>(x: &Array<N>) -> Vec<u8> {
    with_element!(x.dtype(), T => T::as_bytes(&x.to_vec::<T>().unwrap()).to_vec())
}

/// The same with every NaN replaced by one: which of them an operation gives is nobody's promise.
pub(crate) fn bits<N: Namespace>(x: &Array<N>) -> Vec<u8> {
    let mut out = bytes(x);
    macro_rules! canonical {
        ($t:ty) => {
            for number in out.as_chunks_mut::<{ size_of::<$t>() }>().0 {
                if <$t>::from_ne_bytes(*number).is_nan() {
                    *number = <$t>::NAN.to_ne_bytes();
                }
            }
        };
    }
    match x.dtype().real_component() {
        DType::Float16 => canonical!(f16),
        DType::BFloat16 => canonical!(bf16),
        DType::Float32 => canonical!(f32),
        DType::Float64 => canonical!(f64),
        _ => {}
    }
    out
}
