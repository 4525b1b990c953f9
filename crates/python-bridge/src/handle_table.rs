//! The objects in Python that Rust holds, and the numbers that Python may free.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use wire_values::Json;

use crate::form::{items, members};

/// The live handles of one connection.
pub(crate) struct HandleTable {
    /// Identifies the connection in this process.
    pub(crate) session: u64,
    live: Mutex<HashMap<u64, Weak<Slot>>>,
    freed: Arc<Freed>,
}

/// Numbers of objects that Rust no longer holds. The next request tells Python.
#[derive(Default)]
struct Freed(Mutex<Vec<u64>>);

/// One object in Python. The last clone of its handle frees it.
pub(crate) struct Slot {
    pub(crate) number: u64,
    pub(crate) class: String,
    pub(crate) snapshot: Json,
    freed: Arc<Freed>,
}

impl HandleTable {
    pub(crate) fn new() -> Self {
        static SESSIONS: AtomicU64 = AtomicU64::new(1);
        Self {
            session: SESSIONS.fetch_add(1, Ordering::Relaxed),
            live: Mutex::default(),
            freed: Arc::default(),
        }
    }

    /// Returns the slot of an object that Python returned.
    pub(crate) fn adopt(&self, number: u64, class: String, snapshot: Json) -> Arc<Slot> {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = live.get(&number).and_then(Weak::upgrade) {
            return slot;
        }
        let slot = Arc::new(Slot {
            number,
            class,
            snapshot,
            freed: Arc::clone(&self.freed),
        });
        live.insert(number, Arc::downgrade(&slot));
        slot
    }

    /// Returns the slot of a handle of this connection.
    pub(crate) fn find(&self, number: u64, session: u64) -> Result<Arc<Slot>, String> {
        if session != self.session {
            return Err("the handle belongs to another connection".to_owned());
        }
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.get(&number)
            .and_then(Weak::upgrade)
            .ok_or_else(|| "the handle was freed".to_owned())
    }

    /// Takes the numbers that Python may free.
    pub(crate) fn take_freed(&self) -> Vec<u64> {
        let mut freed = self.freed.take();
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        // A result that was kept as JSON can be taken as a handle again after its first handle was dropped.
        freed.retain(|number| {
            let is_live = live.get(number).is_some_and(|slot| slot.strong_count() > 0);
            if !is_live {
                live.remove(number);
            }
            !is_live
        });
        freed
    }
}

impl Freed {
    fn push(&self, number: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(number);
    }

    fn take(&self) -> Vec<u64> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.freed.push(self.number);
    }
}

/// A result on its way to the caller. If the caller no longer waits, the objects in it are freed.
pub(crate) struct Delivery {
    result: Option<Json>,
    handles: Arc<HandleTable>,
}

impl Delivery {
    pub(crate) fn new(result: Json, handles: Arc<HandleTable>) -> Self {
        Self {
            result: Some(result),
            handles,
        }
    }

    pub(crate) fn take(mut self) -> Json {
        self.result.take().unwrap_or_default()
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        if let Some(result) = &self.result {
            self.handles.free_all(result);
        }
    }
}

impl HandleTable {
    /// Frees the objects in a result, except those that a handle refers to.
    pub(crate) fn free_all(&self, result: &Json) {
        each_handle(result.text(), &mut |number| {
            if self.find(number, self.session).is_err() {
                self.freed.push(number);
            }
        });
    }
}

/// Calls `each` with the numbers of the objects in a result.
fn each_handle(text: &str, each: &mut dyn FnMut(u64)) {
    if !text.contains("\"$handle\"") {
        return;
    }
    if let Ok(items) = items(text) {
        items.iter().for_each(|item| each_handle(item, each));
    } else if let Ok(members) = members(text) {
        for (name, value) in members {
            match (&*name, value.trim().parse()) {
                ("$handle", Ok(number)) => each(number),
                _ => each_handle(value, each),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adopt(table: &HandleTable, number: u64) -> Arc<Slot> {
        table.adopt(number, "Item".to_owned(), Json::null())
    }

    #[test]
    fn an_object_is_freed_after_its_last_handle() {
        let table = HandleTable::new();
        let first = adopt(&table, 7);
        let second = adopt(&table, 7);
        assert!(Arc::ptr_eq(&first, &second));
        drop(first);
        assert!(table.take_freed().is_empty());
        drop(second);
        assert_eq!(table.take_freed(), [7]);
        assert!(table.take_freed().is_empty() && table.live.lock().unwrap().is_empty());
    }

    /// The same result is decoded on one thread while another thread drops its first handle.
    #[test]
    fn an_object_whose_next_handle_exists_before_the_first_is_gone_is_not_freed() {
        let table = HandleTable::new();
        drop(adopt(&table, 7));
        let next = adopt(&table, 7);
        // The destructor of the first handle may run this late.
        table.freed.push(7);
        assert!(table.take_freed().is_empty());
        drop(next);
        assert_eq!(table.take_freed(), [7]);
    }
}
