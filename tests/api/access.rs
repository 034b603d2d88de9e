//! Access: every route, tried by everybody, on what is theirs, their organization's and another organization's.
//!
//! The routes are taken from the description of the API, so that none can be forgotten: a resource or an action that
//! is new fails here until it is told how one is made, and who may do what.

mod drafts;
mod foreign;
mod lists;
mod organization;
mod references;
mod routes;
mod table;
mod tokens;

/// The roles within an organization.
const ROLES: [&str; 5] = ["owner", "admin", "member", "client", "freelancer"];
