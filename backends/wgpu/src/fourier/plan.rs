//! Plans for the transforms of a length, with their tables.
//!
//! A length is a product of factors that fit into the memory of a workgroup, and each factor takes
//! a pass over memory. A length with a large prime factor is transformed by a convolution of a
//! longer, smooth length (Bluestein, "A linear filtering approach to the computation of discrete
//! Fourier transform", 1970). The host computes the roots of unity, in double precision.

use std::sync::{Arc, Mutex};

use arrayspace_core::{Error, Result};
use smallvec::SmallVec;

use super::pass::{Load, Store, transform};
use crate::gpu::{Buffer, Gpu, locked};
use crate::reg::Reg;
use crate::values::size_of;

/// The largest prime factor that is transformed by the definition.
const LARGEST_RADIX: usize = 61;
/// The most bytes of tables that are kept. The least recently used ones are dropped.
const CACHE_BYTES: usize = 64 << 20;

/// The most numbers of lines in a workgroup, which holds them twice in 16 KiB.
pub(super) fn cells(reg: Reg) -> usize {
    (16 << 10) / (2 * reg.cell_size())
}

/// The most stages of a factor of at most 1024.
pub(super) const STAGES: usize = 10;

/// One pass: transforms of rows of `size` numbers of a line.
pub(super) struct Factor {
    pub(super) size: usize,
    /// The product of the factors before it.
    pub(super) done: usize,
    pub(super) radices: SmallVec<[u32; STAGES]>,
    /// Where the roots of its length begin in the table.
    pub(super) roots: usize,
}

/// A plan for lines of one length.
pub(super) struct Plan {
    /// The length that the passes transform.
    pub(super) len: usize,
    pub(super) factors: SmallVec<[Factor; 4]>,
    pub(super) table: Buffer,
    /// Where the roots of the whole length begin in the table: first `2^shift` consecutive ones,
    /// then every `2^shift`th.
    pub(super) far: usize,
    pub(super) shift: u32,
    /// The tables of a convolution.
    pub(super) chirp: Option<Chirp>,
    /// The type of the numbers.
    pub(super) reg: Reg,
}

/// The tables of a convolution.
pub(super) struct Chirp {
    /// Where the numbers `exp(-πi·k²/n)` begin in the table of the plan.
    pub(super) at: usize,
    /// The transform of their conjugates, divided by its length.
    pub(super) filter: Buffer,
}

/// The plans that are kept.
#[derive(Default)]
pub(crate) struct Plans(Mutex<Vec<Kept>>);

struct Kept {
    /// The address of the device, which lives as long as the tables, the type, and the length.
    key: (usize, Reg, usize),
    plan: Arc<Plan>,
    bytes: usize,
}

impl Plans {
    /// The plan for lines of `n` numbers of a complex type.
    pub(super) fn plan(&self, gpu: &Arc<Gpu>, reg: Reg, n: usize) -> Result<Arc<Plan>> {
        let key = (Arc::as_ptr(gpu) as usize, reg, n);
        {
            let mut kept = locked(&self.0);
            if let Some(at) = kept.iter().position(|k| k.key == key) {
                // the most recently used plan is the last one
                kept[at..].rotate_left(1);
                return Ok(Arc::clone(&kept[kept.len() - 1].plan));
            }
        }
        let plan = Arc::new(Plan::new(gpu, reg, n)?);
        let filter = plan.chirp.as_ref().map_or(0, |c| c.filter.len_bytes());
        let bytes = plan.table.len_bytes() + filter;
        if bytes <= CACHE_BYTES {
            let mut kept = locked(&self.0);
            kept.push(Kept { key, plan: Arc::clone(&plan), bytes });
            let mut all: usize = kept.iter().map(|k| k.bytes).sum();
            let surplus = kept.iter().take_while(|k| {
                let over = all > CACHE_BYTES;
                all -= k.bytes;
                over
            });
            let surplus = surplus.count();
            kept.drain(..surplus);
        }
        Ok(plan)
    }

