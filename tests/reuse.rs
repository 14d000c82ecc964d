//! Operands that are passed by value and that nobody shares give their memory to the result. (A test binary
//! of its own: it counts the blocks that the process takes from the pool.)
#![cfg(feature = "cpu")]

use arrayspace::prelude::*;

/// How many large blocks `work` takes.
fn taken<R>(work: impl FnOnce() -> Result<R>) -> Result<(R, u64)> {
    let before = Cpu::pool_taken();
    let result = work()?;
    Ok((result, Cpu::pool_taken() - before))
}

#[test]
fn dying_operands_are_used_again() -> Result<()> {
    let xp = Cpu::new();
    let n = 200_000;
    let x = xp.astype(&xp.arange(0, n, 1, ())?, DType::Float64, ())?;
    let y = xp.add(&x, 1)?;

    // borrowed operands stay as they are: every result has memory of its own
    let (kept, blocks) = taken(|| xp.add(&xp.multiply(&x, &y)?, &x))?;
    assert_eq!(blocks, 2);
    // the product is an owned operand: the sum is written into it
    let (reused, blocks) = taken(|| xp.add(xp.multiply(&x, &y)?, &x))?;
    assert_eq!(blocks, 1);
    assert!(xp.all(&xp.equal(&kept, &reused)?, ())?.item::<bool>()?);

    // as a user writes it: differences and quotients share one block
    let (scores, blocks) = taken(|| Ok((&x - xp.mean(&x, ())?) / xp.std(&x, ())?))?;
    assert_eq!(blocks, 1);
    let expected = (n as f64 - 1.0) / 2.0 / ((n as f64).powi(2) / 12.0 - 1.0 / 12.0).sqrt();
    let last = scores.get(-1)?.item::<f64>()?;
    assert!((last - expected).abs() < 1e-12, "{last} {expected}");

    // in place; but an array that somebody else sees is copied
    let mut z = xp.multiply(&x, 3)?;
    assert_eq!(taken(|| z.add_assign(&x))?.1, 0);
    let seen = z.clone();
    assert_eq!(taken(|| z.add_assign(&x))?.1, 1);
    assert_eq!(seen.get(10)?.item::<f64>()?, 40.0);
    assert_eq!(z.get(10)?.item::<f64>()?, 50.0);

    // a result of another size needs another block
    assert_eq!(taken(|| xp.astype(xp.add(&x, 1)?, DType::Float32, ()))?.1, 2);
    Ok(())
}
