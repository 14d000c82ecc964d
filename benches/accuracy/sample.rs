//! Arguments: of all binades, and where a function is interesting.

/// A generator of random numbers (SplitMix64: Steele, Lea and Flood 2014).
pub(crate) struct Random(u64);

impl Random {
    /// A sequence for each seed.
    pub(crate) fn new(seed: u64) -> Random {
        let mut random = Random(seed.wrapping_mul(0xD134_2543_DE82_EF95));
        random.bits();
        random
    }

    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Between two numbers, evenly.
    fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * ((self.bits() >> 11) as f64 / (1u64 << 53) as f64)
    }

    /// Of either sign, the magnitude's logarithm evenly between two powers of two.
    fn spread(&mut self, least: f64, most: f64) -> f64 {
        let magnitude = self.between(least, most).exp2();
        if self.bits() & 1 == 0 { magnitude } else { -magnitude }
    }
}

/// Where a function deserves more arguments than chance gives it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Domain {
    /// Where an exponential is neither 0 nor infinite.
    Exponent,
    /// Around 1, and positive.
    NearOne,
    /// Above -1, and near 0.
    AboveMinusOne,
    /// Some turns, and next to multiples of π/4.
    Angle,
    /// Between -1 and 1, and next to both.
    Within1,
    /// Neither large nor small.
    Moderate,
    /// A base and an exponent whose power is neither 0 nor infinite.
    Power,
    /// Two exponents that are not far apart.
    Exponents,
}

impl Domain {
    /// A pair of arguments; `reach` is the greatest logarithm of a number.
    fn draw(self, random: &mut Random, reach: f64) -> (f64, f64) {
        let near = random.bits() & 1 == 0;
        let x = match self {
            Domain::Exponent if near => random.spread(-40.0, 4.0),
            Domain::Exponent => random.between(-1.1 * reach, 1.1 * reach),
            Domain::NearOne if near => 1.0 + random.spread(-52.0, -1.0),
            Domain::NearOne => random.spread(-8.0, 8.0).abs(),
            Domain::AboveMinusOne if near => random.spread(-40.0, 0.0),
            Domain::AboveMinusOne => random.between(-1.0, 20.0),
            Domain::Angle if near => {
                let turns = random.between(-20.0, 20.0).exp2().round();
                turns * std::f64::consts::FRAC_PI_4 * (1.0 + random.spread(-53.0, -20.0))
            }
            Domain::Angle => random.between(-100.0, 100.0),
            Domain::Within1 if near => {
                (1.0 - random.spread(-53.0, -1.0).abs()).copysign(random.spread(0.0, 1.0))
            }
            Domain::Within1 => random.between(-1.0, 1.0),
            Domain::Moderate if near => random.spread(-30.0, 6.0),
            Domain::Moderate => random.between(-10.0, 10.0),
            Domain::Power if near => (1.0 + random.spread(-40.0, -1.0)).abs(),
            Domain::Power => random.spread(-20.0, 20.0),
            Domain::Exponents => random.between(-30.0, 30.0),
        };
        let y = match self {
            Domain::Power if x < 0.0 => random.between(-30.0, 30.0).round(),
            Domain::Power => random.between(-1.07 * reach, 1.01 * reach) / x.ln(),
            Domain::Exponents if near => x + random.between(-40.0, 40.0),
            Domain::Exponents => random.between(-2.0, 1.0),
            _ if near => x * random.spread(-2.0, 2.0),
            _ => random.between(-10.0, 10.0),
        };
        (x, y)
    }
}

/// A type that is measured.
pub(crate) trait Sampled: Copy {
    /// The logarithm of the greatest number.
    const REACH: f64;
    /// The number nearest to it.
    fn from_f64(x: f64) -> Self;
    /// The number of these bits, if it is finite.
    fn from_bits(bits: u64) -> Option<Self>;
}

impl Sampled for f32 {
    const REACH: f64 = 88.72;
    fn from_f64(x: f64) -> f32 {
        x as f32
    }
    fn from_bits(bits: u64) -> Option<f32> {
        Some(f32::from_bits(bits as u32)).filter(|x| x.is_finite())
    }
}

impl Sampled for f64 {
    const REACH: f64 = 709.78;
    fn from_f64(x: f64) -> f64 {
        x
    }
    fn from_bits(bits: u64) -> Option<f64> {
        Some(f64::from_bits(bits)).filter(|x| x.is_finite())
    }
}

/// What is tried besides finite numbers at random.
const SPECIAL: [f64; 9] =
    [0.0, -0.0, 1.0, -1.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 0.5, 2.0];

/// Pairs of arguments, the same for each seed: half of them uniform over the bit patterns of finite
/// numbers, half in the domain; first, for seed 0, all pairs of special values.
pub(crate) fn pairs<T: Sampled>(domain: Domain, seed: u64, count: usize) -> (Vec<T>, Vec<T>) {
    let mut random = Random::new(seed);
    let (mut x, mut y) = (Vec::with_capacity(count), Vec::with_capacity(count));
    if seed == 0 {
        for (i, &a) in SPECIAL.iter().enumerate() {
            for b in SPECIAL[i..].iter().chain(&SPECIAL[..i]) {
                x.push(T::from_f64(a));
                y.push(T::from_f64(*b));
            }
        }
    }
    let any = |random: &mut Random| loop {
        if let Some(x) = T::from_bits(random.bits()) {
            return x;
        }
    };
    while x.len() < count {
        if x.len() % 2 == 0 {
            x.push(any(&mut random));
            y.push(any(&mut random));
        } else {
            let (a, b) = domain.draw(&mut random, T::REACH);
            x.push(T::from_f64(a));
            y.push(T::from_f64(b));
        }
    }
    (x, y)
}
