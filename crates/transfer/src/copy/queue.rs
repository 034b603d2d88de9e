//! The queue of tasks, from which all workers take.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::target::state::{Definition, Part};

/// A task for one connection.
#[derive(Debug)]
pub(super) enum Task {
    /// Copying a part of the table at this place of the plan.
    Copy(usize, Part),
    /// Building an index of a table whose rows are copied.
    Build(Definition),
}

/// Work of one table.
#[derive(Default)]
struct TableWork {
    /// Parts that are not copied.
    parts: usize,
    /// Indexes that are built after them.
    waiting: Vec<Definition>,
}

struct QueueState {
    copies: VecDeque<(usize, Part)>,
    ready: VecDeque<Task>,
    tables: BTreeMap<usize, TableWork>,
    /// Tasks that workers are executing.
    busy: usize,
    /// Whether a worker failed: no further task is started.
    failed: bool,
}

/// The tasks, and the dependencies between them.
pub(super) struct Queue {
    state: Mutex<QueueState>,
    changed: Condvar,
}

impl Queue {
    /// Of each table its place in the plan, the parts that are not done, and its indexes. Parts are copied in the
    /// order in which they come.
    pub(super) fn new(tables: Vec<(usize, Vec<Part>, Vec<Definition>)>) -> Self {
        let mut state = QueueState {
            copies: VecDeque::new(),
            ready: VecDeque::new(),
            tables: BTreeMap::new(),
            busy: 0,
            failed: false,
        };
        for (index, parts, waiting) in tables {
            let work = TableWork { parts: parts.len(), waiting };
            state.tables.insert(index, work);
            if parts.is_empty() {
                state.rows_are_in(index);
            }
            state.copies.extend(parts.into_iter().map(|part| (index, part)));
        }
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// The next task, as soon as there is one; `None` when there are no more.
    pub(super) fn next(&self) -> Option<Task> {
        let mut state = self.lock();
        loop {
            if state.failed {
                return None;
            }
            // Indexes first: the rows of their table were written a moment ago and are still in memory.
            let task = state.ready.pop_front();
            let task = task.or_else(|| state.copies.pop_front().map(|(index, part)| Task::Copy(index, part)));
            if let Some(task) = task {
                state.busy += 1;
                return Some(task);
            }
            if state.busy == 0 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A part of the table is copied. Returns whether it was the last one.
    pub(super) fn copied(&self, index: usize) -> bool {
        let mut state = self.lock();
        state.busy -= 1;
        let mut is_last = false;
        if let Some(work) = state.tables.get_mut(&index) {
            work.parts -= 1;
            if work.parts == 0 {
                is_last = true;
                state.rows_are_in(index);
            }
        }
        drop(state);
        self.changed.notify_all();
        is_last
    }

    /// An index is built.
    pub(super) fn built(&self) {
        self.lock().busy -= 1;
        self.changed.notify_all();
    }

    /// A worker failed: the others end after their current task.
    pub(super) fn fail(&self) {
        let mut state = self.lock();
        state.failed = true;
        drop(state);
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl QueueState {
    fn rows_are_in(&mut self, index: usize) {
        let Some(work) = self.tables.get_mut(&index) else { return };
        let waiting = std::mem::take(&mut work.waiting);
        self.ready.extend(waiting.into_iter().map(Task::Build));
    }
}
