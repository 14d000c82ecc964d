//! Kernels for contiguous blocks.
