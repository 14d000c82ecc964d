//! How arrays are printed: as NumPy prints them.
//!
//! The brackets, the wrapping of lines and the summary of large arrays are here; [`items`] writes the
//! elements, each array's in one width, [`digits`] finds the digits of a number, and [`spec`] says what the
//! format asks for. Without a precision the rules are those of NumPy 2's `arrayprint`.

mod digits;
mod items;
mod spec;

use std::fmt::{self, Write};

use arrayspace_core::{Backend, Layout, Part, Result};
use smallvec::SmallVec;

use self::items::Items;
use self::spec::{Exponent, Spec};
use crate::Array;

/// An array of more elements is summarised.
const THRESHOLD: usize = 1000;
/// The elements shown at either end of an axis in a summary.
const EDGE: usize = 3;
/// The most characters of a line.
const LINE_WIDTH: usize = 75;
/// More elements than this are not printed even in a summary: the text would be of no use. (A summary
/// of an array with two dozen axes has more.)
const MOST_SHOWN: usize = 1 << 20;

/// Prints the elements as NumPy's `print` does: in columns, floats with the digits that tell them apart
/// but at most 8 after the point, in scientific notation where the range demands it, arrays of more
/// than 1000 elements summarised.
///
/// A precision (`{:.3}`) is the number of digits after the point of every float, as for `f64`, and there
/// is no scientific notation then. `{:e}` and `{:E}` are scientific notation. A width is the least width of
/// an element, and fill, alignment, `+` and `0` are those of an element. So an array of 0 dimensions, as every
/// full reduction gives, is formatted as a number is.
///
/// ```
/// # #[cfg(feature = "cpu")] {
/// use arrayspace::prelude::*;
/// let xp = Cpu::new();
/// let x = xp.asarray([[1.0, 2.5], [-3.0, 1.0 / 3.0]], ())?;
/// assert_eq!(x.to_string(), "[[ 1.          2.5       ]\n [-3.          0.33333333]]");
/// assert_eq!(format!("{x:.2}"), "[[ 1.00  2.50]\n [-3.00  0.33]]");
/// let loss = xp.mean(&x, ())?;
/// assert_eq!(format!("loss {loss:.4}, {loss:>+9.3}, {loss:.1e}"), "loss 0.2083,    +0.208, 2.1e-1");
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
impl<B: Backend> fmt::Display for Array<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_elements(self, f, None)
    }
}

/// Every number as `1.5e-3`: with the digits that tell it apart, or as many after the point as the
/// precision says.
impl<B: Backend> fmt::LowerExp for Array<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_elements(self, f, Some(Exponent::Lower))
    }
}

/// Every number as `1.5E-3`: with the digits that tell it apart, or as many after the point as the
/// precision says.
impl<B: Backend> fmt::UpperExp for Array<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_elements(self, f, Some(Exponent::Upper))
    }
}

fn write_elements<B: Backend>(
    x: &Array<B>,
    f: &mut fmt::Formatter<'_>,
    exponent: Option<Exponent>,
) -> fmt::Result {
    let style = Style { separator: " ", indent: 0, width: LINE_WIDTH };
    f.write_str(&text(x, &Spec::new(f, exponent), &style))
}

/// The elements, and then dtype, shape and device: on one line if there is room, with `{:#?}` always on
/// lines of their own, which stay aligned within other values.
///
/// ```
/// # #[cfg(feature = "cpu")] {
/// use arrayspace::prelude::*;
/// let x = Cpu::new().asarray([1, 2], ())?;
/// assert_eq!(format!("{x:?}"), "Array([1, 2], dtype=int32, shape=[2], device=cpu:0)");
/// # }
/// # Ok::<(), arrayspace::Error>(())
/// ```
impl<B: Backend> fmt::Debug for Array<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HEAD: &str = "Array(";
        const INDENT: &str = "    ";
        let about =
            format!("dtype={}, shape={:?}, device={}", self.dtype, self.shape(), self.device);
        let indent = if f.alternate() { INDENT } else { HEAD }.len();
        let style = Style { separator: ", ", indent, width: LINE_WIDTH - 1 };
        let elements = text(self, &Spec::new(f, None), &style);
        if f.alternate() {
            return write!(f, "{HEAD}\n{INDENT}{elements},\n{INDENT}{about},\n)");
        }
        let last_line = match elements.rfind('\n') {
            Some(at) => elements.len() - at - 1,
            None => HEAD.len() + elements.len(),
        };
        let gap = if last_line + 3 + about.len() > LINE_WIDTH {
            format!("\n{:1$}", "", HEAD.len())
        } else {
            " ".to_owned()
        };
        write!(f, "{HEAD}{elements},{gap}{about})")
    }
}

/// How elements are put together.
struct Style {
    separator: &'static str,
    /// Characters before the first bracket.
    indent: usize,
    width: usize,
}

