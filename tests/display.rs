//! Printing, against the text that NumPy prints (`data/display.py` writes the cases).

#![cfg(feature = "cpu")]

#[path = "common/each.rs"]
mod each;
use arrayspace::Element;
use arrayspace::prelude::*;
use half::{bf16, f16};
use num_complex::Complex;
use serde_json::Value;

/// An array of elements given as little-endian bytes.
fn array<N: Namespace>(xp: &N, dtype: DType, bytes: &[u8], shape: &[usize]) -> Array<N> {
    fn elements<N: Namespace, T: Element, const W: usize>(
        xp: &N,
        bytes: &[u8],
        read: impl Fn([u8; W]) -> T,
    ) -> Array<N>
    where
        Vec<T>: arrayspace::ArrayLike<N>,
    {
        let (chunks, rest) = bytes.as_chunks::<W>();
        assert!(rest.is_empty());
        xp.asarray(chunks.iter().map(|&c| read(c)).collect::<Vec<T>>(), ()).unwrap()
    }
    fn half_of(bytes: [u8; 16], k: usize) -> f64 {
        f64::from_le_bytes(bytes[8 * k..][..8].try_into().unwrap())
    }
    fn quarter_of(bytes: [u8; 8], k: usize) -> f32 {
        f32::from_le_bytes(bytes[4 * k..][..4].try_into().unwrap())
    }
    let flat = match dtype {
        DType::Bool => elements(xp, bytes, |b: [u8; 1]| b[0] != 0),
        DType::Int8 => elements(xp, bytes, i8::from_le_bytes),
        DType::Int16 => elements(xp, bytes, i16::from_le_bytes),
        DType::Int32 => elements(xp, bytes, i32::from_le_bytes),
        DType::Int64 => elements(xp, bytes, i64::from_le_bytes),
        DType::UInt8 => elements(xp, bytes, u8::from_le_bytes),
        DType::UInt16 => elements(xp, bytes, u16::from_le_bytes),
        DType::UInt32 => elements(xp, bytes, u32::from_le_bytes),
        DType::UInt64 => elements(xp, bytes, u64::from_le_bytes),
        DType::Float16 => elements(xp, bytes, f16::from_le_bytes),
        DType::BFloat16 => elements(xp, bytes, bf16::from_le_bytes),
        DType::Float32 => elements(xp, bytes, f32::from_le_bytes),
        DType::Float64 => elements(xp, bytes, f64::from_le_bytes),
        DType::Complex64 => {
            elements(xp, bytes, |b| Complex::new(quarter_of(b, 0), quarter_of(b, 1)))
        }
        DType::Complex128 => elements(xp, bytes, |b| Complex::new(half_of(b, 0), half_of(b, 1))),
    };
    xp.reshape(&flat, shape, ()).unwrap()
}

