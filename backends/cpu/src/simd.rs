//! The vector units, chosen at run time.