    /// Drops all plans.
    pub(crate) fn clear(&self) {
        locked(&self.0).clear();
    }
}

impl Plan {
    fn new(gpu: &Arc<Gpu>, reg: Reg, n: usize) -> Result<Plan> {
        let mut primes = prime_factors(n);
        let smooth = primes.iter().all(|&p| p <= LARGEST_RADIX);
        let len = if smooth { n } else { convolution_length(n) };
        if !smooth {
            primes = prime_factors(len);
        }
        // a length that does not fit is an error before any table is computed
        let filter = if smooth {
            size_of(&[len]).map(|_| None)
        } else {
            gpu.allocate(reg.dtype(), len).map(Some)
        }?;
        let mut table = Table { reg, bytes: Vec::new() };
        let mut factors: SmallVec<[Factor; 4]> = SmallVec::new();
        let mut done = 1;
        for size in sizes(&primes, cells(reg)) {
            let same = factors.iter().find(|f| f.size == size).map(|f| f.roots);
            let roots = match same {
                Some(roots) => roots,
                None => table.extend((0..size).map(|k| root(k, size)))?,
            };
            factors.push(Factor { size, done, radices: radices(size), roots });
            done *= size;
        }
        let shift = len.next_power_of_two().trailing_zeros().div_ceil(2);
        let far = table.next();
        if factors.len() > 1 {
            table.extend((0..1 << shift).map(|k| root(k, len)))?;
            table.extend((0..((len - 1) >> shift) + 1).map(|k| root(k << shift, len)))?;
        }
        let chirp = |k: usize| root((k as u64 * k as u64 % (2 * n as u64)) as usize, 2 * n);
        let at = table.next();
        if filter.is_some() {
            table.extend((0..n).map(chirp))?;
        }
        let table = gpu.upload(&table.bytes)?;
        let mut plan = Plan { len, factors, table, far, shift, chirp: None, reg };
        if let Some(filter) = filter {
            let mut values = Table { reg, bytes: Vec::new() };
            values.extend((0..len).map(|k| {
                let (re, im) = match k.min(len - k) {
                    k if k < n => chirp(k),
                    _ => (0.0, 0.0),
                };
                (re / len as f64, -im / len as f64)
            }))?;
            let values = gpu.upload(&values.bytes)?;
            transform(gpu, &plan, &Load::work(&values), &Store::Work(&filter), 1)?;
            plan.chirp = Some(Chirp { at, filter });
        }
        Ok(plan)
    }
}

/// The numbers of a table, as they lie in memory.
struct Table {
    reg: Reg,
    bytes: Vec<u8>,
}

impl Table {
    /// The number of numbers so far, which is the index of the next one.
    fn next(&self) -> usize {
        self.bytes.len() / self.reg.cell_size()
    }

    /// Appends numbers, and returns the index of the first one.
    fn extend(&mut self, numbers: impl ExactSizeIterator<Item = (f64, f64)>) -> Result<usize> {
        let at = self.next();
        let more = numbers.len().checked_mul(self.reg.cell_size());
        more.and_then(|more| self.bytes.try_reserve(more).ok())
            .ok_or_else(|| Error::out_of_memory(more))?;
        for (re, im) in numbers {
            for part in [re, im] {
                match self.reg {
                    Reg::C64 => self.bytes.extend((part as f32).to_ne_bytes()),
                    _ => self.bytes.extend(part.to_ne_bytes()),
                }
            }
        }
        Ok(at)
    }
}

