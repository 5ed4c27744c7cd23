//! A simulator: the machine under a virtual clock, over a store and a network with faults. After each run the
//! promises are checked from what the store holds and from what clients were told. The seed says everything
//! about a run.

mod random;
mod memory_store;
mod memory_reader;
mod backend;
mod faulty_store;
mod rule_sets;
mod traffic;
mod webhook;
mod graph;
mod world;
mod host;
mod promises;
mod tests;
