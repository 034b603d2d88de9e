//! `/api/auth`: register, sign in, refresh, sign out, change the password, invite, accept.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use serde_json::json;

use super::account::{Person, add_person, chosen, open_organization, taken};
use super::{INVITATION_S, SECOND_MICROS};
use crate::models::Record as _;
use crate::models::tenancy::{Organization, Session, SessionChanges, User, UserChanges};
use crate::server::access::right;
use crate::server::answer::Answer;
use crate::server::app::App;
use crate::server::audit::{Event, record};
use crate::server::auth::password::{Password, needs_rehash};
use crate::server::auth::refresh::RefreshToken;
use crate::server::caller::{Asked, Caller, read_body};
use crate::server::fields::{Fields, Shape, to_json};
use crate::server::openapi::Described;
use crate::server::problem::{Code, Problem};
use crate::server::rights::Verb;
use crate::values::{EmailAddress, Instant, OrganizationId, Role, SessionId, Text, UserId};

/// Characters of a name at most, as the tables check.
const NAME: crate::values::Limit = 1..=200;

pub(in crate::server) fn routes() -> Router<App> {
    Router::new()
        .route("/api/auth/register", post(register))
        .route("/api/auth/login", post(login))
        .route("/api/auth/refresh", post(refresh))
        .route("/api/auth/logout", post(logout))
        .route("/api/auth/password", post(change_password))
        .route("/api/auth/invitations", post(invite))
        .route("/api/auth/accept", post(accept))
        .route("/api/auth/me", get(me))
}

/// What the routes are, for the description of the API.
pub(in crate::server) fn described() -> Vec<Described> {
    let shape = |name| Shape::of::<Text>(name, None, None);
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
            "Open an organization, with oneself as its owner",
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
            "Continue a session: the refresh token is good for one use",
            200,
            vec![shape("refresh_token")],
        )
        .answers("Tokens"),
        open(
            "/api/auth/accept",
            "Accept an invitation by choosing a password",
            200,
            vec![shape("invitation_token"), shape("password")],
        )
        .answers("Tokens"),
        signed("/api/auth/logout", "Sign out", 204, vec![]),
        signed(
            "/api/auth/password",
            "Change one's password; other sessions end",
            204,
            vec![shape("current_password"), shape("new_password")],
        ),
        signed(
            "/api/auth/invitations",
            "Invite somebody into the organization; once more for somebody who has not accepted",
            201,
            [vec![email()], names(), vec![Shape::of::<Role>("role", None, Some(to_json(&Role::Member)))]]
                .concat(),
        )
        .answers("Invitation"),
        Described::signed_in("get", "/api/auth/me", "Who I am", 200, vec![]).answers("Me"),
    ]
}

/// The body, and where it came from.
struct Sent {
    fields: Fields,
    client: IpAddr,
}

impl FromRequest<App> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let client = client_of(&request, app.trust_proxy);
        let body: Bytes = read_body(request, app).await?;
        Ok(Self { fields: Fields::of_body(&body)?, client })
    }
}

/// The client's address: that of the connection, or what the proxy before us says.
pub(in crate::server) fn client_of<B>(request: &axum::http::Request<B>, trust_proxy: bool) -> IpAddr {
    let forwarded = |headers: &HeaderMap| {
        let value = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        value.rsplit(',').next()?.trim().parse().ok()
    };
    let connected =
        request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
    let told = if trust_proxy { forwarded(request.headers()) } else { None };
    told.or(connected).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
}

