//! The functions by their names, and the operators of those that have one.

use arrayspace::{Arg, Array, Namespace, Operand, Result, Scalar};

/// An operand of a call.
#[derive(Debug)]
pub(crate) enum In<'a, B: Namespace> {
    /// A borrowed array.
    Array(&'a Array<B>),
    /// An array that is given away.
    Own(Array<B>),
    /// A scalar.
    Scalar(Scalar),
}

impl<'a, B: Namespace> From<In<'a, B>> for Operand<'a, B> {
    fn from(x: In<'a, B>) -> Self {
        match x {
            In::Array(x) => x.into(),
            In::Own(x) => x.into(),
            In::Scalar(x) => x.into(),
        }
    }
}

impl<'a, B: Namespace> From<In<'a, B>> for Arg<'a, B> {
    fn from(x: In<'a, B>) -> Self {
        match x {
            In::Array(x) => x.into(),
            In::Own(x) => x.into(),
            In::Scalar(x) => panic!("functions of one operand take arrays, not {x}"),
        }
    }
}

/// `call`, from lists of names.
macro_rules! functions {
    (unary: $($unary:ident)*; binary: $($binary:ident)*;) => {
        /// The function of this name.
        pub(crate) fn call<'a, B: Namespace>(
            xp: &B,
            name: &str,
            operands: Vec<In<'a, B>>,
        ) -> Result<Array<B>> {
            let mut operands = operands.into_iter();
            let mut next = || operands.next().expect("an operand");
            match name {
                $(stringify!($unary) => xp.$unary(next()),)*
                $(stringify!($binary) => {
                    let (x1, x2) = (next(), next());
                    xp.$binary(x1, x2)
                })*
                "clip" => {
                    let (x, min, max) = (next(), next(), next());
                    xp.clip(x, Operand::from(min), Operand::from(max))
                }
                _ => panic!("no function {name}"),
            }
        }
    };
}
functions! {
    unary:
        abs acos acosh asin asinh atan atanh ceil conj cos cosh exp expm1 floor imag isfinite isinf isnan
        log log10 log1p log2 negative positive real reciprocal round sign signbit sin sinh sqrt square tan
        tanh trunc;
    binary:
        add atan2 copysign divide equal floor_divide hypot logaddexp maximum minimum multiply nextafter
        not_equal pow remainder subtract;
}

/// The operators of Rust, and the methods for Python's operators that Rust lacks.
macro_rules! operators {
    (operators: $($name:literal $op:tt $assign:tt;)* methods: $($method:ident $in_place:ident;)*) => {
        /// Whether the function has an operator.
        pub(crate) fn has_operator(name: &str) -> bool {
            [$($name,)* $(stringify!($method)),*].contains(&name)
        }

        /// The operator of the function: operands borrowed, given away, or a scalar on either side.
        pub(crate) fn operate<'a, B: Namespace>(
            name: &str,
            x1: In<'a, B>,
            x2: In<'a, B>,
        ) -> Result<Array<B>> {
            match name {
                $($name => Ok(match (x1, x2) {
                    (In::Array(x1), x2) => x1 $op x2,
                    (In::Own(x1), x2) => x1 $op x2,
                    (In::Scalar(x1), In::Array(x2)) => x1 $op x2,
                    (In::Scalar(x1), In::Own(x2)) => x1 $op x2,
                    (x1, x2) => panic!("no operator for {x1:?} and {x2:?}"),
                }),)*
                $(stringify!($method) => match x1 {
                    In::Array(x1) => x1.$method(x2),
                    In::Own(x1) => x1.$method(x2),
                    // methods have no scalar on the left
                    x1 => call(&match &x2 {
                        In::Array(x) => x.namespace(),
                        _ => panic!("no method for {x1:?} and {x2:?}"),
                    }, name, vec![x1, x2]),
                },)*
                _ => panic!("no operator {name}"),
            }
        }

        /// The in-place operator of the function.
        pub(crate) fn operate_in_place<'a, B: Namespace>(
            name: &str,
            x1: &'a mut Array<B>,
            x2: In<'a, B>,
        ) -> Result<()> {
            match name {
                $($name => {
                    *x1 $assign x2;
                    Ok(())
                })*
                $(stringify!($method) => x1.$in_place(x2),)*
                _ => panic!("no operator {name}"),
            }
        }
    };
}
operators! {
    operators:
        "add" + +=;
        "subtract" - -=;
        "multiply" * *=;
        "divide" / /=;
        "remainder" % %=;
    methods:
        pow pow_assign;
        floor_divide floor_divide_assign;
}
