//! The country of a customer, from the names by which WhatsApp knows them.

use std::collections::HashMap;
use std::sync::LazyLock;

use inbox_rules::desk::CustomerName;
use phonenumber::Metadata;
use phonenumber::metadata::DATABASE;
use regex::RegexSet;

/// The country of a person with these names, as ISO 3166-1 alpha-2: that of the first phone number that has
/// one, else the two letters in front of a user id. `None`: no name says it, as with numbers of no country,
/// such as +800.
///
/// The first call reads the table of numbers, unless [`load_countries`] has, which takes longer than the answer to a webhook may.
pub fn country(names: &[CustomerName]) -> Option<String> {
    let phones = names.iter().filter_map(|name| name.as_str().strip_prefix('+'));
    let mut countries = phones.filter_map(phone_country);
    let country = countries.next().or_else(|| names.iter().find_map(|name| user_id_country(name.as_str())));
    country.map(ToOwned::to_owned)
}

/// Reads the table of numbers.
pub fn load_countries() {
    LazyLock::force(&CODES);
    // A pattern is made ready when it is first asked.
    let _ = phone_country("12025550123");
}

/// Whether these are two capital letters.
pub(super) fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// `US.1349…` → `US`
fn user_id_country(id: &str) -> Option<&str> {
    let (country, _) = id.split_once('.')?;
    is_country(country).then_some(country)
}

/// The countries that share a country code.
struct CodeCountries {
    ids: Vec<&'static str>,
    /// What the rest of a number looks like in each of them: the first that fits counts. `None`: there is
    /// only one.
    patterns: Option<RegexSet>,
}

/// The countries by country code. `phonenumber` finds them too, but takes ten times as long, under a lock.
static CODES: LazyLock<HashMap<u16, CodeCountries>> = LazyLock::new(|| {
    let codes = DATABASE.iter().map(Metadata::country_code);
    codes.filter_map(|code| Some((code, code_countries(code)?))).collect()
});

fn code_countries(code: u16) -> Option<CodeCountries> {
    let ids = DATABASE.region(&code)?;
    let patterns = ids.iter().map(|id| DATABASE.by_id(*id).map_or_else(|| "$^".to_owned(), pattern));
    let patterns = (ids.len() > 1).then(|| RegexSet::new(patterns).ok()).flatten();
    Some(CodeCountries { ids, patterns })
}

/// What a number of the country looks like after the country code.
fn pattern(country: &Metadata) -> String {
    if let Some(start) = country.leading_digits() {
        return format!("^(?x-u:{})", start.as_str());
    }
    let kinds = country.descriptors();
    let kinds = [
        kinds.fixed_line(),
        kinds.mobile(),
        kinds.toll_free(),
        kinds.premium_rate(),
        kinds.shared_cost(),
        kinds.personal_number(),
        kinds.voip(),
        kinds.pager(),
        kinds.uan(),
        kinds.voicemail(),
    ];
    let patterns = kinds.into_iter().flatten().map(|kind| format!("(?:{})", kind.national_number().as_str()));
    format!("^(?x-u:{})$", patterns.collect::<Vec<_>>().join("|"))
}

fn phone_country(digits: &str) -> Option<&'static str> {
    let (countries, rest) = (1..=3).find_map(|length| {
        let (code, rest) = digits.split_at_checked(length)?;
        Some((CODES.get(&code.parse().ok()?)?, rest))
    })?;
    let first = match &countries.patterns {
        Some(patterns) => patterns.matches(rest).iter().next()?,
        None => 0,
    };
    countries.ids.get(first).copied().filter(|id| is_country(id))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(names: &[&str], expected: Option<&str>) {
        let names: Vec<CustomerName> = names.iter().filter_map(|name| CustomerName::parse(name)).collect();
        assert_eq!(country(&names).as_deref(), expected, "{names:?}");
    }

    /// What `phonenumber` says.
    fn plain(digits: &str) -> Option<String> {
        let number = phonenumber::parse(None, format!("+{digits}")).ok()?;
        // It takes a trunk prefix away; WhatsApp's numbers have none.
        (digits == format!("{}{}", number.code().value(), number.national())).then_some(())?;
        number.country().id().map(|id| id.as_ref().to_owned())
    }

    #[test]
    fn a_phone_has_a_country_and_so_has_a_user_id() {
        check(&["201001234567"], Some("EG"));
        check(&["+16505551234"], Some("US"));
        check(&["+18765551234"], Some("JM"));
        check(&["+77011234567"], Some("KZ"));
        check(&["+79161234567"], Some("RU"));
        check(&["+447400123456"], Some("GB"));
        check(&["+80012340000"], None);
        check(&["+99999"], None);
        check(&["US.13491208655302741918"], Some("US"));
        check(&["EG.ENT.11815799212886844830"], Some("EG"));
        check(&["user.9356271812345678"], None);
        check(&["US.1349", "+201001234567"], Some("EG"));
        check(&["US.1349", "+80012340000"], Some("US"));
        check(&[], None);
    }

    /// `phonenumber` finds a country also for numbers that only begin as one of its numbers, such as
    /// +39 841 000 and three digits more.
    fn is_too_long(digits: &str, country: &str) -> bool {
        let mut beginnings = (1..digits.len()).filter_map(|length| digits.get(..length));
        beginnings.any(|beginning| phone_country(beginning) == Some(country))
    }

    #[test]
    fn a_number_that_is_too_long_has_no_country() {
        assert_eq!(phone_country("39841000"), Some("IT"));
        assert_eq!((phone_country("39841000000"), plain("39841000000").as_deref()), (None, Some("IT")));
        assert!(is_too_long("39841000000", "IT"));
    }

    #[test]
    fn the_example_numbers_of_all_countries_are_found() {
        let (mut own, mut all) = (0, 0);
        for metadata in DATABASE.iter().filter(|metadata| is_country(metadata.id())) {
            let kinds = [metadata.descriptors().fixed_line(), metadata.descriptors().mobile()];
            for example in kinds.into_iter().flatten().filter_map(|kind| kind.example()) {
                let digits = format!("{}{example}", metadata.country_code());
                let found = phone_country(&digits);
                if let Some(expected) = plain(&digits) {
                    assert_eq!(found, Some(expected.as_str()), "+{digits}");
                }
                all += 1;
                own += u32::from(found == Some(metadata.id()));
            }
        }
        // A few examples begin as the numbers of another country with the same code do.
        assert!(all > 400 && own * 100 >= all * 97, "{own} of {all}");
    }

    proptest! {
        #[test]
        fn numbers_have_the_country_that_phonenumber_says(
            code in prop::sample::select(vec!["1", "7", "20", "39", "44", "47", "61", "212", "262", "358", "590", "599"]),
            rest in "[2-9][0-9]{6,10}",
        ) {
            let digits = format!("{code}{rest}");
            if let Some(expected) = plain(&digits) {
                let found = phone_country(&digits);
                let is_right = found == Some(expected.as_str())
                    || found.is_none() && is_too_long(&digits, &expected);
                prop_assert!(is_right, "+{} is {:?}, not {}", digits, found, expected);
            }
        }
    }
}
