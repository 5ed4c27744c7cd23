//! Figures in words, for tables and charts.

use crate::policy::RuleRef;

/// `12.3s`, `4m 10s`, `2h 05m`, `3d 4h`
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is not negative, and small")]
pub fn time_words(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match whole {
        0..60 if seconds < 9.95 && seconds > 0.0 => format!("{seconds:.1}s"),
        0..60 => format!("{whole}s"),
        60..3600 => format!("{}m {:02}s", whole / 60, whole % 60),
        3600..86_400 => format!("{}h {:02}m", whole / 3600, whole % 3600 / 60),
        _ => format!("{}d {}h", whole / 86_400, whole % 86_400 / 3600),
    }
}

/// `37 %`, and with a decimal below 10 %
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 9.95 { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
}

/// `welcome`, or the place of a rule without a name.
pub fn rule_words(rule: &RuleRef) -> String {
    match &rule.name {
        Some(name) => name.to_string(),
        None => format!("{}:{}", rule.file, rule.line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let words = [0.0, 0.04, 9.94, 9.96, 59.4, 61.0, 3600.0, 5430.0, 100_000.0].map(time_words);
        assert_eq!(words, ["0s", "0.0s", "9.9s", "10s", "59s", "1m 01s", "1h 00m", "1h 30m", "1d 3h"]);
    }

    #[test]
    fn percentages() {
        assert_eq!([0.0, 0.004, 0.099, 0.5, 1.0].map(percent), ["0 %", "0.4 %", "9.9 %", "50 %", "100 %"]);
    }
}
