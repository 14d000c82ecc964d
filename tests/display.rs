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
        let text = match case["precision"].as_u64() {
            None => x.to_string(),
            Some(p) => format!("{x:.0$}", p as usize),
        };
        let expected = case["text"].as_str().unwrap();
        if text != expected {
            wrong.push(format!("{dtype} {shape:?}\n{text}\n  is not\n{expected}\n"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
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
    views_print_their_elements
    bfloat16_prints_the_digits_it_has
    debug_names_everything
    debug_fills_the_line
    what_cannot_be_shown_is_a_note
}