async fn register(State(app): State<App>, sent: Sent) -> Result<Answer, Problem> {
    if !app.sign_in.parts.is_registration_open {
        return Err(Problem::new(Code::Forbidden, "registration is closed: ask to be invited"));
    }
    let Sent { mut fields, client } = sent;
    let name: Option<Text> = fields.required("organization_name", Some(NAME));
    let password: Option<Text> = fields.required("password", None);
    let person = person(&mut fields);
    fields.finish()?;
    let (Some(name), Some(password), Some(person)) = (name, password, person) else {
        return Err(Problem::new(Code::InvalidFields, "a field is missing"));
    };
    let password = chosen(&password, &person.email, "password")?;
    let now = app.now();
    // Each registration counts as an attempt of its address: it costs a hash, and tells whether an address is known.
    let ticket = app.sign_in.limiter.take(person.email.as_str(), client, now.micros()).map_err(too_many)?;
    let hash = app.sign_in.hash(password).await?;
    let working = app.clone();
    let answer = app
        .database
        .write(move |connection| {
            if User::by_email(connection, &person.email)?.is_some() {
                return Err(taken().into());
            }
            let organization = open_organization(connection, name.clone(), now)?;
            let user = add_person(
                connection,
                person.clone(),
                Some(organization.id),
                Role::Owner,
                Some(hash.clone()),
                now,
            )?;
            let tokens = working.sign_in.open_session(connection, &user, now)?;
            tell(
                connection,
                &user,
                organization.id,
                "organization",
                organization.id.to_string(),
                "registered",
                now,
            )?;
            Ok(Answer::of(StatusCode::CREATED, &tokens)?)
        })
        .await?;
    app.sign_in.limiter.succeeded(ticket);
    Ok(answer)
}

/// What somebody is told who has to wait.
pub(in crate::server) fn too_many(error: crate::server::auth::limiter::TooManyAttempts) -> Problem {
    let seconds = i64::try_from(error.seconds).unwrap_or(i64::MAX);
    Problem::new(Code::TooManyAttempts, error.to_string()).wait(seconds)
}

fn person(fields: &mut Fields) -> Option<Person> {
    let email = fields.required("email", None);
    let first_name = fields.required("first_name", Some(NAME));
    let last_name = fields.required("last_name", Some(NAME));
    Some(Person { email: email?, first_name: first_name?, last_name: last_name? })
}

fn tell(
    connection: &mut crate::db::connection::AnyConnection,
    user: &User,
    organization: OrganizationId,
    entity: &str,
    key: String,
    done: &str,
    now: Instant,
) -> Result<(), crate::server::problem::Refused> {
    let event = Event { organization, user: Some(user.id), now, entity, key, done, fields: &[] };
    record(connection, &event)
}

async fn login(State(app): State<App>, sent: Sent) -> Result<Answer, Problem> {
    let Sent { mut fields, client } = sent;
    let email: Option<EmailAddress> = fields.required("email", None);
    let password: Option<Text> = fields.required("password", None);
    fields.finish()?;
    let (Some(email), Some(password)) = (email, password) else {
        return Err(Problem::new(Code::InvalidFields, "a field is missing"));
    };
    let failed = || Problem::new(Code::SignInFailed, "e-mail address and password do not belong together");
    let now = app.now();
    let ticket = app.sign_in.limiter.take(email.as_str(), client, now.micros()).map_err(|error| {
        app.metrics.signed_in("limited");
        too_many(error)
    })?;
    let password = Password::new(&password).map_err(|_rules| failed())?;
    let asked = email.clone();
    let found = app.database.read(move |connection| Ok(User::by_email(connection, &asked)?)).await;
    let found = match found {
        Ok(found) => found.filter(|user| user.deleted_at.is_none()),
        Err(problem) => {
            // Nobody's attempt failed: the database did.
            app.sign_in.limiter.withdraw(ticket);
            return Err(problem);
        }
    };
    let stored = found.as_ref().and_then(|user| user.password_hash.clone());
    let is_right = app.sign_in.is_password(password.clone(), stored.clone()).await?;
    let Some(user) = found.filter(|_| is_right) else {
        app.metrics.signed_in("refused");
        return Err(failed());
    };
    app.sign_in.limiter.succeeded(ticket);
    let is_old = stored.is_some_and(|stored| needs_rehash(&stored, app.sign_in.parts.cost).unwrap_or(false));
    let rehashed = if is_old { Some(app.sign_in.hash(password).await?) } else { None };
    let working = app.clone();
    let answer = app
        .database
        .change(user.id, move |connection| {
            if let Some(hash) = &rehashed {
                let changes =
                    UserChanges { password_hash: Some(Some(hash.clone())), ..UserChanges::default() };
                User::update(connection, user.id, &changes)?;
            }
            let tokens = working.sign_in.open_session(connection, &user, now)?;
            if let Some(organization) = user.organization_id {
                tell(connection, &user, organization, "user", user.id.to_string(), "signed_in", now)?;
            }
            Ok(Answer::of(StatusCode::OK, &tokens)?)
        })
        .await?;
    app.metrics.signed_in("succeeded");
    Ok(answer)
}

