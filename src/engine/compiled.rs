//! A policy and its program, which is compiled when the first message arrives: on a host with many numbers, most policies
//! wait long for theirs.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::program::Program;
use crate::policy::Policy;

/// A policy with its program.
#[derive(Debug)]
pub struct CompiledPolicy {
    policy: Arc<Policy>,
    /// Shared with copies of the policy, so that the first message of any of them compiles it for all.
    program: Arc<OnceLock<Box<Program>>>,
}

impl CompiledPolicy {
    /// The program, compiled now if it was not before.
    pub fn program(&self) -> &Program {
        self.program.get_or_init(|| Box::new(Program::compile(&self.policy)))
    }

    /// `policy`, sharing the program of this one if it is a copy of it.
    #[must_use]
    pub fn sharing(&self, policy: Arc<Policy>) -> Self {
        let is_copy = Arc::ptr_eq(&self.policy.rules, &policy.rules)
            && Arc::ptr_eq(&self.policy.definitions, &policy.definitions);
        if is_copy { Self { policy, program: Arc::clone(&self.program) } } else { Self::from(policy) }
    }

    /// Without what only checks and tests read.
    #[must_use]
    pub fn without_tests(&self) -> Self {
        self.sharing(Arc::new(Policy { tests: Arc::default(), ..Policy::clone(&self.policy) }))
    }
}

impl From<Arc<Policy>> for CompiledPolicy {
    fn from(policy: Arc<Policy>) -> Self {
        Self { policy, program: Arc::default() }
    }
}

impl Deref for CompiledPolicy {
    type Target = Policy;

    fn deref(&self) -> &Policy {
        &self.policy
    }
}
