//! `inet` and `cidr`: an address of IPv4 or IPv6 with the length of its network prefix.

use std::net::IpAddr;

use super::sink::Sink;
use super::{SourceValue, Unfit};

/// Which of the two types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `inet`: an address, and perhaps its network.
    Inet,
    /// `cidr`: a network, without bits to the right of the prefix.
    Cidr,
}

/// The number of an address family in the binary form (`PGSQL_AF_INET`; that of IPv6 is one higher).
const FAMILY_IPV4: u8 = 2;

/// Writes the text of an address, with or without the length of a prefix. Numbers with leading zeros are rejected:
/// programs read them as decimal or octal.
pub(super) fn write(value: SourceValue<'_>, kind: Kind, out: &mut impl Sink) -> Result<(), Unfit> {
    let SourceValue::Text(text) = value else { return Err(Unfit::WrongClass) };
    let (address, length) = text.split_once('/').map_or((text, None), |(text, length)| (text, Some(length)));
    let address: IpAddr = address.parse().map_err(|_error| Unfit::NotAnAddress)?;
    let octets: &[u8] = match &address {
        IpAddr::V4(address) => &address.octets(),
        IpAddr::V6(address) => &address.octets(),
    };
    let (family, octet_count) = match address {
        IpAddr::V4(_) => (FAMILY_IPV4, 4_u8),
        IpAddr::V6(_) => (FAMILY_IPV4 + 1, 16),
    };
    let bits = octet_count * 8;
    let length = match length {
        None => bits,
        Some(length) => prefix_length(length).filter(|length| *length <= bits).ok_or(Unfit::NotAnAddress)?,
    };
    if kind == Kind::Cidr && !is_network(octets, length) {
        return Err(Unfit::NotAnAddress);
    }
    out.put(&[family, length, u8::from(kind == Kind::Cidr), octet_count]);
    out.put(octets);
    Ok(())
}

fn prefix_length(text: &str) -> Option<u8> {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_plain && (text == "0" || !text.starts_with('0'))).then(|| text.parse().ok())?
}

/// Whether all bits to the right of the prefix are zero.
fn is_network(octets: &[u8], length: u8) -> bool {
    let (whole, rest) = (usize::from(length / 8), length % 8);
    octets.iter().enumerate().skip(whole).all(|(place, octet)| {
        let host = if place == whole { 0xff_u8.checked_shr(u32::from(rest)).unwrap_or(0) } else { 0xff };
        octet & host == 0
    })
}

/// The address, with the length of its prefix if that is not all of it.
pub(super) fn show(bytes: &[u8]) -> Option<String> {
    let [family, length, is_cidr @ (0 | 1), octet_count, octets @ ..] = bytes else { return None };
    let address = match (family.checked_sub(FAMILY_IPV4)?, octet_count) {
        (0, 4) => IpAddr::from(<[u8; 4]>::try_from(octets).ok()?),
        (1, 16) => IpAddr::from(<[u8; 16]>::try_from(octets).ok()?),
        _ => return None,
    };
    let bits = octet_count * 8;
    match *length {
        length if length > bits => None,
        length if length == bits && *is_cidr == 0 => Some(address.to_string()),
        length => Some(format!("{address}/{length}")),
    }
}
