//! What can go wrong, one variant a cause.

use std::fmt;
use std::panic::Location;

/// The result of every fallible function.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error: a kind, the function that failed, and a text.
///
/// The kind is the variant. The [text](Error::text) states what was given, what was expected, and how
/// to mend it. `Display` writes the [function](Error::function), where it is known, and the text. `Debug`,
/// which `main` and `unwrap` print, adds the [line](Error::location) of the call that failed. Two errors
/// are equal if kind, function and text are, wherever they arose.
///
/// ```
/// use arrayspace_core::Error;
/// let e = Error::axis(format_args!("axis 3 is out of range for an array of 2 dimensions"));
/// assert!(matches!(e, Error::Axis(_)));
/// let e = e.in_function("sum");
/// assert_eq!(e.function(), Some("sum"));
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

/// What an [`Error`] holds beside its kind: a function, a text and a line. See [`Error::function`],
/// [`Error::text`] and [`Error::location`].
#[derive(Clone)]
pub struct Message(Box<Parts>);

#[derive(Clone)]
struct Parts {
    function: Option<&'static str>,
    text: String,
    location: Option<&'static Location<'static>>,
}

impl From<String> for Message {
    fn from(text: String) -> Message {
        Message(Box::new(Parts { function: None, text, location: None }))
    }
}

/// Function and text, wherever the error arose.
impl PartialEq for Message {
    fn eq(&self, other: &Message) -> bool {
        self.0.function == other.0.function && self.0.text == other.0.text
    }
}

impl Eq for Message {}

/// The function, if it is known, and the text.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.function {
            Some(function) => f.pad(&format!("{function}: {}", self.0.text)),
            None => f.pad(&self.0.text),
        }
    }
}

/// As `Display`, and on a line of its own the location.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        match self.0.location {
            Some(location) => write!(f, "\n  at {location}"),
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

    /// The function that failed; `None` if the error arose below all functions, as in a call of a
    /// backend's method.
    pub fn function(&self) -> Option<&'static str> {
        self.message().0.function
    }

    /// The text, without the function.
    pub fn text(&self) -> &str {
        &self.message().0.text
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
        self.message().0.location
    }

    /// The error with the name of the function that failed, and the location of its caller (the caller
    /// of the outermost of nested `#[track_caller]` functions).
    ///
    /// The innermost function stays: an error that has one keeps it. The outermost location stays: the
    /// one that is given last.
    #[cold]
    #[track_caller]
    pub fn in_function(mut self, name: &'static str) -> Error {
        self.set_function(name);
        self
    }

    /// As [`in_function`](Error::in_function), in place.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub fn set_function(&mut self, name: &'static str) {
        self.message_mut().0.function.get_or_insert(name);
        self.set_location(Location::caller());
    }

    /// The error with one more remedy at the end of its text.
    #[cold]
    pub fn or(mut self, remedy: fmt::Arguments<'_>) -> Error {
        self.message_mut().0.text.push_str(&format!("; {remedy}"));
        self
    }

    /// The error with the text of another one that was found at the same time.
    #[cold]
    pub fn besides(mut self, other: &Error) -> Error {
        self.message_mut().0.text.push_str(&format!("; besides, {other}"));
        self
    }

    /// The error with the location of the call that failed.
    pub fn at(mut self, location: &'static Location<'static>) -> Error {
        self.set_location(location);
        self
    }

    fn set_location(&mut self, location: &'static Location<'static>) {
        // A function that the standard library calls, as `try_into` calls `try_from`, sees the
        // library's line as that of its caller.
        self.message_mut().0.location = (!is_of_std(location.file())).then_some(location);
    }
}

/// Whether this is a file of the standard library.
fn is_of_std(file: &str) -> bool {
    let mut parts = file.rsplit(['/', '\\']).skip_while(|&part| part != "src").skip(1);
    matches!(parts.next(), Some("core" | "alloc" | "std")) && parts.next() == Some("library")
}
