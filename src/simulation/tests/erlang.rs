//! Queues whose mean wait is known: A. Erlang, *Solution of some problems in the theory of probabilities of significance in
//! automatic telephone exchanges*, 1917; the formula as in L. Kleinrock, *Queueing Systems*, volume 1, 1975, section 3.5.
//!
//! The bench `simulate` compares the mean of two million waits with the formula, within 2 %. These tests simulate a few
//! thousand, so that they bound the error by its own size: the mean of n waits of M/M/1 has the standard deviation
//! √(ρ(2 + 5ρ − 4ρ² + ρ³) / n) / (1 − ρ)² in mean service times (D. Daley, *The serial correlation coefficients of waiting times
//! in a stationary single server queue*, 1968), and a wrong discipline or a wrong rate misses the formula by much more.

use super::{parsed, real, rules, run, traffic};

const ONE_EACH: &str = "otherwise: assign group \"All\" by most_waiting among available";

/// The mean wait in mean service times, by the recursion for the blocking probability.
fn erlang_c_wait(servers: u32, offered: f64) -> f64 {
    let blocking = (1..=servers).fold(1.0, |b, c| offered * b / (f64::from(c) + offered * b));
    let servers = f64::from(servers);
    servers * blocking / (servers - offered * (1.0 - blocking)) / (servers - offered)
}

#[test]
fn the_formula_of_erlang_gives_the_known_values() {
    // M/M/1: ρ / (1 − ρ). M/M/2: ρ² / (1 − ρ²).
    assert!((erlang_c_wait(1, 0.8) - 4.0).abs() < 1e-12);
    assert!((erlang_c_wait(2, 1.0) - 0.25 / 0.75).abs() < 1e-12);
}

#[test]
fn the_wait_of_one_user_is_that_of_the_queue_m_m_1() {
    let set = rules(1, Some(1), ONE_EACH);
    let report = run(&set, &traffic(&set, 30.0, 10, "distribution = \"exponential\""), 1);
    let wait = report.overall.answer_wait;
    let (n, rho) = (real(wait.chats), 0.5_f64);
    let deviation =
        (rho * (2.0 + 5.0 * rho - 4.0 * rho.powi(2) + rho.powi(3)) / n).sqrt() / (1.0 - rho).powi(2);
    let found = wait.mean_seconds.unwrap() / 60.0;
    assert!(n > 7_000.0, "{n}");
    assert!((found - 1.0).abs() < 3.0 * deviation, "{found} of 1 ± {deviation}");
    // Each observation of the load has about the variance 2ρ.
    assert!((report.users[0].utilisation.unwrap() - rho).abs() < 3.0 * (2.0 * rho / n).sqrt());
}

#[test]
fn the_wait_of_several_users_is_that_of_the_queue_m_m_c() {
    for (servers, per_hour, days) in [(2, 60.0, 5), (5, 180.0, 2)] {
        let set = rules(servers, Some(1), ONE_EACH);
        let report = run(&set, &traffic(&set, per_hour, days, "distribution = \"exponential\""), 3);
        let (found, known) = (
            report.overall.answer_wait.mean_seconds.unwrap() / 60.0,
            erlang_c_wait(servers, per_hour / 60.0),
        );
        // At the same utilisation, the wait of c servers is about that of one with the c-fold rate, so that its
        // deviation is at most that of M/M/1.
        let (n, rho) = (real(report.overall.answer_wait.chats), per_hour / 60.0 / f64::from(servers));
        let of_one =
            (rho * (2.0 + 5.0 * rho - 4.0 * rho.powi(2) + rho.powi(3)) / n).sqrt() / (1.0 - rho).powi(2);
        let deviation = of_one / f64::from(servers);
        assert!((found - known).abs() < 3.0 * deviation, "{servers}: {found} of {known} ± {deviation}");
        // All of the wait is in the queue: nobody is given a chat before they are free.
        assert_eq!(report.overall.answer_wait, report.overall.assignment_wait);
    }
}

#[test]
fn without_a_limit_the_chats_wait_with_their_user() {
    // The one user is given each chat at once, and works on one after another: still M/M/1.
    let rules_of_one = "otherwise: assign group \"All\" by most_waiting";
    let [with, without] = [(Some(1), ONE_EACH), (None, rules_of_one)].map(|(capacity, text)| {
        let set = rules(1, capacity, text);
        run(&set, &traffic(&set, 30.0, 2, "distribution = \"exponential\""), 1)
    });
    assert_eq!(with.overall.answer_wait, without.overall.answer_wait);
    assert_eq!(without.overall.assignment_wait.max_seconds, Some(0.0));
    assert_eq!((without.overall.queue.max, without.unanswered.mean), (0, with.unanswered.mean));
}

#[test]
fn the_mean_length_is_the_rate_times_the_mean_wait() {
    // J. Little, *A proof for the queuing formula L = λW*, 1961: exact where the queue is empty at both ends.
    let set = rules(2, Some(1), ONE_EACH);
    let text = "days = 1\n[[arrivals]]\nnumber = \"+15550100\"\nper_hour = 80\nhours = \"00:00-18:00\"\n[[shifts]]\n\
        group = \"All\"\n[service]\nmean = \"1m\"\nstandard_deviation = \"3m\"\n[customers]\nnew_share = 1\n";
    let report = run(&set, &parsed(&set, text), 5);
    assert_eq!(report.unanswered.at_end, 0);
    let wait = report.overall.answer_wait;
    let expected = real(wait.chats) * wait.mean_seconds.unwrap() / 86_400.0;
    assert!((report.unanswered.mean - expected).abs() < 0.002, "{} of {expected}", report.unanswered.mean);
    assert_eq!(Some(report.unanswered.mean), Some(report.overall.queue.mean));
}

#[test]
fn a_fixed_service_time_halves_the_wait() {
    // M/D/1 waits half as long as M/M/1 (F. Pollaczek 1930, A. Khinchin 1932).
    let set = rules(1, Some(1), ONE_EACH);
    let report = run(&set, &traffic(&set, 30.0, 10, "distribution = \"fixed\""), 2);
    let found = report.overall.answer_wait.mean_seconds.unwrap() / 60.0;
    assert!((found - 0.5).abs() < 0.05, "{found}");
}

#[test]
fn the_offered_load_does_not_depend_on_how_many_users_there_are() {
    let set = rules(1, Some(1), ONE_EACH);
    // 30 chats an hour, of a minute each, are half an erlang.
    let text = |shifts: &str| {
        format!(
            "days = 10\n[[arrivals]]\nnumber = \"+15550100\"\nper_hour = 30\n{shifts}[service]\nmean = \"1m\"\n\
             distribution = \"exponential\"\n[customers]\nnew_share = 1\nreturning = 0\n"
        )
    };
    let load = |shifts: &str| run(&set, &parsed(&set, &text(shifts)), 1).offered_load;
    let with_users = load("[[shifts]]\ngroup = \"All\"\n");
    // The sum of n exponential times, n of the Poisson distribution, has the relative deviation √(2 / n).
    assert!((with_users - 0.5).abs() < 3.0 * 0.5 * (2.0_f64 / 7200.0).sqrt(), "{with_users}");
    assert!((load("") - with_users).abs() < 0.0015, "{} without users", load(""));
}
