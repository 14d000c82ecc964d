//! What can go wrong, one variant a cause.

use std::fmt;
use std::ops::Deref;
use std::panic::Location;

/// The result of every fallible function.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error: the variant is the cause, the text says what was given, what was expected, and how to
/// mend it.
///
/// `Display` writes the text. `Debug`, which `main` and `unwrap` print, writes the text and the
/// [place](Error::location) of the call that failed. Two errors are equal if variant and text are, wherever
/// they arose.
///
/// ```
/// use arrayspace_core::Error;
/// let e = Error::axis(format_args!("axis 3 is out of range for an array of 2 dimensions"));
/// assert!(matches!(e, Error::Axis(_)));
/// let e = e.in_function("sum");
/// assert_eq!(e.to_string(), "sum: axis 3 is out of range for an array of 2 dimensions");
/// assert!(format!("{e:?}").contains("2 dimensions\n  at "));
/// ```
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Shapes that do not broadcast together.
    #[error("{0}")]
    Broadcast(Message),
    /// A dtype that the function does not take.
    #[error("{0}")]
    DType(Message),
    /// Dtypes that the standard does not promote to a common one.
    #[error("{0}")]
    Promotion(Message),
    /// An axis that is out of range or repeated.
    #[error("{0}")]
    Axis(Message),
    /// An index that is out of bounds or of the wrong form.
    #[error("{0}")]
    Index(Message),
    /// A shape that does not fit.
    #[error("{0}")]
    Shape(Message),
    /// An argument with a value that makes no sense (a step of 0, a count below 0, NaN as a bound).
    #[error("{0}")]
    Value(Message),
    /// Arrays on different devices, or a device that does not exist.
    #[error("{0}")]
    Device(Message),
    /// A dtype or an operation that the backend or the device lacks.
    #[error("{0}")]
    Unsupported(Message),
    /// More memory than there is.
    #[error("{0}")]
    OutOfMemory(Message),
    /// A matrix without an inverse.
    #[error("{0}")]
    Singular(Message),
    /// An iteration that did not converge.
    #[error("{0}")]
    NoConvergence(Message),
    /// A foreign array that breaks the rules of DLPack, or one that cannot be exported.
    #[error("{0}")]
    DLPack(Message),
    /// A device that stopped answering.
    #[error("{0}")]
    DeviceLost(Message),
}

/// The text of an error, which it dereferences to, and the place of the call that failed.
#[derive(Clone)]
pub struct Message(Box<(String, Option<&'static Location<'static>>)>);

impl From<String> for Message {
    fn from(text: String) -> Message {
        Message(Box::new((text, None)))
    }
}

impl Deref for Message {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.0
    }
}

/// Whether the texts are the same, wherever they arose.
impl PartialEq for Message {
    fn eq(&self, other: &Message) -> bool {
        **self == **other
    }
}

impl Eq for Message {}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

/// The text, and on a line of its own the place.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)?;
        match self.0.1 {
            Some(place) => write!(f, "\n  at {place}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.message(), f)
    }
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

            fn message(&self) -> &Message {
                match self {
                    $(Error::$variant(message) => message,)*
                    Error::OutOfMemory(message) => message,
                }
            }

            fn message_mut(&mut self) -> &mut Message {
                match self {
                    $(Error::$variant(message) => message,)*
                    Error::OutOfMemory(message) => message,
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
        Error::OutOfMemory(Message::from(match bytes {
            Some(bytes) => format!(
                "out of memory: {bytes} bytes were asked for in one block; use a smaller shape or a \
                 narrower dtype, or work in pieces"
            ),
            None => {
                "out of memory: the size of the array in bytes exceeds the address space; use a \
                     smaller shape"
                    .to_owned()
            }
        }))
    }

    /// The line of the program that called the function which failed; `None` if it was called from
    /// elsewhere, as a backend's methods are.
    ///
    /// ```
    /// use arrayspace_core::Error;
    /// let e = Error::value(format_args!("k is NaN")).in_function("f");
    /// assert_eq!(e.location().map(|place| place.line()), Some(line!() - 1));
    /// ```
    pub fn location(&self) -> Option<&'static Location<'static>> {
        self.message().0.1
    }

    /// The error with the name of the function where it arose before its text, and with the place from
    /// which that was called: of `#[track_caller]` functions that call this, the caller of the outermost.
    ///
    /// The innermost name stays: a text that already begins with a function's name is left alone. The
    /// outermost place stays: the one that is given last.
    #[cold]
    #[track_caller]
    pub fn in_function(mut self, name: &str) -> Error {
        self.set_function(name);
        self
    }

    /// [`in_function`](Error::in_function), of an error where it lies.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub fn set_function(&mut self, name: &str) {
        let text = &mut self.message_mut().0.0;
        let named = text.split_once(": ").is_some_and(|(head, _)| {
            !head.is_empty() && head.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
        });
        if !named {
            *text = format!("{name}: {text}");
        }
        self.set_location(Location::caller());
    }

    /// The error with one more remedy at the end of its text.
    #[cold]
    pub fn or(mut self, remedy: fmt::Arguments<'_>) -> Error {
        self.message_mut().0.0.push_str(&format!("; {remedy}"));
        self
    }

    /// The error with the text of another one, that was found at the same time.
    #[cold]
    pub fn besides(mut self, other: &Error) -> Error {
        self.message_mut().0.0.push_str(&format!("; besides, {other}"));
        self
    }

    /// The error of a call from this place.
    pub fn at(mut self, place: &'static Location<'static>) -> Error {
        self.set_location(place);
        self
    }

    fn set_location(&mut self, place: &'static Location<'static>) {
        // A function that the standard library calls, as `try_into` calls `try_from`, is not told from
        // where that was called.
        self.message_mut().0.1 = (!is_of_std(place.file())).then_some(place);
    }
}

/// Whether this is a file of the standard library.
fn is_of_std(file: &str) -> bool {
    let mut parts = file.rsplit(['/', '\\']).skip_while(|&part| part != "src").skip(1);
    matches!(parts.next(), Some("core" | "alloc" | "std")) && parts.next() == Some("library")
}
