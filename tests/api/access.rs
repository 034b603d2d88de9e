//! Authorization: every route, tried by every principal, on own rows, rows of the organization and rows of another
//! organization.
//!
//! The routes come from the OpenAPI description, so none can be forgotten: a new resource or action fails here until
//! the tests define how to create it, and who has which right.

mod closing;
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
