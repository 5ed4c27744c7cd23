//! The pictures in Chromium: no text sticks out of its box, and no two texts overlap.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::generated::root;
use crate::harness::Rules;

/// Measures every text, and writes what is wrong into the page.
const MEASURE: &str = r#"
<pre id="found"></pre>
<script>
  const found = [];
  const texts = [...document.querySelectorAll('svg text')];
  const boxes = texts.map((text) => text.getBoundingClientRect());
  const page = document.querySelector('svg').getBoundingClientRect();
  texts.forEach((text, at) => {
    const box = boxes[at];
    const group = text.closest('g');
    const outer = group ? group.querySelector('rect').getBoundingClientRect() : page;
    if (box.left < outer.left || box.right > outer.right || box.top < outer.top - 1 || box.bottom > outer.bottom + 1)
      found.push(`sticks out of its box: ${text.textContent}`);
  });
  const order = texts.map((_, at) => at).sort((a, b) => boxes[a].top - boxes[b].top);
  order.forEach((one, at) => {
    for (let next = at + 1; next < order.length; next++) {
      const [a, b] = [boxes[one], boxes[order[next]]];
      // The boxes of letters are a little higher than a line.
      if (b.top > a.bottom - 3) break;
      if (b.left < a.right && a.left < b.right)
        found.push(`overlap: ${texts[one].textContent} / ${texts[order[next]].textContent}`);
    }
  });
  document.getElementById('found').textContent = `measured ${texts.length}\n${found.join('\n')}\nend`;
</script>
"#;

/// Asserts that a browser draws these pictures well. There are at least so many texts in each.
#[track_caller]
fn check(picture: &str, least: usize) {
    let Some(chromium) = chromium() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    let html = format!("<!doctype html><meta charset=\"utf-8\"><body>{picture}{MEASURE}");
    std::fs::write(&page, html).unwrap();
    let output = Command::new(chromium)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=60000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout);
    let measured = dom.split("measured ").nth(1).and_then(|rest| rest.split("\nend").next());
    let measured = measured.unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let (count, found) = measured.split_once('\n').unwrap();
    assert!(count.parse::<usize>().unwrap() >= least, "only {count} texts");
    assert_eq!(found.trim(), "");
}

fn chromium() -> Option<&'static Path> {
    static CHROMIUM: OnceLock<Option<PathBuf>> = OnceLock::new();
    CHROMIUM.get_or_init(find_chromium).as_deref()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the browser is told by the environment, and what is skipped unseen is not tested"
)]
fn find_chromium() -> Option<PathBuf> {
    let path = PathBuf::from(std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned()));
    if path.is_file() {
        return Some(path);
    }
    assert!(std::env::var("CI").is_err(), "Chromium is not installed");
    eprintln!("Chromium is not installed, so the pictures are not measured in it");
    None
}

/// The picture of a policy of that folder.
#[track_caller]
fn drawn(rules: Rules, arguments: &str) -> String {
    rules.run(&format!("graph {arguments}")).exits_with(0).stdout()
}

#[test]
fn the_sample_policies_are_drawn_well() {
    let samples = ["+15550100", "+201000000001", "+442079460958", "+61491570156", "default"];
    let folder = ["inbox.toml", "common.rules"].into_iter().fold(Rules::empty(), |folder, name| {
        folder.file(name, std::fs::read(root().join("rules").join(name)).unwrap())
    });
    let folder = samples.iter().fold(folder, |folder, name| {
        let name = format!("{name}.rules");
        let text = std::fs::read(root().join("rules").join(&name)).unwrap();
        folder.file(&name, text)
    });
    let mut run = folder;
    for name in samples {
        let flow = run.run(&format!("graph rules/{name}.rules")).exits_with(0);
        check(&flow.stdout(), 20);
        let week = flow.rules.run(&format!("graph --week rules/{name}.rules")).exits_with(0);
        check(&week.stdout(), 40);
        run = week.rules;
    }
}

