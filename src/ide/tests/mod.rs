//! Tests of what editors ask, on the sample inbox.

mod completions;
mod fixture;
mod hovers;
mod navigation;
mod oracle;
mod renames;
mod views;
