//! What a decision is made from, as the outside world tells it.
