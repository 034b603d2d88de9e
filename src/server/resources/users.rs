//! `/api/users`: users of the organization. They are created by invitations (`/api/auth/invitations`).

use diesel::QueryResult;

use crate::models::Record as _;
use crate::models::tenancy::{User, UserChanges, end_access_of_user, end_sessions_of_user};
use crate::models::{EmailAddress, Role, UserId, WebUrl};
use crate::server::caller::At;
use crate::server::problem::{Code, HandlerError, Problem};
use crate::server::resource::{Collection, resource};
use crate::server::sign_in::vacate;
use databases::connection::AnyConnection;
use transfer::values::{Json, Text};

resource! {
    /// A user of the organization. A new role ends the access of the user's access tokens.
    User, "user" at "users", Users;
    collections [Collection::Organization];
    changes |at| UserChanges {
        email: EmailAddress,
        first_name: Text [1..=200],
        last_name: Text [1..=200],
        role: Role,
        avatar_url: Option<WebUrl> [1..=2048],
        phone: Option<Text> [1..=50],
        bio: Option<Text> [0..=10_000],
        kyc_verified: bool,
        notification_preferences: Json,
    } with {
        updated_at: Some(at.now),
    }
    particular {
        const AUDITED: &'static [&'static str] = &["email", "role", "kyc_verified"];

        fn own_column(_role: Role) -> Option<&'static str> {
            None
        }

        fn users(&self, _connection: &mut AnyConnection) -> QueryResult<Vec<UserId>> {
            Ok(vec![self.id])
        }

        fn before_update(
            &self,
            changes: &mut UserChanges,
            at: &At,
            connection: &mut AnyConnection,
        ) -> Result<(), HandlerError> {
            let is_admin = matches!(at.caller.role, Role::Owner | Role::Admin);
            if !is_admin && (changes.role.is_some() || changes.kyc_verified.is_some()) {
                return Err(Problem::new(Code::Forbidden, "only owners and admins may change roles and checks").into());
            }
            if let Some(role) = changes.role.filter(|role| *role != self.role) {
                check_owners(self, role == Role::Owner, at, connection)?;
                end_access_of_user(connection, self.id)?;
            }
            if changes.email.as_ref().is_some_and(|email| *email != self.email) {
                if self.id == at.caller.user {
                    let detail = "change your own e-mail address at /api/auth/email, with the current password";
                    return Err(Problem::field("email", "password_required", detail).into());
                }
                // An owner signs in with this address.
                if self.role == Role::Owner && at.caller.role != Role::Owner {
                    return Err(Problem::new(Code::Forbidden, "only an owner may change the e-mail address of an owner").into());
                }
                changes.email_verified = Some(false);
                if let Some(email) = &changes.email {
                    vacate(connection, email, at.now)?;
                }
            }
            Ok(())
        }

        fn remove(&self, at: &At, connection: &mut AnyConnection) -> Result<(), HandlerError> {
            check_owners(self, false, at, connection)?;
            let changes = UserChanges {
                deleted_at: Some(Some(at.now)),
                updated_at: Some(at.now),
                ..UserChanges::default()
            };
            User::update(connection, self.id, &changes)?;
            end_sessions_of_user(connection, self.id, at.now)?;
            Ok(())
        }
    }
}

/// Only an owner may grant or revoke the role owner, and one owner must remain.
fn check_owners(
    user: &User,
    becomes_owner: bool,
    at: &At,
    connection: &mut AnyConnection,
) -> Result<(), HandlerError> {
    if (becomes_owner || user.role == Role::Owner) && at.caller.role != Role::Owner {
        return Err(Problem::new(Code::Forbidden, "only an owner may grant or revoke the role owner").into());
    }
    let organization = user.organization_id.filter(|_| user.role == Role::Owner && !becomes_owner);
    if let Some(organization) = organization {
        // Serializes concurrent changes of owners.
        crate::models::tenancy::Organization::lock(connection, organization)?;
        if User::owner_count(connection, organization)? < 2 {
            return Err(HandlerError::wrong_state("the organization must keep at least one owner"));
        }
    }
    Ok(())
}
