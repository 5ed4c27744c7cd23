//! The caller's function runs apart from reloading.

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use crate::parallel::tests::ARE_THREADS_REFUSED;
use crate::reload::Outcome;
use crate::reload::Settings;
use crate::reload::outcome::Refusal;
use crate::reload::publisher::Publisher;
use crate::reload::reporter::Reporter;

fn outcome(number: usize) -> Arc<Outcome> {
    Arc::new(Publisher::new(Settings::default()).refuse(Refusal::Faults(number.to_string())))
}

fn number(outcome: &Outcome) -> String {
    outcome.refusal().unwrap().to_string()
}

fn report(reporter: &Arc<Reporter>, number: usize) {
    reporter.enqueue(outcome(number));
    reporter.start();
}

#[test]
fn a_function_that_panics_is_called_again_in_order() {
    let (sender, calls) = mpsc::channel();
    let reporter = Arc::new(Reporter::new(Box::new(move |outcome| {
        sender.send(number(outcome)).unwrap();
        panic!("on purpose, in a test");
    })));
    (0..5).for_each(|number| report(&reporter, number));
    let called: Vec<String> = (0..5).map(|_| calls.recv_timeout(Duration::from_secs(60)).unwrap()).collect();
    assert_eq!(called, ["0", "1", "2", "3", "4"]);
}

#[test]
fn a_function_that_is_stuck_holds_nothing_back_and_misses_the_oldest() {
    let (release, stuck) = mpsc::channel::<()>();
    let (sender, calls) = mpsc::channel();
    let reporter = Arc::new(Reporter::new(Box::new(move |outcome| {
        sender.send(number(outcome)).unwrap();
        let _ = stuck.recv();
    })));
    report(&reporter, 0);
    assert_eq!(calls.recv_timeout(Duration::from_secs(60)).unwrap(), "0");
    (1..=250).for_each(|number| report(&reporter, number));
    drop(release);
    let called: Vec<String> =
        (0..100).map(|_| calls.recv_timeout(Duration::from_secs(60)).unwrap()).collect();
    assert_eq!((called[0].as_str(), called[99].as_str()), ("151", "250"));
}

#[test]
fn stopping_does_not_wait_for_a_function_that_runs() {
    let lock = Arc::new(Mutex::new(()));
    let wanted = Arc::clone(&lock);
    let (sender, calls) = mpsc::channel();
    let reporter = Arc::new(Reporter::new(Box::new(move |_| {
        sender.send(()).unwrap();
        drop(wanted.lock().unwrap());
    })));
    let held = lock.lock().unwrap();
    report(&reporter, 0);
    calls.recv_timeout(Duration::from_secs(60)).unwrap();
    report(&reporter, 1);
    reporter.stop();
    drop(held);
    reporter.wait();
    assert!(calls.try_recv().is_err(), "no further call has begun");
}

#[test]
fn without_threads_the_function_runs_on_the_current_one() {
    let (sender, calls) = mpsc::channel();
    let reporter = Arc::new(Reporter::new(Box::new(move |outcome| sender.send(number(outcome)).unwrap())));
    ARE_THREADS_REFUSED.set(true);
    report(&reporter, 0);
    report(&reporter, 1);
    ARE_THREADS_REFUSED.set(false);
    assert_eq!(calls.try_iter().collect::<Vec<_>>(), ["0", "1"]);
}
