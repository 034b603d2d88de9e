//! Applicants for homes.

use crate::models::record;
use crate::models::{ApplicantId, EmailAddress, OrganizationId};
use transfer::values::{Instant, Money, Real, Text};

record! {
    /// An applicant for a home.
    applicants: Applicant, NewApplicant, ApplicantChanges;
    key generated id: ApplicantId;
    owner organization_id;
    filter {
        organization_id: OrganizationId,
        status: Text,
    }
    fixed {
        organization_id: OrganizationId,
        created_at: Instant,
    }
    changing {
        first_name: Text,
        last_name: Text,
        email: EmailAddress,
        phone: Option<Text>,
        household_size: i32,
        income: Money,
        ami_percent: Option<Real>,
        location_preference: Option<Text>,
        latitude: Option<Real>,
        longitude: Option<Real>,
        status: Text,
    }
}
