//! What each event means for the next choice, one line a case; two threads on one roster.
