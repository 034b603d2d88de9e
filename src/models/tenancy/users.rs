//! A person who signs in.

use crate::models::record;
use crate::values::{EmailAddress, Instant, Json, OrganizationId, Role, Text, UserId};

record! {
    /// A person who signs in.
    users: User, NewUser, UserChanges;
    key given id: UserId;
    owner organization_id: OrganizationId;
    fixed {
        created_at: Instant,
    }
    changing {
        organization_id: Option<OrganizationId>,
        email: EmailAddress,
        password_hash: Option<Text>,
        auth_subject: Option<Text>,
        first_name: Text,
        last_name: Text,
        role: Role,
        avatar_url: Option<Text>,
        phone: Option<Text>,
        bio: Option<Text>,
        email_verified: bool,
        kyc_verified: bool,
        stripe_customer_id: Option<Text>,
        notification_preferences: Json,
        last_login_at: Option<Instant>,
        updated_at: Instant,
        deleted_at: Option<Instant>,
    }
}
