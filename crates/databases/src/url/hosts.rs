//! The hosts and ports of a URL.

use std::net::Ipv6Addr;

use super::UrlError;
use super::escape::decode;

/// One `HOST[:PORT]` of the list.
pub(super) fn read_host(item: &str) -> Result<(String, Option<u16>), UrlError> {
    if let Some(bracketed) = item.strip_prefix('[') {
        let (address, after) = bracketed.split_once(']').ok_or(UrlError::Ipv6)?;
        let address = decode(address, "host")?;
        let port = match after.strip_prefix(':') {
            Some(port) => port,
            None if after.is_empty() => "",
            None => return Err(UrlError::Ipv6),
        };
        if !is_ipv6(&address) {
            return Err(UrlError::Ipv6);
        }
        return Ok((address, read_port(&decode(port, "port")?)?));
    }
    let (host, port) = item.split_once(':').unwrap_or((item, ""));
    if port.contains(':') {
        return Err(UrlError::Ipv6);
    }
    let host = decode(host, "host")?;
    if host.contains(',') {
        return Err(UrlError::HostComma);
    }
    Ok((host, read_port(&decode(port, "port")?)?))
}

/// A port; `None` if the text is empty.
pub(super) fn read_port(text: &str) -> Result<Option<u16>, UrlError> {
    if text.is_empty() {
        return Ok(None);
    }
    // `parse` would accept a plus sign.
    let digits = Some(text).filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
    let port = digits.and_then(|digits| digits.parse().ok());
    port.filter(|port| *port > 0).map(Some).ok_or(UrlError::Port)
}

/// Pairs hosts and ports: one port for all hosts, or one for each.
pub(super) fn pair_hosts(
    hosts: Vec<String>,
    ports: &[Option<u16>],
) -> Result<Vec<(String, Option<u16>)>, UrlError> {
    let port_count = ports.len();
    let host_count = hosts.len();
    let ports: Vec<Option<u16>> = match ports {
        [port] => vec![*port; host_count],
        ports if ports.iter().all(Option::is_none) => vec![None; host_count],
        ports if port_count == host_count => ports.to_vec(),
        _ => {
            return Err(UrlError::PortCount { host_count, port_count });
        }
    };
    let pairs: Vec<_> = hosts.into_iter().zip(ports).collect();
    let is_default = matches!(pairs.as_slice(), [(host, None)] if host.is_empty());
    Ok(if is_default { Vec::new() } else { pairs })
}

/// Whether the string is an IPv6 address, with or without a zone (`fe80::1%eth0`).
pub(super) fn is_ipv6(host: &str) -> bool {
    let (address, zone) = host.split_once('%').unwrap_or((host, "eth0"));
    let is_zone = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    address.parse::<Ipv6Addr>().is_ok() && !zone.is_empty() && zone.chars().all(is_zone)
}
