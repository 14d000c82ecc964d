//! Reading elements without blocking the thread that asks.

use std::future::Future;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use arrayspace_core::{Backend, Element, Error, Receiver, Result};

use super::Array;
use crate::array_like::vec_for;

impl<B: Backend> Array<B> {
    /// The elements in row-major order, as [`to_vec`](Array::to_vec) gives them, without blocking the
    /// thread: for arrays on devices, whose computation may take a while. Any executor may run the
    /// future; reading begins with the call, whether the future is polled or not.
    ///
    /// Elements that the host sees are there at once. For others the backend waits, or a thread of its
    /// own where the backend has no asynchronous read.
    ///
    /// # Errors
    /// Those of [`to_vec`](Array::to_vec); what a device fails with ([`Error::DeviceLost`]);
    /// [`Error::Device`] if no thread can be started.
    ///
    /// ```
    /// # #[cfg(feature = "cpu")] {
    /// use arrayspace::prelude::*;
    ///
    /// async fn total<N: Namespace>(x: &Array<N>) -> Result<f64> {
    ///     Ok(x.namespace().cumulative_sum(x, ())?.to_vec_async::<f64>().await?.pop().unwrap_or(0.0))
    /// }
    /// # let x = Cpu::new().asarray([0.5, 2.0], ())?;
    /// # let mut future = std::pin::pin!(total(&x));
    /// # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    /// # assert!(matches!(future.as_mut().poll(&mut context), std::task::Poll::Ready(Ok(2.5))));
    /// # }
    /// # Ok::<(), arrayspace::Error>(())
    /// ```
    #[track_caller]
    pub fn to_vec_async<T: Element>(
        &self,
    ) -> impl Future<Output = Result<Vec<T>>> + Send + use<B, T> {
        let location = Location::caller();
        let answer = Arc::new(Mutex::new(Answer { elements: None, waker: None }));
        if B::host_bytes(&self.backend, &self.buffer).is_some() || T::DTYPE != self.dtype {
            locked(&answer).elements = Some(self.to_vec());
            return Elements(answer);
        }
        let told = Arc::clone(&answer);
        let size = self.size();
        let receiver: Receiver = Box::new(move |bytes| {
            let elements = bytes.and_then(|bytes| elements_of(bytes, size));
            tell(&told, elements.map_err(|e| e.in_function("to_vec_async").at(location)));
        });
        if B::download_later(&self.backend, self.view(), receiver).is_err() {
            read_on_a_thread(self.clone(), &answer, location);
        }
        Elements(answer)
    }
}

/// `size` elements from their bytes.
fn elements_of<T: Element>(bytes: &[u8], size: usize) -> Result<Vec<T>> {
    let mut elements = vec_for::<T>(size)?;
    elements.resize(size, T::default());
    T::fill_bytes(&mut elements, |out| {
        if out.len() != bytes.len() {
            return Err(Error::device(format_args!(
                "the backend read {} bytes of an array that has {}",
                bytes.len(),
                out.len()
            )));
        }
        out.copy_from_slice(bytes);
        Ok(())
    })?;
    Ok(elements)
}

/// Reads an array for a backend that has no asynchronous read.
fn read_on_a_thread<B: Backend, T: Element>(
    x: Array<B>,
    answer: &Arc<Mutex<Answer<T>>>,
    location: &'static Location<'static>,
) {
    let told = Arc::clone(answer);
    let reader = std::thread::Builder::new().name("arrayspace-read".into());
    let started = reader.spawn(move || {
        // the task that waits is told, whatever happens here
        let read = catch_unwind(AssertUnwindSafe(|| x.to_vec()));
        let elements =
            read.unwrap_or_else(|_| Err(Error::device(format_args!("reading an array panicked"))));
        tell(&told, elements.map_err(|e: Error| e.in_function("to_vec_async").at(location)));
    });
    if let Err(e) = started {
        let error = Error::device(format_args!(
            "no thread could be started to read an array: {e}; use to_vec"
        ));
        tell(answer, Err(error.in_function("to_vec_async").at(location)));
    }
}

/// Hands elements to the task that waits for them.
fn tell<T>(answer: &Mutex<Answer<T>>, elements: Result<Vec<T>>) {
    let mut answer = locked(answer);
    answer.elements = Some(elements);
    if let Some(waker) = answer.waker.take() {
        drop(answer);
        waker.wake();
    }
}

/// Elements that are there, or the task that wants to know when they are.
struct Answer<T> {
    elements: Option<Result<Vec<T>>>,
    waker: Option<Waker>,
}

/// The future of [`Array::to_vec_async`].
struct Elements<T>(Arc<Mutex<Answer<T>>>);

/// The lock of an answer, which no thread leaves half written.
fn locked<T>(answer: &Mutex<Answer<T>>) -> MutexGuard<'_, Answer<T>> {
    answer.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Future for Elements<T> {
    type Output = Result<Vec<T>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut answer = locked(&self.0);
        match answer.elements.take() {
            Some(elements) => Poll::Ready(elements),
            None => {
                answer.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}
