//! Waiting for the disk, or computing for long, on a thread for that: nobody else has to wait for it.

use crate::problem::Problem;

/// What comes of it.
///
/// # Errors
/// Where it panicked.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Problem::internal())
}
