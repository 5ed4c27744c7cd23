//! Tests of what editors ask, on the sample inbox.

mod completions;
mod damage;
mod fixture;
mod hovers;
mod navigation;
mod oracle;
mod renames;
mod suggested;
mod views;
