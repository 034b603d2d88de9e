//! Addresses, ports, TLS and origins.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use openssl::ssl::{SslConnector, SslMethod};
use serde_json::Value;

use super::sqlite;
use crate::service::{METRICS_TOKEN, Service, folder};

#[test]
fn the_server_listens_on_port() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let app = folder().env("PORT", &port);
    let ended = app.expect(3, &["serve"]);
    assert!(ended.stderr.contains(&format!("port {port}")), "{}", ended.stderr);
}

#[test]
fn the_server_listens_on_host() {
    let (_app, service) = sqlite(&[]);
    assert!(service.address().starts_with("127.0.0.1:"), "{}", service.base);
    service.stop();
    let (_app, service) = sqlite(&[("HOST", "0.0.0.0")]);
    assert!(service.address().starts_with("0.0.0.0:"), "{}", service.base);
    // The system connects 0.0.0.0 to the local host.
    assert_eq!(service.client().get("/health/live").status, 200);
    service.stop();
}

#[test]
fn only_cors_origins_are_allowed() {
    let allowed = |service: &Service, origin: &str| {
        let headers = [("origin", origin), ("access-control-request-method", "PATCH")];
        let preflight = service.client().ask_with("OPTIONS", "/api/customers", &headers, &Value::Null);
        let asked = service.client().ask_with("GET", "/health/live", &[("origin", origin)], &Value::Null);
        let of = |answer: &crate::site::Answer| answer.headers.get("access-control-allow-origin").cloned();
        assert_eq!(of(&preflight), of(&asked));
        of(&asked)
    };
    let (one, other) = ("https://app.example.org", "http://localhost:5173");
    let (_app, service) = sqlite(&[("CORS_ORIGINS", &format!("{one},{other}"))]);
    assert_eq!(allowed(&service, one).as_deref(), Some(one));
    assert_eq!(allowed(&service, other).as_deref(), Some(other));
    assert_eq!(allowed(&service, "https://evil.example.org"), None);
    service.stop();
    let (_app, service) = sqlite(&[]);
    assert_eq!(allowed(&service, one), None, "off by default");
    service.stop();
}

#[test]
fn metrics_require_the_token_if_set() {
    let (_app, service) = sqlite(&[("METRICS_TOKEN", METRICS_TOKEN)]);
    let ask = |token: Option<&str>| {
        let mut client = service.client();
        client.token = token.map(str::to_owned);
        client.get("/metrics")
    };
    assert_eq!(ask(None).status, 401);
    assert_eq!(ask(Some("another")).status, 401);
    let answer = ask(Some(METRICS_TOKEN));
    assert_eq!(answer.status, 200);
    assert!(answer.body.as_str().is_some_and(|text| text.contains("http_requests_total")), "{answer:?}");
    service.stop();
}

#[test]
fn metrics_are_for_this_machine_unless_they_are_open() {
    for (variables, forwarded, status) in [
        (&[][..], None, 200),
        (&[], Some("192.0.2.1"), 403),
        (&[("METRICS_OPEN", "true")], Some("192.0.2.1"), 200),
        (&[("TRUST_PROXY", "true")], Some("127.0.0.1"), 200),
        (&[("TRUST_PROXY", "true")], Some("192.0.2.1"), 403),
    ] {
        let (_app, service) = sqlite(variables);
        let headers: Vec<_> = forwarded.iter().map(|address| ("x-forwarded-for", *address)).collect();
        let answer = service.client().ask_with("GET", "/metrics", &headers, &Value::Null);
        assert_eq!(answer.status, status, "{variables:?} {forwarded:?}");
        service.stop();
    }
}

#[test]
fn with_certificate_and_key_the_server_uses_tls() {
    let app = folder();
    let (certificate, key) = certificate();
    std::fs::write(app.path("server.pem"), &certificate).expect("write");
    std::fs::write(app.path("server.key"), &key).expect("write");
    let variables = [("TLS_CERT", "server.pem"), ("TLS_KEY", "server.key")];
    let service = Service::start_with(&app, "backoffice.db", &variables);
    assert!(service.base.starts_with("https://"), "{}", service.base);

    let mut connector = SslConnector::builder(SslMethod::tls()).expect("TLS");
    connector.set_ca_file(app.path("server.pem")).expect("the authority");
    let stream = TcpStream::connect(service.address()).expect("connect");
    let mut stream = connector.build().connect("localhost", stream).expect("a certificate that convinces");
    let request = "GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).expect("ask");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.to_lowercase().contains("\r\nstrict-transport-security: "), "{answer}");

    let mut plain = TcpStream::connect(service.address()).expect("connect");
    plain.write_all(request.as_bytes()).expect("ask");
    let mut answer = Vec::new();
    // The connection may be reset instead of closed.
    let _ended = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "without TLS nothing is answered");
    service.stop();
}

#[test]
fn a_certificate_without_its_key_is_rejected() {
    for (name, other) in [("TLS_CERT", "TLS_KEY"), ("TLS_KEY", "TLS_CERT")] {
        let ended = folder().env(name, "server.pem").expect(3, &["serve", "--port", "0"]);
        assert!(ended.stderr.contains(other), "{}", ended.stderr);
    }
}

/// A self-signed certificate for localhost, and its key.
fn certificate() -> (Vec<u8>, Vec<u8>) {
    use openssl::asn1::{Asn1Integer, Asn1Time};
    use openssl::bn::BigNum;
    use openssl::ec::{EcGroup, EcKey};
    use openssl::hash::MessageDigest;
    use openssl::nid::Nid;
    use openssl::pkey::PKey;
    use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
    use openssl::x509::{X509, X509Name};

    let make = || {
        let key =
            PKey::from_ec_key(EcKey::generate(EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?.as_ref())?)?;
        let mut name = X509Name::builder()?;
        name.append_entry_by_text("CN", "localhost")?;
        let name = name.build();
        let mut builder = X509::builder()?;
        builder.set_version(2)?;
        builder.set_serial_number(Asn1Integer::from_bn(BigNum::from_u32(1)?.as_ref())?.as_ref())?;
        builder.set_subject_name(&name)?;
        builder.set_issuer_name(&name)?;
        builder.set_pubkey(&key)?;
        builder.set_not_before(Asn1Time::days_from_now(0)?.as_ref())?;
        builder.set_not_after(Asn1Time::days_from_now(1)?.as_ref())?;
        builder.append_extension(BasicConstraints::new().critical().ca().build()?)?;
        let alternative =
            SubjectAlternativeName::new().dns("localhost").build(&builder.x509v3_context(None, None))?;
        builder.append_extension(alternative)?;
        builder.sign(&key, MessageDigest::sha256())?;
        Ok::<_, openssl::error::ErrorStack>((builder.build().to_pem()?, key.private_key_to_pem_pkcs8()?))
    };
    make().expect("a certificate")
}
