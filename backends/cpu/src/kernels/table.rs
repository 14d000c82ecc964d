//! How the tables of operations are written.
//!
//! [`operations!`] takes lines such as `vector float: real::sqrt => same;` under the name of an operation:
//! kernels by the vectoriser, for the floating-point types, of that function, whose result has the
//! type of its operands. From each it makes the implementation of the operation and the entries of the
//! table, so that one list says all.
//!
//! - `vector` makes a kernel for each level of the processor, `scalar` one for all: what is no short sequence
//!   of instructions gains nothing from more.
//! - The sets of types are those of `each!`.
//! - The result is of the `same` type, a `bool`, or a `part` of a complex number.
//! - `vector parts: () => same;` is for complex numbers whose parts are operated on each for itself.
//! - `vector lanes: () => same;` takes the function of this name from [`crate::math::lanes`], for the
//!   floating-point types.

/// Does something for each type of a set: `one!` with the dtype, the type in memory and that of its parts.
macro_rules! each {
    (signed $($rest:tt)*) => {
        $crate::kernels::table::one!(Int8 i8 i8 $($rest)*);
        $crate::kernels::table::one!(Int16 i16 i16 $($rest)*);
        $crate::kernels::table::one!(Int32 i32 i32 $($rest)*);
        $crate::kernels::table::one!(Int64 i64 i64 $($rest)*);
    };
    (unsigned $($rest:tt)*) => {
        $crate::kernels::table::one!(UInt8 u8 u8 $($rest)*);
        $crate::kernels::table::one!(UInt16 u16 u16 $($rest)*);
        $crate::kernels::table::one!(UInt32 u32 u32 $($rest)*);
        $crate::kernels::table::one!(UInt64 u64 u64 $($rest)*);
    };
    (integer $($rest:tt)*) => {
        $crate::kernels::table::each!(signed $($rest)*);
        $crate::kernels::table::each!(unsigned $($rest)*);
    };
    (float $($rest:tt)*) => {
        $crate::kernels::table::one!(Float32 f32 f32 $($rest)*);
        $crate::kernels::table::one!(Float64 f64 f64 $($rest)*);
    };
    (number $($rest:tt)*) => {
        $crate::kernels::table::each!(integer $($rest)*);
        $crate::kernels::table::each!(float $($rest)*);
    };
    (complex $($rest:tt)*) => {
        $crate::kernels::table::one!(Complex64 (Complex<f32>) f32 $($rest)*);
        $crate::kernels::table::one!(Complex128 (Complex<f64>) f64 $($rest)*);
    };
    (boolean $($rest:tt)*) => { $crate::kernels::table::one!(Bool Bool Bool $($rest)*); };
    (float16 $($rest:tt)*) => { $crate::kernels::table::one!(Float16 f16 f16 $($rest)*); };
    (bfloat16 $($rest:tt)*) => { $crate::kernels::table::one!(BFloat16 bf16 bf16 $($rest)*); };
    (lanes implement $($rest:tt)*) => {};
    (lanes enter $map:ident $name:ident $out:ident $loop:ident ($dtype:ident, $level:ident)) => {
        if $dtype == DType::Float32 {
            return Some($crate::kernels::lanes::$loop::<f32, $crate::math::lanes::$name>($level));
        }
        if $dtype == DType::Float64 {
            return Some($crate::kernels::lanes::$loop::<f64, $crate::math::lanes::$name>($level));
        }
    };
    (parts implement $($rest:tt)*) => {};
    (parts enter $map:ident $name:ident $out:ident $loop:ident ($dtype:ident, $level:ident)) => {
        if $dtype == DType::Complex64 {
            return Some(loops::$loop::<f32, loops::Parts<$name>>($level));
        }
        if $dtype == DType::Complex128 {
            return Some(loops::$loop::<f64, loops::Parts<$name>>($level));
        }
    };
}

/// Implements an operation for a type, or enters its kernel.
macro_rules! one {
    ($d:ident $t:tt $part:ident implement $map:ident $args:tt $name:ident same $f:expr) => {
        $crate::kernels::table::one!(@ $t $t $map $args $name $f);
    };
    ($d:ident $t:tt $part:ident implement $map:ident $args:tt $name:ident bool $f:expr) => {
        $crate::kernels::table::one!(@ $t Bool $map $args $name $f);
    };
    ($d:ident $t:tt $part:ident implement $map:ident $args:tt $name:ident part $f:expr) => {
        $crate::kernels::table::one!(@ $t $part $map $args $name $f);
    };
    (@ $t:tt $out:tt $map:ident ($($arg:ident),*) $name:ident $f:expr) => {
        #[allow(unused_parens)] // of a type in parentheses
        impl $map<$t> for $name {
            type Out = $out;
            #[inline(always)]
            fn apply($($arg: $t),*) -> $out {
                #[allow(clippy::redundant_closure_call)]
                <$out>::from(($f)($($arg),*))
            }
        }
    };
    ($d:ident $t:tt $part:ident enter $map:ident $name:ident $out:ident $loop:ident
        ($dtype:ident, $level:ident)) => {
        if $dtype == DType::$d {
            #[allow(unused_parens)] // of a type in parentheses
            return Some(loops::$loop::<$t, $name>($level));
        }
    };
}

/// Makes types that stand for operations, and the table of their kernels.
macro_rules! operations {
    (
        $(#[$doc:meta])*
        fn $table:ident($op:ident) -> $kernel:ident, $map:ident $args:tt, $vector:ident, $scalar:ident;
        $($name:ident { $($kind:ident $set:ident: $f:expr => $out:ident;)* })*
    ) => {
        $(
            #[allow(dead_code)] // where every kernel is in lanes
            struct $name;
            $($crate::kernels::table::each!($set implement $map $args $name $out $f);)*
        )*

        $(#[$doc])*
        pub(crate) fn $table(op: $op, dtype: DType, level: Level) -> Option<$kernel> {
            match op {
                $($op::$name => {
                    $($crate::kernels::table::operations!(
                        @ $kind $vector $scalar $set $map $name $out (dtype, level)
                    );)*
                })*
                _ => {}
            }
            None
        }
    };
    (@ vector $vector:ident $scalar:ident $set:ident $map:ident $name:ident $out:ident $with:tt) => {
        $crate::kernels::table::each!($set enter $map $name $out $vector $with);
    };
    (@ scalar $vector:ident $scalar:ident $set:ident $map:ident $name:ident $out:ident $with:tt) => {
        $crate::kernels::table::each!($set enter $map $name $out $scalar $with);
    };
}

pub(super) use {each, one, operations};
