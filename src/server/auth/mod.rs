//! Building blocks of authentication, independent of HTTP and the database.
//!
//! Time is a parameter, in seconds or microseconds since the Unix epoch. Secrets are masked in `Debug` and only
//! available through a method `expose`.

pub mod hmac;
pub mod keys;
pub mod password;
pub mod random;
pub mod refresh;
pub mod tokens;