const ARABIC_INBOX: &str = "
[numbers.\"+201000000001\"]
name = \"عيادة الأسنان – فرع مدينة نصر\"
[users.hala]
name = \"هالة عبد الرحمن\"
[users.omar]
name = \"عمر\"
[groups]
\"الاستقبال والمواعيد\" = [\"hala\", \"omar\"]
";

const ARABIC: &str = "
hours clinic = sun-thu 09:00-17:00 except dec 25
let emergency = message contains part any [\"طوارئ\", \"إسعاف\", \"نزيف شديد\", \"ضيق تنفس\", \"فقد الوعي\", \"emergency\"]
rule \"حالات الطوارئ التي لا تحتمل الانتظار حتى موعد فتح العيادة في صباح اليوم التالي\"
when emergency:
    assign user \"hala\" for 5m else group \"الاستقبال والمواعيد\" by least_chats,
    tag \"طوارئ\",
    reply \"إذا كانت الحالة خطيرة فاتصل بالإسعاف على 123 الآن. {user.name} يقرأ رسالتك. We are here (24/7).\"
rule \"مغلق (closed)\"
when not during clinic:
    assign group \"الاستقبال والمواعيد\" by hand,
    reply \"شكرا لرسالتك. العيادة مغلقة الآن وسنرد عليك عند الفتح.\" once per 12h
otherwise: assign owner else group \"الاستقبال والمواعيد\" by in_order
";

#[test]
fn a_policy_in_arabic_is_drawn_well() {
    let rules = Rules::empty().file("inbox.toml", ARABIC_INBOX).file("+201000000001.rules", ARABIC);
    let run = rules.run("graph").exits_with(0);
    assert!(run.stdout().contains("direction=\"rtl\""));
    check(&run.stdout(), 20);
    check(&drawn(run.rules, "--week"), 35);
}

#[test]
fn long_names_and_texts_are_drawn_well() {
    let word = "Wissenschaftskommunikationsbeauftragte".repeat(6);
    let words = "MWMW WWWW @@@@ mmmm ".repeat(60);
    let tag = |at| format!(", tag \"{at} {word}\"");
    let tags = (0..30).map(tag).collect::<String>();
    let list = (0..80).map(|at| format!("\"{word}{at}\"")).collect::<Vec<_>>().join(", ");
    let text = format!(
        "rule \"{word}\"\nwhen message contains any [{list}] and customer has tag \"{words}\" and not \
         (new_customer or (has_owner and (any_online or (all_offline and message is image)))):\n    \
         assign user \"bob\" for 5m else group \"Sales\" by in_order, reply \"{word}\", reply \"{words}\\n{word}\"{tags}\n\
         rule \"{words}\"\nwhen has_owner: assign owner\notherwise: assign owner else group \"Sales\" by random\n"
    );
    let run = Rules::new().file("default.rules", text).run("graph").exits_with(0).prints("…");
    check(&run.stdout(), 60);
    check(&drawn(run.rules, "--week"), 35);
}

#[test]
fn emoji_and_chinese_are_drawn_well() {
    let names = "👩‍👩‍👧‍👦🇪🇬❤️1️⃣✈️😀".repeat(8);
    let chinese = "欢迎光临我们的商店，请稍等片刻，我们的同事会尽快回复您的消息。".repeat(4);
    let mixed = "ไทย देवनागरी Ελληνικά Русский ЖЩЮЫ עברית ﷺ ﷽ 한국어 ".repeat(4);
    let zalgo = format!("Z{}", "\u{301}".repeat(40));
    let text = format!(
        "rule \"{names}\"\nwhen message contains \"{chinese}\": assign group \"Sales\" by in_order, reply \"{names}\\n{chinese}\"\n\
         rule \"{chinese}\"\nwhen message contains \"{names}\": assign owner, tag \"{chinese}\"\n\
         rule \"{mixed}\"\nwhen message contains \"{mixed}\": assign owner, tag \"{names}\", reply \"{mixed}\"\n\
         rule \"{zalgo}\"\nwhen message contains \"x\": assign owner\notherwise: assign owner\n"
    );
    let run = Rules::new().file("default.rules", text).run("graph").exits_with(0);
    check(&run.stdout(), 40);
    check(&drawn(run.rules, "--week"), 35);
}

#[test]
fn three_hundred_rules_are_drawn_well() {
    let rule = |at| {
        format!(
            "rule \"rule number {at}\"\nwhen message contains \"word{at}\": assign group \"Sales\" by random\n"
        )
    };
    let text =
        (0..300).map(rule).collect::<String>() + "otherwise: assign owner else group \"Sales\" by random\n";
    check(&drawn(Rules::new().file("default.rules", text), ""), 1_500);
}
