//! Measuring one function over many arguments, on all cores.

use std::fmt::LowerExp;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use arrayspace::prelude::*;

use super::double::scale;
use super::functions::{Function, Platform};
use super::numpy::Worker;
use super::reference::Exact;
use super::sample::{Sampled, pairs};
use super::ulp::{self, Off};

/// A type that functions are measured in.
pub(crate) trait Measured:
    Sampled + arrayspace::Element + arrayspace::Nested + LowerExp + Send
{
    /// The dtype's name.
    const NAME: &'static str;
    /// What a result is compared with.
    type Reference: Copy;
    /// The platform's function.
    fn of_platform(platform: &Platform) -> fn(Self, Self) -> Self;
    /// What is as good as the exact result.
    fn reference(f: &Function, x: Self, y: Self) -> Self::Reference;
    /// How far off a result is.
    fn off(got: Self, exact: Self::Reference) -> Off;
    /// The number of this place in the order of bit patterns.
    fn nth(bits: u32) -> Self;
    /// Little-endian bytes of numbers, and back.
    fn to_little_endian(values: &[Self]) -> Vec<u8>;
    /// Numbers of little-endian bytes.
    fn of_little_endian(bytes: &[u8]) -> Vec<Self>;
}

impl Measured for f32 {
    const NAME: &'static str = "float32";
    type Reference = f64;
    fn of_platform(platform: &Platform) -> fn(f32, f32) -> f32 {
        platform.single
    }
    #[inline]
    fn reference(f: &Function, x: f32, y: f32) -> f64 {
        let (x, y) = (x.into(), y.into());
        match f.platform {
            // an error of two units is 2^-28 of one of `f32`
            Some(platform) => (platform.double)(x, y),
            None => match (f.exact)(x, y) {
                Exact::Is(x) => x,
                Exact::Near(x, k) => scale(x.hi, k),
            },
        }
    }
    #[inline]
    fn off(got: f32, exact: f64) -> Off {
        ulp::single(got, exact)
    }
    fn nth(bits: u32) -> f32 {
        f32::from_bits(bits)
    }
    fn to_little_endian(values: &[f32]) -> Vec<u8> {
        values.iter().flat_map(|x| x.to_le_bytes()).collect()
    }
    fn of_little_endian(bytes: &[u8]) -> Vec<f32> {
        bytes.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect()
    }
}

impl Measured for f64 {
    const NAME: &'static str = "float64";
    type Reference = Exact;
    fn of_platform(platform: &Platform) -> fn(f64, f64) -> f64 {
        platform.double
    }
    #[inline]
    fn reference(f: &Function, x: f64, y: f64) -> Exact {
        (f.exact)(x, y)
    }
    #[inline]
    fn off(got: f64, exact: Exact) -> Off {
        ulp::double(got, exact)
    }
    fn nth(bits: u32) -> f64 {
        f64::from_bits(u64::from(bits) << 32)
    }
    fn to_little_endian(values: &[f64]) -> Vec<u8> {
        values.iter().flat_map(|x| x.to_le_bytes()).collect()
    }
    fn of_little_endian(bytes: &[u8]) -> Vec<f64> {
        bytes.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b)).collect()
    }
}

/// Which arguments are tried.
#[derive(Clone, Copy)]
pub(crate) enum Plan {
    /// So many of the sample.
    Sample(u64),
    /// All 2^32 patterns of bits, of a function of one `f32`.
    All,
}

/// The largest error of one side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Worst<T> {
    /// In units in the last place, of the results that are not wrong.
    pub(crate) off: f64,
    /// The arguments.
    pub(crate) at: (T, T),
    /// How many results were wrong, and the arguments of one.
    pub(crate) wrong: Option<(u64, (T, T))>,
    /// How many values were tried.
    pub(crate) tried: u64,
}

impl<T: Measured> Worst<T> {
    fn new() -> Worst<T> {
        let zero = T::from_f64(0.0);
        Worst { off: 0.0, at: (zero, zero), wrong: None, tried: 0 }
    }

    #[inline]
    fn note(&mut self, off: Off, at: (T, T)) {
        match off {
            Off::By(off) if off > self.off => (self.off, self.at) = (off, at),
            Off::By(_) => {}
            Off::Wrong => {
                let (count, first) = self.wrong.unwrap_or((0, at));
                self.wrong = Some((count + 1, first));
            }
        }
    }

    fn merge(&mut self, other: Worst<T>) {
        if other.off > self.off {
            (self.off, self.at) = (other.off, other.at);
        }
        self.wrong = match (self.wrong, other.wrong) {
            (Some((a, first)), Some((b, _))) => Some((a + b, first)),
            (a, b) => a.or(b),
        };
        self.tried += other.tried;
    }

