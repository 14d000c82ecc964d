//! What can go wrong, one variant a cause.

use std::fmt;

/// The result of every fallible function.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error: the variant is the cause, the text says what was given, what was expected, and how to
/// mend it.
///
/// ```
/// use arrayspace_core::Error;
/// let e = Error::axis(format_args!("axis 3 is out of range for an array of 2 dimensions"));
/// assert!(matches!(e, Error::Axis(_)));
/// assert_eq!(e.in_function("sum").to_string(), "sum: axis 3 is out of range for an array of 2 dimensions");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Shapes that do not broadcast together.
    #[error("{0}")]
    Broadcast(Box<str>),
    /// A dtype that the function does not take.
    #[error("{0}")]
    DType(Box<str>),
    /// Dtypes that the standard does not promote to a common one.
    #[error("{0}")]
    Promotion(Box<str>),
    /// An axis that is out of range or repeated.
    #[error("{0}")]
    Axis(Box<str>),
    /// An index that is out of bounds or of the wrong form.
    #[error("{0}")]
    Index(Box<str>),
    /// A shape that does not fit.
    #[error("{0}")]
    Shape(Box<str>),
    /// An argument with a value that makes no sense (a step of 0, a count below 0, NaN as a bound).
    #[error("{0}")]
    Value(Box<str>),
    /// Arrays on different devices, or a device that does not exist.
    #[error("{0}")]
    Device(Box<str>),
    /// A dtype or an operation that the backend or the device lacks.
    #[error("{0}")]
    Unsupported(Box<str>),
    /// More memory than there is.
    #[error("{0}")]
    OutOfMemory(Box<str>),
    /// A matrix without an inverse.
    #[error("{0}")]
    Singular(Box<str>),
    /// An iteration that did not converge.
    #[error("{0}")]
    NoConvergence(Box<str>),
    /// A foreign array that breaks the rules of DLPack, or one that cannot be exported.
    #[error("{0}")]
    DLPack(Box<str>),
    /// A device that stopped answering.
    #[error("{0}")]
    DeviceLost(Box<str>),
}

macro_rules! constructors {
    ($($name:ident $variant:ident)*) => {
        impl Error {
            $(
                #[doc = concat!("An [`Error::", stringify!($variant), "`] with this text.")]
                #[cold]
                pub fn $name(text: fmt::Arguments<'_>) -> Error {
                    Error::$variant(text.to_string().into())
                }
            )*

            fn text_mut(&mut self) -> &mut Box<str> {
                match self {
                    $(Error::$variant(text) => text,)*
                    Error::OutOfMemory(text) => text,
                }
            }
        }
    };
}
constructors! {
    broadcast Broadcast
    dtype DType
    promotion Promotion
    axis Axis
    index Index
    shape Shape
    value Value
    device Device
    unsupported Unsupported
    singular Singular
    no_convergence NoConvergence
    dlpack DLPack
    device_lost DeviceLost
}

impl Error {
    /// An [`Error::OutOfMemory`] for a block of `bytes` (`None`: more than can be counted).
    #[cold]
    pub fn out_of_memory(bytes: Option<usize>) -> Error {
        Error::OutOfMemory(match bytes {
            Some(bytes) => format!(
                "out of memory: {bytes} bytes were asked for in one block; use a smaller shape or a \
                 narrower dtype, or work in pieces"
            )
            .into(),
            None => "out of memory: the size of the array in bytes exceeds the address space; use a \
                     smaller shape"
                .into(),
        })
    }

    /// The error with the name of the function where it arose before its text.
    ///
    /// The innermost function stays: a text that already begins with a function's name is left alone.
    #[cold]
    pub fn in_function(mut self, name: &str) -> Error {
        let text = self.text_mut();
        let named = text.split_once(": ").is_some_and(|(head, _)| {
            !head.is_empty() && head.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
        });
        if !named {
            *text = format!("{name}: {text}").into();
        }
        self
    }
}