async fn refresh(State(app): State<App>, sent: Sent) -> Result<Answer, Problem> {
    let Sent { mut fields, .. } = sent;
    let token: Option<Text> = fields.required("refresh_token", None);
    fields.finish()?;
    let token = token.ok_or_else(|| Problem::new(Code::InvalidFields, "a field is missing"))?;
    let token =
        RefreshToken::parse(&token).map_err(|error| Problem::new(Code::TokenRefused, error.to_string()))?;
    let token = std::sync::Arc::new(token);
    let now = app.now();
    let working = app.clone();
    let session = token.session();
    let outcome = app
        .database
        .write(move |connection| working.sign_in.continue_session(connection, &token, now))
        .await?;
    match outcome {
        Ok(tokens) => Answer::of(StatusCode::OK, &tokens),
        Err(problem) => {
            app.sign_in.end(session, now);
            Err(problem)
        }
    }
}

async fn logout(State(app): State<App>, caller: Caller) -> Result<Answer, Problem> {
    let now = app.now();
    app.database
        .change(caller.user, move |connection| {
            let changes = SessionChanges { revoked_at: Some(Some(now)), ..SessionChanges::default() };
            Session::update(connection, SessionId(caller.session), &changes)?;
            Ok(())
        })
        .await?;
    app.sign_in.end(caller.session, now);
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

async fn change_password(State(app): State<App>, caller: Caller, sent: Sent) -> Result<Answer, Problem> {
    let Sent { mut fields, client } = sent;
    let current: Option<Text> = fields.required("current_password", None);
    let wanted: Option<Text> = fields.required("new_password", None);
    fields.finish()?;
    let (Some(current), Some(wanted)) = (current, wanted) else {
        return Err(Problem::new(Code::InvalidFields, "a field is missing"));
    };
    let now = app.now();
    let user = app.database.read(move |connection| Ok(User::find(connection, caller.user)?)).await?;
    let user = user.filter(|user| user.deleted_at.is_none()).ok_or_else(|| Problem::not_found("user"))?;
    let ticket = app.sign_in.limiter.take(user.email.as_str(), client, now.micros()).map_err(too_many)?;
    let failed = || Problem::field("current_password", "wrong_password", "is not the password");
    let given = Password::new(&current).map_err(|_rules| failed())?;
    let stored = user.password_hash.clone();
    if !app.sign_in.is_password(given, stored.clone()).await? {
        return Err(failed());
    }
    app.sign_in.limiter.succeeded(ticket);
    let hash = app.sign_in.hash(chosen(&wanted, &user.email, "new_password")?).await?;
    app.database
        .change(caller.user, move |connection| {
            let user = User::lock(connection, caller.user)?.ok_or_else(|| Problem::not_found("user"))?;
            if user.password_hash != stored {
                return Err(failed().into());
            }
            let changes = UserChanges {
                password_hash: Some(Some(hash.clone())),
                updated_at: Some(now),
                ..UserChanges::default()
            };
            User::update(connection, caller.user, &changes)?;
            Session::revoke_all(connection, caller.user, Some(SessionId(caller.session)), now)?;
            if let Some(organization) = user.organization_id {
                tell(connection, &user, organization, "user", user.id.to_string(), "password_changed", now)?;
            }
            Ok(())
        })
        .await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

async fn invite(State(app): State<App>, asked: Asked) -> Result<Answer, Problem> {
    let at = asked.at;
    right::<User>(&at, Verb::Do("invite"))?;
    let organization =
        at.organization().ok_or_else(|| Problem::new(Code::Forbidden, "you belong to no organization"))?;
    let mut fields = Fields::of_body(&asked.body)?;
    let person = person(&mut fields);
    let role = fields.optional("role", None, || Some(Role::Member));
    fields.finish()?;
    let (Some(person), Some(role)) = (person, role) else {
        return Err(Problem::new(Code::InvalidFields, "a field is missing"));
    };
    if role == Role::Owner && at.caller.role != Role::Owner {
        return Err(Problem::new(Code::Forbidden, "only an owner makes owners"));
    }
    let working = app.clone();
    app.database
        .change(at.caller.user, move |connection| {
            let user = match User::by_email(connection, &person.email)? {
                None => add_person(connection, person.clone(), Some(organization), role, None, at.now)?,
                // Once more for somebody who has not accepted; anybody else is not told of.
                Some(user)
                    if user.organization_id == Some(organization)
                        && user.password_hash.is_none()
                        && user.deleted_at.is_none() =>
                {
                    user
                }
                Some(_) => return Err(taken().into()),
            };
            let event = Event {
                organization,
                user: Some(at.caller.user),
                now: at.now,
                entity: "user",
                key: user.id.to_string(),
                done: "invited",
                fields: &[],
            };
            record(connection, &event)?;
            let expires_at = Instant::from_micros(at.now.micros() + INVITATION_S * SECOND_MICROS)?;
            let told = json!({
                "user": to_json(&user),
                "invitation_token": working.sign_in.invitation(user.id, at.now),
                "expires_at": to_json(&expires_at),
            });
            Ok(Answer::of(StatusCode::CREATED, &told)?.at(format!("/api/users/{}", user.id)))
        })
        .await
}

async fn accept(State(app): State<App>, sent: Sent) -> Result<Answer, Problem> {
    let Sent { mut fields, .. } = sent;
    let token: Option<Text> = fields.required("invitation_token", None);
    let password: Option<Text> = fields.required("password", None);
    fields.finish()?;
    let (Some(token), Some(password)) = (token, password) else {
        return Err(Problem::new(Code::InvalidFields, "a field is missing"));
    };
    let now = app.now();
    let id: UserId = app.sign_in.invited(&token, now)?;
    let gone = || Problem::new(Code::TokenRefused, "this invitation was accepted, or taken back");
    let user = app.database.read(move |connection| Ok(User::find(connection, id)?)).await?;
    let is_waiting = |user: &User| user.password_hash.is_none() && user.deleted_at.is_none();
    let user = user.filter(is_waiting).ok_or_else(gone)?;
    let hash = app.sign_in.hash(chosen(&password, &user.email, "password")?).await?;
    let working = app.clone();
    app.database
        .change(id, move |connection| {
            let user = User::lock(connection, id)?.filter(is_waiting).ok_or_else(gone)?;
            // Whoever has the invitation has read it at that address.
            let changes = UserChanges {
                password_hash: Some(Some(hash.clone())),
                email_verified: Some(true),
                updated_at: Some(now),
                ..UserChanges::default()
            };
            let user = User::update(connection, user.id, &changes)?.ok_or_else(gone)?;
            if let Some(organization) = user.organization_id {
                tell(connection, &user, organization, "user", user.id.to_string(), "accepted", now)?;
            }
            let tokens = working.sign_in.open_session(connection, &user, now)?;
            Ok(Answer::of(StatusCode::OK, &tokens)?)
        })
        .await
}

async fn me(State(app): State<App>, caller: Caller) -> Result<Answer, Problem> {
    app.database
        .read(move |connection| {
            let user = User::find(connection, caller.user)?.filter(|user| user.deleted_at.is_none());
            let user = user.ok_or_else(|| Problem::not_found("user"))?;
            let organization = match user.organization_id {
                Some(id) => Organization::find(connection, id)?,
                None => None,
            };
            let told = json!({ "user": to_json(&user), "organization": to_json(&organization) });
            Ok(Answer::of(StatusCode::OK, &told)?)
        })
        .await
}
