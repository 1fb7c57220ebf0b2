//! Where a webhook may go: to addresses of the public network, looked at where the connection is made, after names are looked up. Private
//! ones, of this machine or of the network that it stands in, only where the configuration says so.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Looks names up, and gives no address that nothing may go to.
pub(super) struct Guarded {
    pub(super) allows_private: bool,
}

/// A name that leads to nothing but private addresses.
#[derive(Debug, thiserror::Error)]
#[error("the address is a private one, and `webhooks.private` is off")]
pub(crate) struct Private;

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let allows_private = self.allows_private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let fit: Vec<SocketAddr> = found.filter(|address| allows_private || is_public(address.ip())).collect();
            if fit.is_empty() {
                return Err(Private.into());
            }
            Ok(Box::new(fit.into_iter()) as Addrs)
        })
    }
}

/// Whether something may go there: an address that is written as one is looked up by nobody.
///
/// # Errors
/// Where it may not.
pub(crate) fn checked(url: &Url, allows_private: bool) -> Result<(), Private> {
    let written: Option<IpAddr> =
        url.host_str().and_then(|host| host.trim_start_matches('[').trim_end_matches(']').parse().ok());
    match written {
        Some(address) if !allows_private && !is_public(address) => Err(Private),
        _ => Ok(()),
    }
}

/// Whether an address is of the public network.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_kept = match (a, b, c) {
        // This network, carriers' own, loopback, link-local, protocols', benchmarks'.
        (0 | 10 | 127, _, _) | (100, 64..=127, _) | (169, 254, _) | (192, 0, 0) | (198, 18 | 19, _) => true,
        (172, 16..=31, _) | (192, 168, _) => true,
        // Examples, and what used to lead from one kind of network to the other.
        (192, 0, 2) | (198, 51, 100) | (203, 0, 113) | (192, 88, 99) => true,
        // To many at once, or never given out.
        (224.., _, _) => true,
        _ => false,
    };
    !is_kept
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let within = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (a, b, c, d, e, f) {
        // An address of the older kind in another dress is what it is.
        (0, 0, 0, 0, 0, 0xffff) | (0x64, 0xff9b, 0, 0, 0, 0) => within(g, h),
        (0x2002, high, low, ..) => within(high, low),
        // Of the newer kind only what is given out to the public network, less its examples and tunnels.
        (0x2001, 0 | 0xdb8, ..) | (0x3fff, 0..=0xfff, ..) => false,
        (0x2000..=0x3fff, ..) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_public_is_called_so() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "1.1.1.1",
            "100.63.0.1",
            "172.32.0.1",
            "192.169.0.1",
            "2606:4700::1111",
            "::ffff:1.1.1.1",
            "2002:101:101::",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn an_address_that_is_written_as_one_is_looked_at_however_it_is_written() {
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://[::1]:80/",
            "http://[::ffff:7f00:1]/",
        ] {
            let url = Url::parse(url).unwrap();
            assert!(checked(&url, false).is_err() && checked(&url, true).is_ok(), "{url}");
        }
        assert!(checked(&Url::parse("https://example.com/").unwrap(), false).is_ok());
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_leads_nowhere() {
        let look = |allows_private| Guarded { allows_private }.resolve("localhost".parse().unwrap());
        assert!(look(false).await.is_err_and(|error| error.is::<Private>()));
        assert!(look(true).await.is_ok());
    }
}
