//! Routes of `/api/auth`: register, sign in, refresh, sign out, change the password, invite, and accept.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRequest, Request};
use axum::http::HeaderMap;
use axum::routing::{get, post};

use super::account::Person;
use super::{enter, invitations, own};
use crate::models::{EmailAddress, Limit, Role};
use crate::server::app::AppState;
use crate::server::caller::read_body;
use crate::server::fields::{Fields, Shape, to_json};
use crate::server::openapi::Described;
use crate::server::problem::Problem;
use transfer::values::Text;

/// Length of a name, as in the CHECK constraints.
pub(super) const NAME: Limit = 1..=200;
/// Length of a password or token: what is longer is not looked at. New passwords have stricter limits.
pub(super) const SECRET: Limit = 0..=2048;

pub(in crate::server) fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/auth/register", post(enter::register))
        .route("/api/auth/login", post(enter::login))
        .route("/api/auth/refresh", post(enter::refresh))
        .route("/api/auth/logout", post(enter::logout))
        .route("/api/auth/logout-all", post(enter::logout_all))
        .route("/api/auth/password", post(own::change_password))
        .route("/api/auth/email", post(own::change_email))
        .route("/api/auth/invitations", post(invitations::invite))
        .route("/api/auth/accept", post(invitations::accept))
        .route("/api/auth/me", get(own::me))
}

/// The routes, for the OpenAPI description.
pub(in crate::server) fn described() -> Vec<Described> {
    let shape = |name| Shape::of::<Text>(name, Some(SECRET), None);
    let email = || Shape::of::<EmailAddress>("email", None, None);
    let names = || {
        vec![
            Shape::of::<Text>("first_name", Some(NAME), None),
            Shape::of::<Text>("last_name", Some(NAME), None),
        ]
    };
    let open = |address, about, status, shapes| Described::open("post", address, about, status, shapes);
    let signed =
        |address, about, status, shapes| Described::signed_in("post", address, about, status, shapes);
    vec![
        open(
            "/api/auth/register",
            "Register: create an organization and its owner",
            201,
            [
                vec![Shape::of::<Text>("organization_name", Some(NAME), None), email(), shape("password")],
                names(),
            ]
            .concat(),
        )
        .answers("Tokens"),
        open("/api/auth/login", "Sign in", 200, vec![email(), shape("password")]).answers("Tokens"),
        open(
            "/api/auth/refresh",
            "Refresh the tokens of a session; a refresh token is valid for one use",
            200,
            vec![shape("refresh_token")],
        )
        .answers("Tokens"),
        open(
            "/api/auth/accept",
            "Accept an invitation and set a password",
            200,
            vec![shape("invitation_token"), shape("password")],
        )
        .answers("Tokens"),
        signed("/api/auth/logout", "Sign out", 204, vec![]),
        signed("/api/auth/logout-all", "Sign out of all sessions of the user", 204, vec![]),
        signed(
            "/api/auth/password",
            "Change the password; all other sessions are revoked",
            204,
            vec![shape("current_password"), shape("new_password")],
        ),
        signed(
            "/api/auth/email",
            "Change the e-mail address, which signs in from then on",
            204,
            vec![email(), shape("current_password")],
        ),
        signed(
            "/api/auth/invitations",
            "Invite a user into the organization; repeat it to renew an invitation that is not accepted",
            201,
            [vec![email()], names(), vec![Shape::of::<Role>("role", None, Some(to_json(&Role::Member)))]]
                .concat(),
        )
        .answers("Invitation"),
        Described::signed_in("get", "/api/auth/me", "Show the current user and organization", 200, vec![])
            .answers("Me"),
    ]
}

/// The body and the client's address.
pub(super) struct Sent {
    pub(super) fields: Fields,
    pub(super) client: IpAddr,
}

impl FromRequest<AppState> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Problem> {
        let client = client_of(&request, app.trust_proxy);
        let body: Bytes = read_body(request, app).await?;
        Ok(Self { fields: Fields::of_body(&body)?, client })
    }
}

/// The client's address: the peer address, or the last entry of `X-Forwarded-For` behind a trusted proxy.
pub(in crate::server) fn client_of<B>(request: &axum::http::Request<B>, trust_proxy: bool) -> IpAddr {
    let connected =
        request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
    let forwarded = if trust_proxy { forwarded_client(request.headers()) } else { None };
    forwarded.or(connected).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
}

/// The last entry of `X-Forwarded-For`, which the nearest proxy has written.
pub(in crate::server) fn forwarded_client(headers: &HeaderMap) -> Option<IpAddr> {
    let value = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    value.rsplit(',').next()?.trim().parse().ok()
}

/// The identity in a body.
pub(super) fn person(fields: &mut Fields) -> Option<Person> {
    let email = fields.required("email", None);
    let first_name = fields.required("first_name", Some(NAME));
    let last_name = fields.required("last_name", Some(NAME));
    Some(Person { email: email?, first_name: first_name?, last_name: last_name? })
}