/// The elements as text, or a note why they are not shown: printing never fails.
fn text<B: Backend>(x: &Array<B>, spec: &Spec, style: &Style) -> String {
    if x.size() == 0 {
        return "[]".to_owned();
    }
    let summary = x.size() > THRESHOLD;
    let shown = shown_shape(x.shape(), summary);
    let count = shown.iter().try_fold(1usize, |n, &len| n.checked_mul(len));
    if count.is_none_or(|n| n > MOST_SHOWN) {
        return format!("<{} elements of shape {:?}>", x.size(), x.shape());
    }
    let read = || -> Result<Items> {
        let bytes = match summary {
            true => corners(x, &shown)?.host_bytes()?.into_owned(),
            false => x.host_bytes()?.into_owned(),
        };
        Ok(Items::new(&bytes, x.dtype, spec, x.ndim() == 0))
    };
    match read() {
        Ok(items) if x.ndim() == 0 => items.text(0, spec),
        Ok(items) => {
            let mut writer = Writer { shape: x.shape(), items, next: 0, summary, style, spec };
            let mut out = String::new();
            writer.axis(0, style.width, &mut out);
            out
        }
        Err(e) => format!("<elements of shape {:?} that cannot be read: {e}>", x.shape()),
    }
}

/// How many elements of each axis are shown.
fn shown_shape(shape: &[usize], summary: bool) -> Vec<usize> {
    shape.iter().map(|&len| if summary { len.min(2 * EDGE) } else { len }).collect()
}

/// The elements that a summary shows, of this shape: those near either end of each axis.
fn corners<B: Backend>(x: &Array<B>, shown: &[usize]) -> Result<Array<B>> {
    let whole = Layout::contiguous(shown)?;
    let mut parts: Vec<(Layout, Layout)> = vec![(x.layout.clone(), whole.clone())];
    for (axis, &len) in x.shape().iter().enumerate() {
        if len > 2 * EDGE {
            let ends = [(0, 0), (len - EDGE, EDGE)];
            parts = (parts.iter())
                .flat_map(|(source, target)| {
                    ends.map(|(from, to)| {
                        (source.slice(axis, from, 1, EDGE), target.slice(axis, to, 1, EDGE))
                    })
                })
                .collect();
        }
    }
    let views: Vec<Array<B>> = parts.iter().map(|(s, _)| x.with_layout(s.clone())).collect();
    let parts: Vec<Part<'_, B>> = (views.iter().zip(parts))
        .map(|(view, (_, target))| Part { source: view.view(), target })
        .collect();
    let buffer = B::assemble(&x.backend, &parts, x.dtype, whole.size(), x.device)?;
    Array::from_buffer(&x.backend, buffer, shown, x.dtype, x.device)
}

/// Writes the nested brackets.
struct Writer<'a> {
    shape: &'a [usize],
    items: Items,
    /// The number of the next element to be written.
    next: usize,
    summary: bool,
    style: &'a Style,
    spec: &'a Spec,
}

impl Writer<'_> {
    /// The subarray whose first axis is `axis`, in lines of at most `width` characters.
    fn axis(&mut self, axis: usize, width: usize, out: &mut String) {
        let len = self.shape[axis];
        let cut = self.summary && len > 2 * EDGE;
        let entries: SmallVec<[Option<usize>; 8]> = if cut {
            let mut shown: SmallVec<_> = (0..2 * EDGE).map(Some).collect();
            shown.insert(EDGE, None); // what is left out
            shown
        } else {
            (0..len).map(Some).collect()
        };
        let indent = self.style.indent + axis + 1;
        out.push('[');
        if axis + 1 == self.shape.len() {
            self.row(&entries, indent, width, out);
        } else {
            let gap = "\n".repeat(self.shape.len() - axis - 1);
            for (k, entry) in entries.iter().enumerate() {
                if k > 0 {
                    // writing to a string cannot fail
                    let _ = write!(out, "{}{gap}{:indent$}", self.style.separator.trim_end(), "");
                }
                match entry {
                    Some(_) => self.axis(axis + 1, width - 1, out),
                    None => out.push_str("..."),
                }
            }
        }
        out.push(']');
    }

    /// The elements along the last axis, wrapped where a line would get too long.
    fn row(&mut self, entries: &[Option<usize>], indent: usize, width: usize, out: &mut String) {
        // A separator or the bracket follows each element.
        let limit = width - self.style.separator.trim_end().len().max(1);
        let mut column = indent;
        for (k, entry) in entries.iter().enumerate() {
            let word = match entry {
                Some(_) => {
                    self.next += 1;
                    self.items.text(self.next - 1, self.spec)
                }
                None => "...".to_owned(),
            };
            let wide = word.chars().count();
            if column + wide > limit && column > indent {
                out.truncate(out.trim_end().len());
                let _ = write!(out, "\n{:indent$}", "");
                column = indent;
            }
            out.push_str(&word);
            column += wide;
            if k + 1 < entries.len() {
                out.push_str(self.style.separator);
                column += self.style.separator.len();
            }
        }
    }
}
