//! Tests of logs that are decided again.

mod chance;
mod differential;
mod lines;
mod sample;
