//! The parameters of a kernel, which it reads by name.
//!
//! A kernel that is given the parameters `rows` and `columns` reads them as `p.rows` and
//! `p.columns`. `p` is the struct of 32-bit words at binding 0. Its declaration and the words
//! themselves come from one list ([`Parameters::list`]), so neither can differ from the other, and
//! the compiler of shaders refuses a kernel that names a parameter that is not on its list. The
//! first field, `p.zero`, is always 0 and no compiler knows it.
//!
//! The fields have fixed offsets, so that reading one takes no check of bounds.

use std::fmt::{self, Write as _};

use crate::gpu::Meta;

/// Parameters of a kernel.
pub(crate) trait Parameters {
    /// Passes each parameter to `list`. The names may depend on nothing that the key of the kernel
    /// does not hold.
    fn list(&self, list: &mut dyn List);
}

/// A consumer of parameters, in the order in which they lie in memory.
pub(crate) trait List {
    /// A word: `p.NAME` is a `u32`.
    fn word(&mut self, name: fmt::Arguments<'_>, value: u32);

    /// A fixed number of words: `p.NAME[i]`.
    fn array(&mut self, name: &str, values: &[u32]);

    /// At least one word, and as many as there are: `p.NAME[i]`. Nothing may follow.
    fn rest(&mut self, name: &str, values: &[u32]);
}

/// The words of the parameters.
pub(crate) fn words(parts: &[&dyn Parameters]) -> Meta {
    let mut words = Words([0].into_iter().collect());
    parts.iter().for_each(|part| part.list(&mut words));
    words.0
}

/// The declaration of the parameters in WGSL.
pub(crate) fn declaration(parts: &[&dyn Parameters]) -> String {
    let mut fields = Fields("struct Parameters {\n  zero: u32,\n".to_owned());
    parts.iter().for_each(|part| part.list(&mut fields));
    fields.0 + "}\n@group(0) @binding(0) var<storage, read> p: Parameters;\n"
}

struct Words(Meta);

impl List for Words {
    fn word(&mut self, _: fmt::Arguments<'_>, value: u32) {
        self.0.push(value);
    }

    fn array(&mut self, _: &str, values: &[u32]) {
        self.0.extend_from_slice(values);
    }

    fn rest(&mut self, _: &str, values: &[u32]) {
        self.0.extend_from_slice(values);
    }
}

struct Fields(String);

impl List for Fields {
    fn word(&mut self, name: fmt::Arguments<'_>, _: u32) {
        let _ = writeln!(self.0, "  {name}: u32,");
    }

    fn array(&mut self, name: &str, values: &[u32]) {
        let _ = writeln!(self.0, "  {name}: array<u32, {}>,", values.len());
    }

    fn rest(&mut self, name: &str, _: &[u32]) {
        let _ = writeln!(self.0, "  {name}: array<u32>,");
    }
}

/// A value that is one word for a kernel. Negative numbers are in two's complement: sums and
/// products of words wrap, so a kernel adds and multiplies them like others.
pub(crate) trait Word: Copy {
    /// The word.
    fn word(self) -> u32;
}

macro_rules! words {
    ($($kind:ty),*) => {$(
        impl Word for $kind {
            fn word(self) -> u32 {
                self as u32
            }
        }
    )*};
}
words!(u32, i32, usize, isize, bool);

/// Declares a struct whose fields are parameters of a kernel, each one word.
macro_rules! parameters {
    (
        $(#[$about:meta])*
        $visible:vis struct $name:ident {
            $($(#[$about_field:meta])* $field:ident: $kind:ty,)*
        }
    ) => {
        $(#[$about])*
        $visible struct $name {
            $($(#[$about_field])* $visible $field: $kind,)*
        }

        impl $crate::parameters::Parameters for $name {
            fn list(&self, list: &mut dyn $crate::parameters::List) {
                $(list.word(
                    format_args!(stringify!($field)),
                    $crate::parameters::Word::word(self.$field),
                );)*
            }
        }
    };
}
pub(crate) use parameters;

#[cfg(test)]
mod tests {
    use super::*;

    parameters! {
        /// An example.
        struct Example {
            /// A number of elements.
            count: usize,
            stride: isize,
            descending: bool,
        }
    }

    struct Lists;

    impl Parameters for Lists {
        fn list(&self, list: &mut dyn List) {
            list.array("radices", &[4, 4, 2]);
            list.rest("walk", &[1, 7]);
        }
    }

    #[test]
    fn words_and_declaration_agree() {
        let example = Example { count: 5, stride: -1, descending: true };
        assert_eq!(words(&[&example, &Lists])[..], [0, 5, u32::MAX, 1, 4, 4, 2, 1, 7]);
        assert_eq!(
            declaration(&[&example, &Lists]),
            "struct Parameters {\n  zero: u32,\n  count: u32,\n  stride: u32,\n  descending: u32,\n  \
             radices: array<u32, 3>,\n  walk: array<u32>,\n}\n\
             @group(0) @binding(0) var<storage, read> p: Parameters;\n"
        );
    }
}
