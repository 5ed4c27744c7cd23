//! A policy and its program, which is made when a message first asks for it: most policies of a host with many
//! numbers have long to wait for theirs.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::program::Program;
use crate::policy::Policy;

/// A policy that is ready to decide.
#[derive(Debug)]
pub struct Ready {
    policy: Arc<Policy>,
    program: OnceLock<Box<Program>>,
}

impl Ready {
    /// The program, made now if it was not yet.
    pub fn program(&self) -> &Program {
        self.program.get_or_init(|| Box::new(Program::compile(&self.policy)))
    }
}

impl From<Arc<Policy>> for Ready {
    fn from(policy: Arc<Policy>) -> Self {
        Self { policy, program: OnceLock::new() }
    }
}

impl Deref for Ready {
    type Target = Policy;

    fn deref(&self) -> &Policy {
        &self.policy
    }
}
