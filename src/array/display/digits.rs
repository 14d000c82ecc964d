//! The decimal digits of a floating-point number: the fewest that tell it apart from its neighbours of
//! the same type, or a given number of them, correctly rounded.
//!
//! For float32 and float64 the standard library finds the fewest (Grisu with Dragon4 behind it). The
//! two half-precision types have so few values that trying one digit after another will do.

use arrayspace_core::DType;
use half::{bf16, f16};

/// No finite number has as many digits after the point (the smallest float64 has 1074).
pub(super) const ALL_DIGITS: usize = 1100;

/// The absolute value of a finite number in decimal: `0.d₁d₂d₃… · 10^point`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Digits {
    /// At least one ASCII digit; the first is not 0, unless the number is 0.
    digits: String,
    /// How many digits lie before the decimal point.
    point: i32,
}

/// A value rounded to a floating-point type, as a float64.
pub(super) fn rounded(value: f64, dtype: DType) -> f64 {
    match dtype {
        DType::Float16 => f16::from_f64(value).to_f64(),
        DType::BFloat16 => bf16::from_f64(value).to_f64(),
        DType::Float32 => f64::from(value as f32),
        _ => value,
    }
}

impl Digits {
    /// Reads Rust's scientific notation, without a sign.
    fn parse(text: &str) -> Digits {
        let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let digits = digits.replace('.', "");
        let point = if digits.bytes().all(|d| d == b'0') {
            1
        } else {
            exponent.parse::<i32>().unwrap_or(0) + 1
        };
        Digits { digits, point }
    }

    /// The fewest digits that mean this finite value of this type and no other: of several such
    /// numbers the nearest, of two that are equally near the one with the even digit.
    pub(super) fn shortest(value: f64, dtype: DType) -> Digits {
        let value = value.abs();
        let text = match dtype {
            DType::Float16 | DType::BFloat16 => return Digits::shortest_half(value, dtype),
            DType::Float32 => format!("{:e}", value as f32),
            _ => format!("{value:e}"),
        };
        let found = Digits::parse(&text);
        // The standard library takes the greater of two that are equally near.
        let even = format!("{value:.0$e}", found.digits.len() - 1);
        let means_value = match dtype {
            DType::Float32 => even.parse() == Ok(value as f32),
            _ => even.parse() == Ok(value),
        };
        if means_value { Digits::parse(&even) } else { found }
    }

    fn shortest_half(value: f64, dtype: DType) -> Digits {
        for more in 0..8 {
            let text = format!("{value:.more$e}");
            let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let (digits, exponent) = (digits.replace('.', ""), exponent.parse().unwrap_or(0));
            let number: u64 = digits.parse().unwrap_or(0);
            // The interval of numbers that mean the value is wider above a power of two, so that the
            // digit above the nearest may do where the nearest does not.
            for number in [number, number + 1] {
                let text = format!("{number}e{}", exponent - more as i32);
                if text.parse().is_ok_and(|v: f64| rounded(v, dtype) == value) {
                    let carry = number.to_string().len() as i32 - digits.len() as i32;
                    let mut found =
                        Digits { digits: number.to_string(), point: exponent + 1 + carry };
                    found.trim();
                    return found;
                }
            }
        }
        Digits::parse(&format!("{value:e}"))
    }

    /// Cuts zeros at the end, but leaves one digit.
    fn trim(&mut self) {
        let kept = self.digits.trim_end_matches('0').len().max(1);
        self.digits.truncate(kept);
    }

    /// `ddd.ddd`, with as many digits as the type needs, but at most `most` after the point. The point
    /// is always there, zeros after it are not.
    pub(super) fn positional(value: f64, dtype: DType, most: usize) -> String {
        let shortest = Digits::shortest(value, dtype);
        let after = shortest.digits.len() as i32 - shortest.point;
        if after > most as i32 {
            let text = format!("{:.most$}", value.abs());
            let text = if most > 0 { text.trim_end_matches('0') } else { &text };
            return if text.contains('.') { text.to_owned() } else { format!("{text}.") };
        }
        let Digits { digits, point } = shortest;
        if digits == "0" {
            return "0.".to_owned();
        }
        if point <= 0 {
            return format!("0.{}{digits}", "0".repeat(-point as usize));
        }
        let point = point as usize;
        if digits.len() <= point {
            return format!("{digits}{}.", "0".repeat(point - digits.len()));
        }
        format!("{}.{}", &digits[..point], &digits[point..])
    }

    /// The digits after the first one, and the exponent of ten, for `d.ddde±dd` with as many digits as
    /// the type needs, but at most `most` after the point; zeros at the end are cut.
    pub(super) fn scientific(value: f64, dtype: DType, most: usize) -> Scientific {
        let mut found = Digits::shortest(value, dtype);
        if found.digits.len() > most + 1 {
            found = Digits::parse(&format!("{:.most$e}", value.abs()));
        }
        found.trim();
        let (first, fraction) = found.digits.split_at(1);
        Scientific {
            first: first.to_owned(),
            fraction: fraction.to_owned(),
            exponent: found.point - 1,
        }
    }
}

/// A number in scientific notation.
pub(super) struct Scientific {
    /// The digit before the point.
    pub(super) first: String,
    /// The digits after it, possibly none.
    pub(super) fraction: String,
    /// The exponent of ten.
    pub(super) exponent: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positional_numbers() {
        let p = |v, most| Digits::positional(v, DType::Float64, most);
        assert_eq!(p(0.0, 8), "0.");
        assert_eq!(p(1.0, 8), "1.");
        assert_eq!(p(-120.5, 8), "120.5");
        assert_eq!(p(0.00123, 8), "0.00123");
        assert_eq!(p(2.0 / 3.0, 8), "0.66666667");
        assert_eq!(p(2.0 / 3.0, 0), "1.");
        assert_eq!(p(0.125, 2), "0.12"); // a tie goes to the even digit
        assert_eq!(p(99.99, 1), "100.");
        assert_eq!(p(1e-9, 8), "0.");
        assert_eq!(p(1234567.0, 8), "1234567.");
    }

    #[test]
    fn scientific_numbers() {
        let s = |v, dtype, most| {
            let s = Digits::scientific(v, dtype, most);
            format!("{}.{}e{}", s.first, s.fraction, s.exponent)
        };
        assert_eq!(s(0.0, DType::Float64, 8), "0.e0");
        assert_eq!(s(1e100, DType::Float64, 8), "1.e100");
        assert_eq!(s(1.0 / 3.0, DType::Float64, 8), "3.33333333e-1");
        assert_eq!(s(9.9999, DType::Float64, 2), "1.e1");
        assert_eq!(s(f64::from(0.1f32), DType::Float32, 8), "1.e-1");
        assert_eq!(s(7211.15625, DType::Float32, 8), "7.2111562e3"); // not 3, as near
    }

    #[test]
    fn every_half_precision_value_is_read_back() {
        for dtype in [DType::Float16, DType::BFloat16] {
            for bits in 0..=u16::MAX {
                let value = match dtype {
                    DType::Float16 => f16::from_bits(bits).to_f64(),
                    _ => bf16::from_bits(bits).to_f64(),
                };
                if !value.is_finite() {
                    continue;
                }
                let found = Digits::shortest(value, dtype);
                let text = format!("0.{}e{}", found.digits, found.point);
                assert_eq!(rounded(text.parse().unwrap(), dtype), value.abs(), "{text}");
                assert!(found.digits.len() <= 5, "{text}");
            }
        }
    }
}
