//! The country of a customer, from what WhatsApp says about them.

use inbox_rules::desk::CustomerName;

/// The country of a person with these names, as ISO 3166-1 alpha-2: that of the first phone number that has one, else the two letters
/// in front of a user id. `None`: no name says it, as with numbers of no country, such as +800.
pub fn country(names: &[CustomerName]) -> Option<String> {
    let phones = names.iter().find_map(|name| phone_country(name.as_str().strip_prefix('+')?));
    phones.or_else(|| names.iter().find_map(|name| user_id_country(name.as_str())))
}

/// `US.1349…` → `US`
fn user_id_country(id: &str) -> Option<String> {
    let (country, _) = id.split_once('.')?;
    is_country(country).then(|| country.to_owned())
}

/// Whether these are two capital letters.
pub(super) fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn phone_country(digits: &str) -> Option<String> {
    let number = phonenumber::parse(None, format!("+{digits}")).ok()?;
    number.country().id().map(|id| id.as_ref().to_owned())
}
