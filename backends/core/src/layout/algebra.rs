//! Arithmetic on layouts that backends and the layer above share.

use smallvec::SmallVec;

use super::Layout;
use crate::Dims;

/// The index of element number `n` of a shape, in row-major order. The shape has that many elements.
///
/// ```
/// use arrayspace_core::unravel_index;
/// assert_eq!(unravel_index(5, &[2, 3]).as_slice(), [1, 2]);
/// ```
pub fn unravel_index(n: usize, shape: &[usize]) -> Dims {
    let mut rest = n;
    let mut index = Dims::from_elem(0, shape.len());
    for (i, &len) in index.iter_mut().zip(shape).rev() {
        (*i, rest) = (rest % len.max(1), rest / len.max(1));
    }
    index
}

/// The fewest axes that describe the same elements in the same order: axes of length 1 are dropped, and
/// neighbours that all strides walk as one are joined.
///
/// Axes come outermost first, each as a length and one stride for each operand.
///
/// ```
/// use arrayspace_core::collapse;
/// // a row-major array beside a repeated row
/// let axes = [(2, [12, 0]), (1, [12, 9]), (3, [4, 4]), (4, [1, 1])];
/// assert_eq!(collapse(axes).as_slice(), [(2, [12, 0]), (12, [1, 1])]);
/// ```
#[inline]
pub fn collapse<S: AsRef<[isize]>>(
    axes: impl IntoIterator<Item = (usize, S)>,
) -> SmallVec<[(usize, S); 4]> {
    let mut out: SmallVec<[(usize, S); 4]> = SmallVec::new();
    for (len, strides) in axes {
        if len == 1 {
            continue;
        }
        let joins = |outer: &S| {
            let pairs = outer.as_ref().iter().zip(strides.as_ref());
            pairs.into_iter().all(|(&o, inner)| inner.checked_mul(len as isize) == Some(o))
        };
        match out.last_mut() {
            Some(outer) if joins(&outer.1) => {
                *outer = (outer.0.saturating_mul(len), strides);
            }
            _ => out.push((len, strides)),
        }
    }
    out
}

/// Whether elements `item` units wide at these strides (in the same units) overlap nowhere: true only if
/// each stride steps over everything that the smaller ones reach.
///
/// The test is conservative: some layouts whose strides cross have no overlap, and are refused.
#[inline]
pub fn is_injective(axes: impl Iterator<Item = (usize, isize)>, item: usize) -> bool {
    let mut axes: SmallVec<[(usize, usize); 6]> =
        axes.filter(|a| a.0 != 1).map(|(len, stride)| (stride.unsigned_abs(), len)).collect();
    if axes.iter().any(|a| a.1 == 0) {
        return true;
    }
    axes.sort_unstable();
    let mut reach = item;
    axes.iter().all(|&(stride, len)| {
        let fits = stride >= reach;
        // the span of a layout is within the address space: this saturates where it is not
        reach = reach.saturating_add(stride.saturating_mul(len - 1));
        fits
    })
}

impl Layout {
    /// Whether no two indices name the same element of the buffer. Conservative: some layouts whose
    /// strides cross have no such indices, and are refused.
    ///
    /// ```
    /// use arrayspace_core::Layout;
    /// let x = Layout::contiguous(&[2, 3])?;
    /// assert!(x.permute(&[1, 0]).is_injective());
    /// assert!(!x.broadcast_to(&[4, 2, 3]).unwrap().is_injective());
    /// # Ok::<(), arrayspace_core::Error>(())
    /// ```
    pub fn is_injective(&self) -> bool {
        self.is_contiguous() || is_injective(self.axes(), 1)
    }

    /// The position in the buffer of element number `n`, in row-major order. The layout has that many
    /// elements.
    ///
    /// ```
    /// use arrayspace_core::Layout;
    /// let transposed = Layout::contiguous(&[2, 3])?.permute(&[1, 0]);
    /// assert_eq!([0, 1, 2].map(|n| transposed.index_of(n)), [0, 3, 1]);
    /// # Ok::<(), arrayspace_core::Error>(())
    /// ```
    pub fn index_of(&self, n: usize) -> usize {
        let mut rest = n;
        let mut at = self.offset() as isize;
        for (len, stride) in self.axes().rev() {
            at += (rest % len.max(1)) as isize * stride;
            rest /= len.max(1);
        }
        at as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All layouts of up to three axes of small lengths and strides, at an offset that keeps them in
    /// range.
    fn layouts() -> impl Iterator<Item = Layout> {
        let axes: Vec<(usize, isize)> =
            (0..4).flat_map(|len| (-3..=6).map(move |stride| (len, stride))).collect();
        let n = axes.len();
        (0..n * n).map(move |k| {
            let (a, b) = (axes[k % n], axes[k / n]);
            Layout::new(&[a.0, 2, b.0], &[a.1, 1, b.1], 20).unwrap()
        })
    }

    fn positions(layout: &Layout) -> Vec<usize> {
        (0..layout.size())
            .map(|n| {
                let index = unravel_index(n, layout.shape());
                let steps = index.iter().zip(layout.strides());
                let at = steps.fold(layout.offset() as isize, |at, (&i, s)| at + i as isize * s);
                assert_eq!(layout.index_of(n), at as usize, "{layout:?}");
                at as usize
            })
            .collect()
    }

    #[test]
    fn injective_layouts_repeat_no_position() {
        let mut found = [0, 0];
        for layout in layouts() {
            let mut at = positions(&layout);
            let n = at.len();
            at.sort_unstable();
            at.dedup();
            let claims = layout.is_injective();
            assert!(!claims || at.len() == n, "{layout:?}");
            // with no stride below another's reach it is exact
            found[usize::from(claims)] += 1;
        }
        assert!(found[0] > 100 && found[1] > 100, "{found:?}");
        let transposed = Layout::contiguous(&[3, 4, 5]).unwrap().permute(&[2, 0, 1]);
        assert!(transposed.is_injective() && transposed.slice(0, 4, -2, 2).is_injective());
    }

    #[test]
    fn collapsed_axes_walk_the_same_positions() {
        for layout in layouts().filter(|l| l.size() > 0) {
            let axes = collapse(layout.axes().map(|(len, stride)| (len, [stride])));
            let shape: Dims = axes.iter().map(|a| a.0).collect();
            let strides: Vec<isize> = axes.iter().map(|a| a.1[0]).collect();
            assert!(axes.iter().all(|a| a.0 != 1));
            let collapsed = Layout::new(&shape, &strides, layout.offset()).unwrap();
            assert_eq!(positions(&collapsed), positions(&layout), "{layout:?}");
        }
    }
}