    /// Notes the results of a block.
    fn note_all(&mut self, got: &[T], exact: &[T::Reference], x: &[T], y: &[T]) {
        for (((&got, &exact), &x), &y) in got.iter().zip(exact).zip(x).zip(y) {
            self.note(T::off(got, exact), (x, y));
        }
        self.tried += got.len() as u64;
    }

    /// As a cell of a table.
    pub(crate) fn cell(&self, arity: usize) -> String {
        let pair = |(x, y): (T, T)| match arity {
            1 => format!("{x:e}"),
            _ => format!("({x:e}, {y:e})"),
        };
        let wrong = match self.wrong {
            Some((count, first)) => format!("; {count} wrong, as at {}", pair(first)),
            None => String::new(),
        };
        let off = match self.off {
            off if off < 1e4 => format!("{off:.3}"),
            off => format!("{off:.0e}"),
        };
        format!("{off} at {}{wrong}", pair(self.at))
    }
}

/// The largest errors of all sides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<T> {
    pub(crate) ours: Worst<T>,
    pub(crate) platform: Worst<T>,
    pub(crate) numpy: Worst<T>,
}

impl<T: Measured> Row<T> {
    fn new() -> Row<T> {
        Row { ours: Worst::new(), platform: Worst::new(), numpy: Worst::new() }
    }
}

/// Arguments are tried by so many.
const BLOCK: u64 = 1 << 16;

/// The peers see every so many-th block where there are many.
const SHARE: u64 = 8;

/// Measures a function; NumPy as well, if it is given the Python that has it.
///
/// # Errors
/// Those of the function.
pub(crate) fn measure<T: Measured>(
    f: &Function,
    plan: Plan,
    python: Option<&str>,
) -> Result<Row<T>> {
    let values = match plan {
        Plan::All => 1 << 32,
        Plan::Sample(values) => values,
    };
    let blocks = values.div_ceil(BLOCK);
    let next = AtomicU64::new(0);
    let total = Mutex::new((Row::new(), None));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let mut row = Row::new();
        let mut numpy = python.and_then(Worker::start);
        let mut failed = None;
        loop {
            let block = next.fetch_add(1, Ordering::Relaxed);
            if block >= blocks || failed.is_some() {
                break;
            }
            let (x, y): (Vec<T>, Vec<T>) = match plan {
                Plan::All => {
                    let x: Vec<T> =
                        (0..BLOCK).map(|i| T::nth((block * BLOCK + i) as u32)).collect();
                    (x.clone(), x)
                }
                Plan::Sample(_) => {
                    pairs(f.domain, block, BLOCK.min(values - block * BLOCK) as usize)
                }
            };
            let shared = block.is_multiple_of(SHARE) || blocks < 10 * SHARE;
            failed = one_block(f, &x, &y, &mut row, numpy.as_mut().filter(|_| shared)).err();
        }
        let mut total = total.lock().unwrap_or_else(PoisonError::into_inner);
        total.0.ours.merge(row.ours);
        total.0.platform.merge(row.platform);
        total.0.numpy.merge(row.numpy);
        total.1 = failed.or(total.1.take());
    };
    std::thread::scope(|scope| {
        (0..threads).for_each(|_| drop(scope.spawn(work)));
    });
    match total.into_inner().unwrap_or_else(PoisonError::into_inner) {
        (_, Some(error)) => Err(error),
        (row, None) => Ok(row),
    }
}

/// Notes the errors at some arguments.
fn one_block<T: Measured>(
    f: &Function,
    x: &[T],
    y: &[T],
    row: &mut Row<T>,
    numpy: Option<&mut Worker>,
) -> Result<()> {
    let xp = Cpu::new();
    let array = |values: &[T]| xp.asarray(values.to_vec(), ());
    let ours = (f.ours)(&array(x)?, &array(y)?)?.to_vec::<T>()?;
    let exact: Vec<T::Reference> = x.iter().zip(y).map(|(&x, &y)| T::reference(f, x, y)).collect();
    row.ours.note_all(&ours, &exact, x, y);
    if let Some(platform) = &f.platform {
        let platform = T::of_platform(platform);
        let got: Vec<T> = x.iter().zip(y).map(|(&x, &y)| platform(x, y)).collect();
        row.platform.note_all(&got, &exact, x, y);
    }
    if let Some(got) = numpy.and_then(|worker| worker.results(f, x, y)) {
        row.numpy.note_all(&got, &exact, x, y);
    }
    Ok(())
}
