//! Tests of `rules route` with one situation per line.

use std::io::{BufRead, BufReader, Write};
use std::ops::Range;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;

use super::harness::Rules;

const POLICY: &str =
    "rule \"new\" when new_customer: assign group \"Sales\" by random\notherwise: assign owner\n";

fn with(input: impl AsRef<[u8]>) -> Rules {
    Rules::new().file("default.rules", POLICY).input(input)
}

fn line(id: usize) -> String {
    format!("{{\"number\":\"+15550100\",\"at\":\"2026-11-24T18:30:00Z\",\"message\":{{\"id\":\"{id}\"}}}}\n")
}

#[test]
fn errors_are_printed_in_place() {
    let long = "x".repeat(9 * 1024 * 1024);
    let mut input = format!("{}\n{}nonsense\n{{\"a\":1}}\n{long}\n", line(0), line(1)).into_bytes();
    input.extend_from_slice(b"\xff\xfe\n");
    input.extend_from_slice(line(2).as_bytes());
    let run = with(input).run("route").exits_with(1);
    let answers = run.json_lines();
    let ids: Vec<_> = answers.iter().map(|answer| answer["message"].as_str()).collect();
    assert_eq!(ids, [Some("0"), Some("1"), None, None, None, None, Some("2")]);
    let lines: Vec<_> = answers.iter().map(|answer| answer["error"]["line"].as_u64()).collect();
    assert_eq!(lines, [None, None, Some(4), Some(5), Some(6), Some(7), None]);
    assert!(answers[4]["error"]["message"].as_str().unwrap().contains("8 MiB"));
    assert!(answers[5]["error"]["message"].as_str().unwrap().contains("UTF-8"));
}

#[test]
fn an_unfinished_first_line() {
    let run = with(format!("{{\"number\": \n{}{}", line(1), line(2))).run("route").exits_with(1);
    let answers = run.json_lines();
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[0]["error"]["line"], 1);
    assert_eq!(answers[2]["message"], "2");
}

#[test]
fn the_order_of_lines_does_not_affect_chance() {
    let users = |ids: &[usize]| {
        let input: String = ids.iter().map(|id| line(*id)).collect();
        let mut users: Vec<_> = with(input).run("route --seed 3").exits_with(0).json_lines();
        users.sort_by_key(|answer| answer["message"].as_str().unwrap().to_owned());
        users
    };
    assert_eq!(users(&[1, 2, 3, 4, 5, 6]), users(&[6, 4, 2, 1, 3, 5]));
}

/// Starts the program with pipes for its input and output.
fn start(rules: &Rules) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin!("rules"))
        .arg("route")
        .current_dir(rules.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_decision_does_not_wait_for_the_next_line() {
    let rules = with("");
    let mut child = start(&rules);
    let mut input = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for id in 0..3 {
        input.write_all(line(id).as_bytes()).unwrap();
        assert!(answers.next().unwrap().unwrap().contains(&format!("\"message\":\"{id}\"")));
    }
    drop(input);
    assert!(answers.next().is_none());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let rules = with("");
    let mut child = start(&rules);
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    for id in 0..100_000 {
        if input.write_all(line(id).as_bytes()).is_err() {
            break;
        }
    }
    drop(input);
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "");
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow() {
    let rules = with("");
    let mut child = start(&rules);
    let pid = child.id();
    let input = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut answered = |count: usize| answers.by_ref().take(count).map(Result::unwrap).count();
    let writer = thread::spawn(move || feed(input, 0..2_000));
    assert_eq!(answered(2_000), 2_000);
    let before = peak_memory(pid);
    let input = writer.join().unwrap();
    let writer = thread::spawn(move || feed(input, 2_000..50_000));
    assert_eq!(answered(48_000), 48_000);
    let after = peak_memory(pid);
    drop(writer.join().unwrap());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(after < before + 2_048, "{before} KiB became {after} KiB");
}

#[cfg(target_os = "linux")]
fn feed(mut input: ChildStdin, ids: Range<usize>) -> ChildStdin {
    for id in ids {
        input.write_all(line(id).as_bytes()).unwrap();
    }
    input
}

/// The peak memory of the process, in KiB.
#[cfg(target_os = "linux")]
fn peak_memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
