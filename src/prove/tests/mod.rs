//! Tests of single policies by hand, and of random ones against the engine and against binary decision diagrams.

mod report;
mod verify;
mod budget;
mod chats;
mod compare;
mod situations;
mod pairs;
mod inboxes;
mod moves;
mod coverage;
mod diagrams;
mod week;
