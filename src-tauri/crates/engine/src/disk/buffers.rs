//! Pooled buffers between the network and the disk: reused, so that their pages are faulted in once, not for every
//! read.
//!
//! Knows bytes; knows no file and no connection.

use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;

/// Size in bytes at which a buffer is handed over when bytes arrive fast.
pub(crate) const BUFFER_SIZE: usize = 128 << 10;
/// Maximum number of idle buffers.
const MAX_IDLE: usize = 16;

/// The idle buffers.
#[derive(Debug, Clone, Default)]
pub(crate) struct BufferPool(Arc<Mutex<Vec<Vec<u8>>>>);

impl BufferPool {
    /// Nothing that holds the lock can panic halfway through a change.
    fn idle(&self) -> parking_lot::MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.lock()
    }

    /// An empty buffer.
    fn take(&self) -> Vec<u8> {
        self.idle().pop().unwrap_or_default()
    }
}

/// Bytes collected but not yet handed over; at most [`BUFFER_SIZE`].
#[derive(Debug)]
pub(crate) struct WriteBuffer {
    buffers: BufferPool,
    bytes: Vec<u8>,
}

impl WriteBuffer {
    pub(crate) fn new(buffers: BufferPool) -> Self {
        Self {
            bytes: Vec::new(),
            buffers,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn full(&self) -> bool {
        self.bytes.len() >= BUFFER_SIZE
    }

    /// Takes as many bytes as fit and leaves the rest in `more`.
    pub(crate) fn fill(&mut self, more: &mut Bytes) {
        if self.bytes.capacity() == 0 {
            self.bytes = self.buffers.take();
        }
        let fits = more.len().min(BUFFER_SIZE - self.bytes.len());
        self.bytes.extend_from_slice(&more.split_to(fits));
    }

    /// The collected bytes, as `Bytes` that return their buffer to the pool when the last clone is dropped.
    pub(crate) fn take_bytes(&mut self) -> Bytes {
        Bytes::from_owner(PooledBuffer {
            bytes: std::mem::take(&mut self.bytes),
            buffers: self.buffers.clone(),
        })
    }
}

struct PooledBuffer {
    bytes: Vec<u8>,
    buffers: BufferPool,
}

impl AsRef<[u8]> for PooledBuffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for PooledBuffer {
    fn drop(&mut self) {
        let mut idle = self.buffers.idle();
        if idle.len() < MAX_IDLE {
            self.bytes.clear();
            idle.push(std::mem::take(&mut self.bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_out_as_they_went_in_and_the_buffer_comes_back() {
        let buffers = BufferPool::default();
        let mut batch = WriteBuffer::new(buffers.clone());
        let mut more = Bytes::from(vec![7; BUFFER_SIZE + 3]);
        batch.fill(&mut more);
        assert!(batch.full() && more.len() == 3);
        let out = batch.take_bytes();
        assert_eq!(
            (out.len(), out[BUFFER_SIZE - 1], batch.len()),
            (BUFFER_SIZE, 7, 0)
        );
        assert_eq!(buffers.idle().len(), 0);
        let part = out.slice(5..9);
        drop(out);
        assert_eq!(buffers.idle().len(), 0, "still in use");
        drop(part);
        assert_eq!(buffers.idle().len(), 1);
        batch.fill(&mut more);
        assert_eq!((batch.len(), buffers.idle().len()), (3, 0));
    }
}
