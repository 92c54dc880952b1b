//! A thread of its own for what takes long: scenes are staged there, never where frames are drawn.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use egui::Context;

type Job<T> = Box<dyn FnOnce() -> T + Send>;

/// A thread that does one job after another, and wakes the window after each.
pub struct Worker<T> {
    jobs: Sender<Job<T>>,
    done: Receiver<T>,
    /// Jobs whose results have not been taken yet.
    pending: usize,
}

impl<T: Send + 'static> Worker<T> {
    /// A thread with nothing to do. It ends when the worker is dropped and its job is over.
    pub fn new(ctx: &Context) -> Worker<T> {
        let (jobs, todo) = mpsc::channel::<Job<T>>();
        let (finished, done) = mpsc::channel();
        let ctx = ctx.clone();
        thread::spawn(move || {
            for job in todo {
                if finished.send(job()).is_err() {
                    return;
                }
                ctx.request_repaint();
            }
        });
        Worker { jobs, done, pending: 0 }
    }

    /// Gives it a job; its result is to be taken later.
    pub fn give(&mut self, job: impl FnOnce() -> T + Send + 'static) {
        if self.jobs.send(Box::new(job)).is_ok() {
            self.pending += 1;
        }
    }

    /// The next result in the order of the jobs, waited for at most so long.
    pub fn wait(&mut self, patience: Duration) -> Option<T> {
        if self.pending == 0 {
            return None;
        }
        match self.done.recv_timeout(patience) {
            Ok(result) => {
                self.pending -= 1;
                Some(result)
            }
            Err(RecvTimeoutError::Timeout) => None,
            // The job has panicked, which is a bug of ours: nobody else will answer.
            Err(RecvTimeoutError::Disconnected) => {
                self.pending = 0;
                None
            }
        }
    }

    /// Jobs whose results have not been taken yet.
    pub fn pending(&self) -> usize {
        self.pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_nothing_waits_for_them() {
        let mut worker = Worker::new(&Context::default());
        assert_eq!((worker.wait(Duration::ZERO), worker.pending()), (None, 0));
        for n in 0..3 {
            worker.give(move || n);
        }
        assert_eq!(worker.pending(), 3);
        let all: Vec<i32> = (0..3).filter_map(|_| worker.wait(Duration::from_secs(20))).collect();
        assert_eq!((all, worker.wait(Duration::ZERO), worker.pending()), (vec![0, 1, 2], None, 0));
    }
}
