//! What the papers of a library are about: found after its index, and kept beside its cache.

use super::Opened;
use super::opened::Before;
use crate::core::index::Index;
use crate::core::semantic::Latent;
use crate::runtime::cache::CachePlace;

/// The name of the bytes beside the cache.
const SECTION: &str = "latent";
/// In a library of so many papers it is found as soon as told.
pub(super) const AT_ONCE: usize = 500;

/// Takes what the papers of a library are about from where it was kept; whether it was there.
pub fn take_kept(opened: &Opened, index: &Index) -> bool {
    opened.cache().is_some_and(|place| take_from(place, index))
}

/// The same of the library as it was, with its index.
pub(super) fn take_before(opened: &Opened, before: &Before) -> bool {
    let place = opened.cache().map(|place| place.before(before.cache.key()));
    place.is_some_and(|place| take_from(&place, &before.index))
}

/// The library is as it was: what is kept of it is kept further.
pub(super) fn keep_on(opened: &Opened, before: &Before) {
    if let Some(place) = opened.cache()
        && let Some(bytes) = place.before(before.cache.key()).section(SECTION)
        && let Some(bytes) = bytes.get(0..bytes.len())
    {
        // That it cannot be kept costs time, nothing else.
        let _ = place.keep_section(SECTION, bytes);
    }
}

fn take_from(place: &CachePlace, index: &Index) -> bool {
    let kept = place.section(SECTION);
    kept.and_then(|kept| Latent::from_piece(&kept).ok())
        .is_some_and(|latent| index.take_latent(latent))
}

/// Finds out what the papers of a library are about, or takes it from where it was kept, and keeps it. It is taken over
/// from the index of the library as it was `before`, where that is nearly the same.
pub fn find_latent(
    opened: &Opened,
    index: &Index,
    before: Option<&Index>,
    cancelled: &dyn Fn() -> bool,
) {
    if index.latent().is_some() || take_kept(opened, index) {
        return;
    }
    let is_found = index.find_latent(before.and_then(Index::latent), cancelled);
    // Beside nothing it would be of no use: of a library that changes as it is read no cache is kept.
    let is_wanted = is_found && opened.cached().is_some();
    if let (true, Some(cache), Some(latent)) = (is_wanted, opened.cache(), index.latent()) {
        // That it cannot be kept costs time, nothing else.
        let _ = cache.keep_section(SECTION, &latent.to_bytes());
    }
}