fn prints_as_numpy<N: Namespace>(xp: &N) {
    let cases: Value = serde_json::from_str(include_str!("data/display.json")).unwrap();
    let cases = cases.as_array().unwrap();
    assert!(cases.len() > 100);
    let mut wrong = Vec::new();
    for case in cases {
        let dtype = DType::from_name(case["dtype"].as_str().unwrap()).unwrap();
        let shape: Vec<usize> = case["shape"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| d.as_u64().unwrap() as usize)
            .collect();
        let hex = case["bytes"].as_str().unwrap();
        let bytes: Vec<u8> = (0..hex.len() / 2)
            .map(|k| u8::from_str_radix(&hex[2 * k..2 * k + 2], 16).unwrap())
            .collect();
        let x = array(xp, dtype, &bytes, &shape);
        let text = x.to_string();
        let expected = case["text"].as_str().unwrap();
        if text != expected {
            wrong.push(format!("{dtype} {shape:?}\n{text}\n  is not\n{expected}\n"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Checks that a 0-d array is formatted as its element is, in each of these formats.
macro_rules! formatted_as {
    ($x:expr, $v:expr; $($format:literal)*) => { $(
        assert_eq!(format!($format, $x), format!($format, $v), "{} of {:?}", $format, $v);
    )* };
}

fn scalars_are_formatted_as_numbers_are<N: Namespace>(xp: &N) {
    let floats = [
        0.0,
        -0.0,
        1.0,
        -1.5,
        3f64.ln(),
        0.125,
        2.5,
        0.05,
        -99.995,
        123456.789,
        1e16,
        1e-10,
        1e300,
        -5e-324,
        f64::MAX,
    ];
    for v in floats {
        let x = &xp.asarray(v, ()).unwrap();
        formatted_as!(x, v;
            "{:.0}" "{:.1}" "{:.5}" "{:.20}" "{:8.2}" "{:>12.3}" "{:<12.1}|" "{:^13.2}" "{:*^14.2}" "{:é>9.0}"
            "{:+.2}" "{:08.3}" "{:+010.1}" "{:-<+9.1}" "{:e}" "{:E}" "{:.0e}" "{:.3e}" "{:12e}" "{:<14.1e}|"
            "{:+.1e}" "{:014.3e}" "{:+E}"
        );
        let x = &xp.asarray(v as f32, ()).unwrap();
        if (v as f32).is_finite() {
            formatted_as!(x, v as f32; "{:.0}" "{:.5}" "{:+9.2}" "{:08.3}" "{:e}" "{:.2E}" "{:>20e}");
        }
        // what has no format in Rust is formatted as the number of 32 bits that it is
        let half = f16::from_f64(v);
        if half.is_finite() {
            formatted_as!(xp.asarray(half, ()).unwrap(), half.to_f32(); "{:.4}" "{:8.1}" "{:.1e}");
        }
    }
    for v in [0, 7, -12, i64::MAX, i64::MIN] {
        let x = &xp.asarray(v, ()).unwrap();
        formatted_as!(x, v;
            "{}" "{:8}" "{:<8}|" "{:^8}|" "{:_^9}" "{:+}" "{:06}" "{:+08}" "{:.3}" "{:9.3}" "{:e}" "{:E}" "{:12.1e}"
        );
    }
    formatted_as!(xp.asarray(200_u8, ()).unwrap(), 200_u8; "{}" "{:5}" "{:+}" "{:05}" "{:e}");
    formatted_as!(xp.asarray(u64::MAX, ()).unwrap(), u64::MAX; "{}" "{:25}" "{:+}" "{:025}");
    formatted_as!(xp.asarray(true, ()).unwrap(), "True"; "{}" "{:7}|" "{:>7}" "{:^7}|" "{:.9}");
    // where no digits are asked for, they are those of a program in Python, in the width asked for
    let x = |v: f64| xp.asarray(v, ()).unwrap();
    formatted_as!(x(3f64.ln()), "1.0986122886681098"; "{}" "{:>20}" "{:<20}|" "{:^21}|");
    formatted_as!(x(1.0), "1.0"; "{}" "{:>6}" "{:.>6}");
    formatted_as!(x(1e16), "1e+16"; "{}" "{:>8}");
    assert_eq!(format!("{:8}|{:+}|{:07}", x(1.5), x(1.5), x(-1.5)), "     1.5|+1.5|-0001.5");
    let special = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(x);
    let text: Vec<String> = special.iter().map(|x| format!("{x:6.2}{x:+06}{x:e}")).collect();
    assert_eq!(text, ["   nan  +nannan", "   inf  +infinf", "  -inf  -inf-inf"]);
    let c = |re, im| xp.asarray(Complex::new(re, im), ()).unwrap();
    assert_eq!(format!("{:.2}", c(1.0, -2.25)), "1.00-2.25j");
    assert_eq!(
        format!("{:14.1}|{:<+12.1}|", c(1.0, 2.0), c(0.0, 0.25)),
        "      1.0+2.0j|+0.0+0.2j   |"
    );
    assert_eq!(format!("{:.1e} {:>8}", c(1.0, 200.0), c(1.0, 2.0)), "1.0e0+2.0e2j   (1+2j)");
    let half = bf16::from_f64(0.1);
    assert_eq!(format!("{:e}", xp.asarray(half, ()).unwrap()), "1e-1");
}

/// With a precision all elements have the same digits after the point, and there is no exponent.
fn a_precision_is_fixed_notation<N: Namespace>(xp: &N) {
    let x = xp.asarray([1.0, 2.5, -3.0, 1e6, 1e-7], ()).unwrap();
    assert_eq!(format!("{x:.2}"), "[      1.00       2.50      -3.00 1000000.00       0.00]");
    assert_eq!(format!("{x:.0}"), "[      1       2      -3 1000000       0]");
    assert_eq!(format!("{:.1}", x.get(..3).unwrap()), "[ 1.0  2.5 -3.0]");
    assert_eq!(format!("{:+.1}", x.get(..3).unwrap()), "[+1.0 +2.5 -3.0]");
    assert_eq!(format!("{:7.1}", x.get(..2).unwrap()), "[    1.0     2.5]");
    assert_eq!(format!("{:<7.1}", x.get(1..3).unwrap()), "[2.5     -3.0   ]");
    assert_eq!(format!("{:06.1}", x.get(1..3).unwrap()), "[0002.5 -003.0]");
    assert_eq!(format!("{x:.1e}"), "[ 1.0e0  2.5e0 -3.0e0  1.0e6 1.0e-7]");
    assert_eq!(format!("{:E}", x.get(..2).unwrap()), "[  1E0 2.5E0]");
    assert_eq!(format!("{:6}", x.get(..3).unwrap()), "[   1.     2.5   -3. ]");
    let special = xp.asarray([f64::NAN, -1.25, f64::INFINITY], ()).unwrap();
    assert_eq!(format!("{special:.1}"), "[ nan -1.2  inf]");
    assert_eq!(format!("{special:.0}"), "[nan  -1 inf]");
    let z = xp.asarray([Complex::new(1.0, 2.0), Complex::new(-10.25, -0.5)], ()).unwrap();
    assert_eq!(format!("{z:.1}"), "[  1.0+2.0j -10.2-0.5j]");
    assert_eq!(format!("{z:12.1}"), "[    1.0+2.0j   -10.2-0.5j]");
    let ints = xp.asarray([[1, -20], [300, 4]], ()).unwrap();
    assert_eq!(format!("{ints:5.2}"), "[[    1   -20]\n [  300     4]]");
    assert_eq!(format!("{ints:+03}"), "[[+001 -020]\n [+300 +004]]");
    assert_eq!(format!("{:7}", xp.asarray([true, false], ()).unwrap()), "[   True   False]");
    // the widest formats that there are
    let wide = format!("{special:w$.p$}", w = 65535, p = 65535);
    assert!(wide.len() > 3 * 65535 && wide.contains("nan"));
    // what numbers do in their own types, whatever the digits
    for (p, v) in (0..30).flat_map(|p| [0.05, 0.125, 1e22, 2.0 / 3.0].map(|v| (p, v))) {
        assert_eq!(format!("{:.p$}", xp.asarray([v], ()).unwrap()), format!("[{v:.p$}]"));
    }
}

/// Within other values `{:#?}` indents every line, and the elements stay in columns.
fn pretty_debug_is_aligned<N: Namespace>(xp: &N) {
    #[derive(Debug)]
    #[allow(dead_code)] // read by Debug
    struct Model<N: Namespace> {
        weights: Array<N>,
        bias: Option<Array<N>>,
    }
    let weights = xp.asarray([[1.5, 2.0], [-3.0, 4.0]], ()).unwrap();
    let device = weights.device();
    let model = Model { weights, bias: Some(xp.asarray(2, ()).unwrap()) };
    let expected = format!(
        "Model {{
    weights: Array(
        [[ 1.5,  2. ],
         [-3. ,  4. ]],
        dtype=float64, shape=[2, 2], device={device},
    ),
    bias: Some(
        Array(
            2,
            dtype=int32, shape=[], device={device},
        ),
    ),
}}"
    );
    assert_eq!(format!("{model:#?}"), expected);
    assert!(format!("{:.2?}", model.weights).starts_with("Array([[ 1.50,  2.00],\n       [-3.00,"));
}

fn views_print_their_elements<N: Namespace>(xp: &N) {
    let x = xp.asarray([[1, 2, 3], [4, 5, 6]], ()).unwrap();
    assert_eq!(x.T().unwrap().to_string(), "[[1 4]\n [2 5]\n [3 6]]");
    assert_eq!(x.get(s![..; -1, 1..]).unwrap().to_string(), "[[5 6]\n [2 3]]");
    let long = xp.asarray((0..2000).collect::<Vec<i16>>(), ()).unwrap();
    assert_eq!(long.get(s![..; -1]).unwrap().to_string(), "[1999 1998 1997 ...    2    1    0]");
    let repeated = xp.broadcast_to(xp.asarray(7, ()).unwrap(), [1 << 20, 1 << 20]).unwrap();
    let row = "[7 7 7 ... 7 7 7]\n ";
    let rows = row.repeat(3);
    assert_eq!(repeated.to_string(), format!("[{rows}...\n {}]", rows.trim_end()));
}

fn bfloat16_prints_the_digits_it_has<N: Namespace>(xp: &N) {
    let x = xp.asarray([0.1, 1.0, 3.3281].map(bf16::from_f64), ()).unwrap();
    assert_eq!(x.to_string(), "[0.1  1.   3.33]");
}

fn debug_names_everything<N: Namespace>(xp: &N) {
    let x = xp.asarray([[1.5, 2.0], [3.0, 4.0]], ()).unwrap();
    assert_eq!(
        format!("{x:?}"),
        format!(
            "Array([[1.5, 2. ],\n       [3. , 4. ]], dtype=float64, shape=[2, 2], device={})",
            x.device()
        )
    );
    let x = xp.asarray((0..40).collect::<Vec<i32>>(), ()).unwrap();
    let text = format!("{x:?}");
    assert!(text.lines().all(|line| line.len() <= 75), "{text}");
    assert!(text.lines().skip(1).all(|line| line.starts_with("       ")), "{text}");
    let empty = xp.reshape(xp.asarray(Vec::<f32>::new(), ()).unwrap(), [0, 3], ()).unwrap();
    assert!(format!("{empty:?}").starts_with("Array([], dtype=float32, shape=[0, 3], device="));
}

/// What an array is stands beside the last elements where a line has room for both, and else below them.
fn debug_fills_the_line<N: Namespace>(xp: &N) {
    let mut filled = false;
    for (columns, digits) in (1..30).flat_map(|c| (0..18).map(move |d| (c, d))) {
        for shape in [vec![columns], vec![2, columns]] {
            let x = xp.full(shape, 10_i64.pow(digits), ()).unwrap();
            let text = format!("{x:?}");
            let lines: Vec<&str> = text.lines().collect();
            assert!(lines.iter().all(|line| line.len() <= 75), "{text}");
            let (&last, before) = lines.split_last().unwrap();
            match last.trim_start() {
                about if about.starts_with("dtype=") => {
                    assert!(before.last().unwrap().len() + 1 + about.len() > 75, "{text}");
                }
                _ => filled |= last.len() == 75,
            }
        }
    }
    assert!(filled, "a line that is just long enough");
}

fn what_cannot_be_shown_is_a_note<N: Namespace>(xp: &N) {
    let huge = xp.broadcast_to(xp.asarray(1, ()).unwrap(), vec![7_usize; 20]).unwrap();
    assert!(huge.to_string().starts_with("<79792266297612001 elements of shape [7, 7,"), "{huge}");
}

each::on_each_backend! {
    prints_as_numpy
    scalars_are_formatted_as_numbers_are
    a_precision_is_fixed_notation
    pretty_debug_is_aligned
    views_print_their_elements
    bfloat16_prints_the_digits_it_has
    debug_names_everything
    debug_fills_the_line
    what_cannot_be_shown_is_a_note
}
