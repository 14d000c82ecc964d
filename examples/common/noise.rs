//! Random numbers by position, so that threads may make them in any order.

use std::f64::consts::PI;

/// The `k`-th number of SplitMix64 (Steele, Lea and Flood, 2014), in [0, 1).
fn uniform(k: u64) -> f64 {
    let mut z = (k + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

/// Standard normal numbers `2k` and `2k + 1` (Box and Muller, 1958).
pub(crate) fn normal_pair(k: usize) -> [f64; 2] {
    // in (0, 1] and in [0, 1)
    let (u, v) = (1.0 - uniform(2 * k as u64), uniform(2 * k as u64 + 1));
    let radius = (-2.0 * u.ln()).sqrt();
    [radius * (2.0 * PI * v).cos(), radius * (2.0 * PI * v).sin()]
}
