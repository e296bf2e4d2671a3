//! What capabilities keep in memory between requests, found by its type. The platform knows nothing of what it is; all
//! of it must be rebuilt from the database whenever it is lost.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// One value of each type, made when it is first asked for.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>>);

impl Kept {
    /// The value of this type.
    #[must_use]
    pub fn of<T: Any + Send + Sync + Default>(&self) -> Arc<T> {
        // Nothing is left half done in here: a thread that died while holding it has only read or inserted.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = kept.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default()));
        Arc::clone(slot).downcast::<T>().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    #[test]
    fn the_same_value_is_found_again_by_its_type() {
        let kept = Kept::default();
        kept.of::<AtomicU8>().store(7, Ordering::Relaxed);
        assert_eq!(kept.clone().of::<AtomicU8>().load(Ordering::Relaxed), 7);
        assert_eq!(*kept.of::<String>(), "");
        assert_eq!(Kept::default().of::<AtomicU8>().load(Ordering::Relaxed), 0);
    }
}
