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
    syntax 1:26-27 several values need a list | write `any ["a", "b"]`
    → when message contains any ["a", "b", "c"]: assign owner
    syntax 1:23-25 `in` is written `is any` here
    → when customer.country is any ["EG", "SA"]: assign owner
    syntax 1:26-27 `any` is missing before the list | `any ["a", "b"]` means one of these
    → when customer.country is any ["EG", "SA"]: assign owner
    syntax 1:30-31 a list needs `[` and `]` | write `any ["a", "b"]`
    → when customer.country is any ["EG", "SA"]: assign owner
    syntax 1:30-34 a list needs `[` and `]` | write `any ["a", "b"]`
    → when customer.country is any ["EG", "SA"] and vip: assign owner
    syntax 1:23-32 `is one of` is written `is any` here
    → when customer.country is any ["EG"]: assign owner
    syntax 1:20-26 `not in` is written `is not any` here
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
    syntax 1:20-26 `equals` is written `is` here
    syntax 1:46-54 `includes` is written `contains` here
    → when customer.plan is "gold" and message contains "x": assign owner
    syntax 1:14-25 `begins with` is written `starts with` here
    → when message starts with "x": assign owner
    syntax 1:14-30 `does not contain` is written `not … contains` | write `not message contains …`
    → when not message contains "x": assign owner
    syntax 1:20-35 `doesn't contain` is written `not … contains` | write `not customer.name contains …`
    → when not customer.name contains "x": assign owner
    syntax 1:20-25 `isn't` is written `is not` here
    → when customer.plan is not "gold": assign owner
    syntax 1:13-24 `is at least` is written `>=` here
    → when online >= 2: assign owner
    syntax 1:22-34 `is more than` is written `>` here
    → when customer.orders > 2: assign owner
    syntax 1:17-22 `1,000` is written `1_000` here
    → when waiting >= 1_000: assign owner
    "#);
}
