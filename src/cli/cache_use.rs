//! The caches that a command used, and what happens when one turns out to be damaged: nothing was printed yet, so the
//! command starts again without them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::core::cache::Whole;
use crate::runtime::cache::{CachePlace, Folder};

/// Shared by all that a command does.
#[derive(Debug, Clone, Default)]
pub(super) struct CacheUse(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    refused: AtomicBool,
    used: Mutex<Vec<(CachePlace, Arc<Whole>)>>,
}

impl CacheUse {
    /// Where caches are; `None` when none is to be used.
    pub(super) fn folder(&self) -> Option<Folder> {
        if self.0.refused.load(Ordering::Relaxed) {
            return None;
        }
        Folder::own()
    }

    /// A cache is used from now on.
    pub(super) fn note(&self, place: &CachePlace, whole: &Arc<Whole>) {
        self.used().push((place.clone(), Arc::clone(whole)));
    }

    /// Everything that was read of them was as it had been written.
    pub(super) fn is_sound(&self) -> bool {
        self.used().iter().all(|(_, whole)| !whole.is_damaged())
    }

    /// Reads all of them, so that nothing can turn out to be damaged later.
    pub(super) fn check_all(&self) -> bool {
        self.used().iter().all(|(_, whole)| whole.check_all())
    }

    /// Deletes the caches that are damaged, and uses none any more.
    pub(super) fn refuse(&self) {
        for (place, whole) in self.used().drain(..) {
            if whole.is_damaged() {
                place.discard();
            }
        }
        self.0.refused.store(true, Ordering::Relaxed);
    }

    fn used(&self) -> MutexGuard<'_, Vec<(CachePlace, Arc<Whole>)>> {
        self.0.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
