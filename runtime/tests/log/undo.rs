//! An import that the playbook has worked on is not undone: its cases would be somebody else's.

use runtime::crm::CrmError;

use crate::stand::Stand;

#[test]
fn what_the_playbook_worked_on_is_not_undone() {
    let mut stand = Stand::new();
    let import = "INSERT INTO import (id, source, file, file_hash, started, created) \
                  VALUES (1, 'contacts', 'a.csv', replace(hex(zeroblob(32)), '0', 'a'), 0, 9); \
                  UPDATE contact SET import_id = 1";
    stand.sql().execute_batch(import).unwrap();
    stand.start(3, "Follow", "event:1");
    let refused = stand.crm.undo(None, stand.now).unwrap_err();
    assert!(matches!(refused, CrmError::AtWork { id: 1, records: 1 }), "{refused}");
    assert_eq!(stand.count("contact"), 9);
}
