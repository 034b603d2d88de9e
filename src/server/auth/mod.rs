//! What signing in is made of, without HTTP and without a database.
//!
//! Time comes in from outside, in seconds or microseconds since 1970. No secret is printed: whatever holds one masks
//! it in `Debug`, and gives it out by a method called `expose`.

pub mod hmac;
pub mod keys;
pub mod limiter;
pub mod password;
pub mod random;
pub mod refresh;
pub mod tokens;
