//! Addresses that a connection may come from.

use std::net::IpAddr;

/// An address, or all that begin with the same bits: `127.0.0.1`, `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    /// How many of its first bits count.
    bits: u8,
}

impl Network {
    /// One address.
    pub(super) fn of(address: IpAddr) -> Self {
        Self { address, bits: if address.is_ipv4() { 32 } else { 128 } }
    }

    /// Whether the address is in it. `::ffff:127.0.0.1` is `127.0.0.1`.
    pub fn contains(&self, address: IpAddr) -> bool {
        let equal = match (self.address, address.to_canonical()) {
            (IpAddr::V4(mine), IpAddr::V4(other)) => (mine.to_bits() ^ other.to_bits()).leading_zeros(),
            (IpAddr::V6(mine), IpAddr::V6(other)) => (mine.to_bits() ^ other.to_bits()).leading_zeros(),
            _ => return false,
        };
        equal >= self.bits.into()
    }

    /// An address, or an address and how many of its first bits count.
    ///
    /// # Errors
    ///
    /// A sentence on what to write.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        const HELP: &str = "write an IP address as `127.0.0.1`, or a network as `10.0.0.0/8`";
        let (address, bits) =
            text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address = address.parse::<IpAddr>().map_err(|_| HELP.to_owned())?.to_canonical();
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => most,
            Some(bits) => bits.parse().ok().filter(|bits| *bits <= most).ok_or(HELP)?,
        };
        if bits == 0 {
            return Err("name the addresses that the proxy has: this is every address".to_owned());
        }
        Ok(Self { address, bits })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn contains(network: &str, addresses: &[&str]) -> Vec<bool> {
        let network = Network::parse(network).unwrap();
        addresses.iter().map(|address| network.contains(address.parse().unwrap())).collect()
    }

    #[test]
    fn addresses_in_a_network() {
        let both = ["127.0.0.1", "::ffff:127.0.0.1", "127.0.0.2", "::1"];
        assert_eq!(contains("127.0.0.1", &both), [true, true, false, false]);
        assert_eq!(contains("::ffff:127.0.0.1", &both), [true, true, false, false]);
        assert_eq!(contains("::1", &both), [false, false, false, true]);
        let private = ["10.255.0.1", "11.0.0.1", "::ffff:10.0.0.1", "a00::"];
        assert_eq!(contains("10.0.0.0/8", &private), [true, false, true, false]);
        assert_eq!(contains("10.9.9.9/8", &private), [true, false, true, false]);
        assert_eq!(contains("fd00::/8", &["fd12::1", "fe80::1"]), [true, false]);
        assert_eq!(contains("172.16.0.0/12", &["172.31.255.255", "172.32.0.0"]), [true, false]);
    }

    #[test]
    fn what_is_no_network() {
        for text in
            ["", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "::/129", "10.0.0.0/-1", "1.2.3.4:80"]
        {
            assert!(Network::parse(text).unwrap_err().starts_with("write an IP address"), "{text}");
        }
        for text in ["0.0.0.0/0", "::/0"] {
            assert!(Network::parse(text).unwrap_err().contains("every address"), "{text}");
        }
    }
}
