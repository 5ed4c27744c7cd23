//! Lists and questions.

use super::each;

#[test]
fn lists() {
    let text = r#"
        when customer.country is "EG" or "SA": assign owner
        when message contains "a", "b" or "c": assign owner
        when customer.country in ["EG", "SA"]: assign owner
        when customer.country is ["EG", "SA"]: assign owner
        when customer.country is any ("EG", "SA"): assign owner
        when customer.country is any "EG", "SA" and vip: assign owner
        when customer.country is one of ["EG"]: assign owner
        when customer.plan not in ["a"]: assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:34-38 several values need a list | write `any ["EG", "SA"]`
    → when customer.country is any ["EG", "SA"]: assign owner
    syntax 1:26-27 several values need a list | write `any ["a", "b", "c"]`
    → when message contains any ["a", "b", "c"]: assign owner
    syntax 1:23-25 write `is any`, not `in`
    → when customer.country is any ["EG", "SA"]: assign owner
    syntax 1:26-27 `any` is missing before the list | `any ["a", "b"]` means one of these
    → when customer.country is any ["EG", "SA"]: assign owner
    syntax 1:30-31 a list needs `[` and `]` | write `any ["a", "b"]`
    → when customer.country is any ["EG", "SA"]: assign owner
    syntax 1:30-34 a list needs `[` and `]` | write `any ["a", "b"]`
    → when customer.country is any ["EG", "SA"] and vip: assign owner
    syntax 1:23-32 write `is any`, not `is one of`
    → when customer.country is any ["EG"]: assign owner
    syntax 1:20-26 write `is not any`, not `not in`
    → when customer.plan is not any ["a"]: assign owner
    "#);
}

#[test]
fn questions() {
    let text = r#"
        when customer.plan equals "gold" and message includes "x": assign owner
        when message begins with "x": assign owner
        when message does not contain "x": assign owner
        when customer.name doesn't contain "x": assign owner
        when customer.plan isn't "gold": assign owner
        when online is at least 2: assign owner
        when customer.orders is more than 2: assign owner
        when waiting >= 1,000: assign owner
    "#;
    insta::assert_snapshot!(each(text), @r#"
    syntax 1:20-26 write `is`, not `equals`
    syntax 1:46-54 write `contains`, not `includes`
    → when customer.plan is "gold" and message contains "x": assign owner
    syntax 1:14-25 write `starts with`, not `begins with`
    → when message starts with "x": assign owner
    syntax 1:14-30 write `not … contains`, not `does not contain` | write `not message contains …`
    → when not message contains "x": assign owner
    syntax 1:20-35 write `not … contains`, not `doesn't contain` | write `not customer.name contains …`
    → when not customer.name contains "x": assign owner
    syntax 1:20-25 write `is not`, not `isn't`
    → when customer.plan is not "gold": assign owner
    syntax 1:13-24 write `>=`, not `is at least`
    → when online >= 2: assign owner
    syntax 1:22-34 write `>`, not `is more than`
    → when customer.orders > 2: assign owner
    syntax 1:17-22 write `1_000`, not `1,000`
    → when waiting >= 1_000: assign owner
    "#);
}
