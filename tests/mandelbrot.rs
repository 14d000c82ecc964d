//! The example `mandelbrot`: every point's escape time, against a loop over one number.
#![cfg(feature = "cpu")]

#[macro_use]
mod common;

use arrayspace::prelude::*;

#[allow(dead_code, unreachable_pub)] // its `main` and what only that uses
#[path = "../examples/mandelbrot.rs"]
mod mandelbrot;

/// How often `z → z² + c` leaves a point within 2 of 0.
fn escape_time(re: f32, im: f32, iterations: usize) -> i32 {
    let (mut x, mut y) = (0f32, 0f32);
    (0..iterations)
        .map(|_| {
            let within = x * x + y * y <= 4.0;
            (x, y) = (x * x - y * y + re, 2.0 * x * y + im);
            i32::from(within)
        })
        .sum()
}

fn picture<N: Namespace>(xp: &N) -> Result<()> {
    let (width, height, iterations) = (31, 20, 40);
    let times = mandelbrot::escape_times(xp, [width, height], iterations)?;
    assert_eq!((times.shape(), times.dtype()), (&[height, width][..], DType::Int32));
    let re = xp.linspace(-2.25, 0.75, width, DType::Float32)?.to_vec::<f32>()?;
    let half = 1.5 * height as f64 / width as f64;
    let im = xp.linspace(half, -half, height, DType::Float32)?.to_vec::<f32>()?;
    let want: Vec<i32> =
        (im.iter()).flat_map(|&y| re.iter().map(move |&x| escape_time(x, y, iterations))).collect();
    let got = times.to_vec::<i32>()?;
    // shaders may fuse a product with a sum, which moves an orbit near the edge of the set
    let differ = got.iter().zip(&want).filter(|(a, b)| a != b).count();
    assert!(differ <= if times.device() == Device::CPU { 0 } else { 6 }, "{differ}");
    assert!(want.contains(&(iterations as i32)) && want.contains(&1));

    let colours = mandelbrot::colours(&times, iterations)?;
    assert_eq!((colours.shape(), colours.dtype()), (&[height, width, 3][..], DType::UInt8));
    let colours = colours.to_vec::<u8>()?;
    for (pixel, time) in colours.chunks(3).zip(got) {
        assert_eq!(pixel == [0, 0, 0], time == iterations as i32, "{pixel:?} for {time}");
    }
    Ok(())
}

#[test]
fn times_and_colours() {
    on_each_backend!(xp => picture(xp).unwrap());
}
