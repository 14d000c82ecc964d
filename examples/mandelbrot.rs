//! The Mandelbrot set as a picture: what a point's orbit does, for all points of the picture at once.
//!
//! The computation is written over `Namespace`, so it runs on any backend; only the finished colours leave
//! the device.
//!
//! ```text
//! cargo run --release --example mandelbrot
//! cargo run --release --features wgpu --example mandelbrot -- --backend wgpu    # on a GPU
//! ```

use std::fs::File;
use std::io::BufWriter;
use std::time::Instant;

use arrayspace::prelude::*;

#[path = "common/backend.rs"]
mod backend;

/// For each point `x + iy` of a grid of `width` by `height` how often `z → z² + c` leaves it within 2 of
/// 0, of `iterations` times: int32, of shape `[height, width]`, the first row on top.
pub fn escape_times<N: Namespace>(
    xp: &N,
    [width, height]: [usize; 2],
    iterations: usize,
) -> Result<Array<N>> {
    let dtype = DType::Float32;
    // 3 wide, and as high as the picture's form has it, around -0.75
    let half = 1.5 * height as f64 / width as f64;
    let re = xp.linspace(-2.25, 0.75, width, dtype)?;
    let im = xp.expand_dims(xp.linspace(half, -half, height, dtype)?, 1)?;
    let mut x = xp.zeros([height, width], dtype)?;
    let mut y = x.clone();
    let mut times = xp.zeros([height, width], DType::Int32)?;
    for _ in 0..iterations {
        let (x2, y2) = (xp.square(&x)?, xp.square(&y)?);
        // an orbit that has left for infinity ends as NaN, which is not within
        times += xp.astype(xp.less_equal(&x2 + &y2, 4)?, DType::Int32, ())?;
        y = 2 * x * y + &im;
        x = x2 - y2 + &re;
    }
    Ok(times)
}

/// Colours (uint8, `[height, width, 3]`) of the times after which orbits escaped; those that never did are
/// black.
pub fn colours<N: Namespace>(times: &Array<N>, iterations: usize) -> Result<Array<N>> {
    let xp = times.namespace();
    let share = xp.sqrt(xp.astype(times, DType::Float32, ())? / iterations as f64)?;
    let inside = xp.equal(times, iterations as i64)?;
    let channels = [0.0, 0.6, 1.2].map(|phase| {
        let wave = 127.5 - 127.5 * xp.cos(&share * 9.0 + phase)?;
        xp.astype(xp.where_(&inside, 0, wave)?, DType::UInt8, ())
    });
    xp.stack(&channels.into_iter().collect::<Result<Vec<_>>>()?, -1)
}

/// Writes colours of shape `[height, width, 3]` as a picture.
fn write(path: &str, colours: &[u8], [width, height]: [u32; 2]) -> Result<(), png::EncodingError> {
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header()?.write_image_data(colours)
}

/// What the command line asks for.
struct Arguments {
    size: [usize; 2],
    iterations: usize,
    output: String,
}

const USAGE: &str =
    "usage: mandelbrot [--width N] [--height N] [--iterations N] [--output FILE.png] \
                     [--backend cpu|wgpu]
  --width, --height  of the picture, from 1 to 32768 (default: 1200 and 800)
  --iterations       how long an orbit is followed, from 1 to 1000000 (default: 200)
  --output           where the picture goes (default: mandelbrot.png)
  --backend          what it runs on (default: cpu)";

fn arguments(mut given: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut out = Arguments { size: [1200, 800], iterations: 200, output: "mandelbrot.png".into() };
    while let Some(name) = given.next() {
        let value = given.next().ok_or_else(|| format!("{name} lacks a value\n{USAGE}"))?;
        let number = |most: usize| {
            let number = value.parse().ok().filter(|n| (1..=most).contains(n));
            number
                .ok_or_else(|| format!("{name} {value} is not a number from 1 to {most}\n{USAGE}"))
        };
        match name.as_str() {
            "--width" => out.size[0] = number(32768)?,
            "--height" => out.size[1] = number(32768)?,
            "--iterations" => out.iterations = number(1_000_000)?,
            "--output" => out.output = value,
            _ => return Err(format!("{name} is no argument\n{USAGE}")),
        }
    }
    Ok(out)
}

fn run<N: Namespace>(xp: &N, given: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let [width, height] = given.size;
    let begin = Instant::now();
    let times = escape_times(xp, given.size, given.iterations)?;
    let colours = colours(&times, given.iterations)?.to_vec::<u8>()?;
    let seconds = begin.elapsed().as_secs_f64();
    println!(
        "{width} x {height} points, {} iterations on {}: {seconds:.3} s",
        given.iterations,
        times.device()
    );
    let inside = xp.count_nonzero(xp.equal(&times, given.iterations as i64)?, ())?;
    println!("{} points within the set", inside.item::<i64>()?);
    write(&given.output, &colours, given.size.map(|n| n as u32))?;
    println!("drawn in {}", given.output);
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut given: Vec<String> = std::env::args().skip(1).collect();
    let backend = backend::chosen(&mut given)?;
    match arguments(given.into_iter()) {
        Ok(given) => backend::on!(backend, xp => run(xp, &given)),
        Err(text) => {
            eprintln!("{text}");
            std::process::exit(2);
        }
    }
}
