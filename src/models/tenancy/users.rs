//! Users.

use diesel::prelude::*;

use crate::models::record;
use crate::models::{EmailAddress, OrganizationId, Role, UserId, WebUrl};
use crate::schema::users;
use databases::connection::AnyConnection;
use transfer::values::{Instant, Json, Text};

record! {
    /// A user.
    users: User, NewUser, UserChanges;
    key given id: UserId;
    owner organization_id;
    soft delete deleted_at;
    filter {
        organization_id: OrganizationId,
        role: Role,
    }
    sort {
        email: EmailAddress,
    }
    fixed {
        created_at: Instant,
    }
    changing {
        organization_id: Option<OrganizationId>,
        email: EmailAddress,
        #[secret]
        password_hash: Option<Text>,
        #[secret]
        auth_subject: Option<Text>,
        first_name: Text,
        last_name: Text,
        role: Role,
        avatar_url: Option<WebUrl>,
        phone: Option<Text>,
        bio: Option<Text>,
        email_verified: bool,
        kyc_verified: bool,
        #[secret]
        stripe_customer_id: Option<Text>,
        notification_preferences: Json,
        last_login_at: Option<Instant>,
        updated_at: Instant,
        deleted_at: Option<Instant>,
        #[secret]
        access_version: i32,
    }
}

impl User {
    /// The user with this e-mail address, in any organization, deleted or not.
    ///
    /// # Errors
    /// When the database fails.
    pub fn by_email(connection: &mut AnyConnection, email: &EmailAddress) -> QueryResult<Option<Self>> {
        users::table.filter(users::email.eq(email)).select(Self::as_select()).first(connection).optional()
    }

    /// The number of owners of an organization who can sign in.
    ///
    /// # Errors
    /// When the database fails.
    pub fn owner_count(connection: &mut AnyConnection, organization: OrganizationId) -> QueryResult<i64> {
        users::table
            .filter(users::organization_id.eq(organization))
            .filter(users::role.eq(Role::Owner))
            .filter(users::deleted_at.is_null())
            .filter(users::password_hash.is_not_null())
            .count()
            .get_result(connection)
    }
}
