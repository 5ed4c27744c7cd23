//! Whether a folder is busy.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::reload::health::Activity;

#[test]
fn a_folder_is_busy_until_all_work_on_it_has_ended() {
    let activity = Activity::default();
    let busy_since = || activity.times().busy_since;
    activity.during(|| {
        let since = busy_since();
        assert!(since.is_some());
        activity.during(|| assert_eq!(busy_since(), since));
        assert_eq!(busy_since(), since);
        let panic = AssertUnwindSafe(|| activity.during(|| panic!("on purpose, in a test")));
        assert!(catch_unwind(panic).is_err());
        assert_eq!(busy_since(), since);
    });
    assert_eq!(busy_since(), None);
}