/// `exp(-2πi·k/n)` for `k < n`, from an angle of at most an eighth of a turn.
fn root(k: usize, n: usize) -> (f64, f64) {
    let (k, n) = (k as u64, n as u64);
    let eighth = 8 * k / n;
    // the distance from the nearest quarter of a turn
    let quarter = eighth.div_ceil(2);
    let rest = (4 * k) as i64 - (quarter * n) as i64;
    let (sin, cos) = (rest as f64 / n as f64 * std::f64::consts::FRAC_PI_2).sin_cos();
    match quarter % 4 {
        0 => (cos, -sin),
        1 => (-sin, -cos),
        2 => (-cos, sin),
        _ => (sin, cos),
    }
}

/// The prime factors, the smallest first.
fn prime_factors(mut n: usize) -> SmallVec<[usize; 32]> {
    let mut factors = SmallVec::new();
    let mut p = 2;
    while p * p <= n {
        while n.is_multiple_of(p) {
            factors.push(p);
            n /= p;
        }
        p += 1;
    }
    if n > 1 {
        factors.push(n);
    }
    factors
}

/// The shortest length from `2n - 1` on that is a power of two, or that times 5/8 or 3/4.
fn convolution_length(n: usize) -> usize {
    let power = (2 * n - 1).next_power_of_two();
    [power / 8 * 5, power / 4 * 3, power].into_iter().find(|&len| len >= 2 * n - 1).unwrap_or(power)
}

/// Factors of a length, none larger than `most`. Several factors are at most half as large, so that
/// a workgroup holds more than one row.
fn sizes(primes: &[usize], most: usize) -> SmallVec<[usize; 4]> {
    let n: usize = primes.iter().product();
    if n <= most {
        return SmallVec::from_slice(&[n]);
    }
    for count in 2.. {
        let mut sizes: SmallVec<[usize; 4]> = SmallVec::from_elem(1, count);
        for &p in primes.iter().rev() {
            if let Some(least) = sizes.iter_mut().min() {
                *least *= p;
            }
        }
        if sizes.iter().all(|&size| size <= most / 2) {
            return sizes;
        }
    }
    SmallVec::new()
}

/// The radices of the stages of a factor.
fn radices(size: usize) -> SmallVec<[u32; STAGES]> {
    let mut radices = SmallVec::new();
    let mut rest = size;
    while rest.is_multiple_of(4) {
        radices.push(4);
        rest /= 4;
    }
    radices.extend(prime_factors(rest).into_iter().map(|p| p as u32));
    radices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_on_the_circle() {
        for n in [1, 2, 3, 4, 5, 7, 8, 12, 97, 1024, 1_000_003] {
            for k in (0..n).step_by(n / 97 + 1) {
                let (re, im) = root(k, n);
                let (sin, cos) = (2.0 * std::f64::consts::PI * k as f64 / n as f64).sin_cos();
                assert!((re - cos).abs() < 2e-15 && (im + sin).abs() < 2e-15, "{k} of {n}");
            }
        }
        assert_eq!([root(1, 4), root(2, 4), root(3, 4)], [(0.0, -1.0), (-1.0, 0.0), (0.0, 1.0)]);
    }

    #[test]
    fn lengths_are_products_of_factors_that_fit() {
        for most in [512, 1024] {
            for n in
                (1..3000).chain([1 << 16, 1 << 20, 1 << 24, 3 * 5 * 7 * 11 * 13 * 17, 59 * 61 * 61])
            {
                let primes = prime_factors(n);
                assert_eq!(primes.iter().product::<usize>(), n);
                if primes.iter().any(|&p| p > LARGEST_RADIX) {
                    let len = convolution_length(n);
                    assert!(len >= 2 * n - 1 && len < 4 * n);
                    assert!(prime_factors(len).iter().all(|&p| p <= 5));
                    continue;
                }
                let sizes = sizes(&primes, most);
                assert_eq!(sizes.iter().product::<usize>(), n);
                for size in sizes {
                    assert!(size <= most);
                    let radices = radices(size);
                    assert!(radices.len() <= STAGES);
                    assert_eq!(radices.iter().product::<u32>(), size as u32);
                }
            }
        }
    }
}
