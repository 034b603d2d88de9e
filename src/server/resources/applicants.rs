//! `/api/applicants`: applicants for homes.

use crate::models::EmailAddress;
use crate::models::projects::{Applicant, ApplicantChanges, NewApplicant};
use crate::server::resource::{Collection, resource};
use transfer::values::{Money, Real, Text};

resource! {
    /// An applicant for a home. Only applicants with the status `active` are matched.
    Applicant, "applicant" at "applicants", Applicants;
    collections [Collection::Organization];
    new |at| NewApplicant {
        first_name: Text [1..=200],
        last_name: Text [1..=200],
        email: EmailAddress,
        phone: Option<Text> [1..=50],
        household_size: i32 [1..=1000] = 1,
        income: Money [0..=Money::MAX.units()] = Money::ZERO,
        ami_percent: Option<Real>,
        location_preference: Option<Text> [0..=2000],
        latitude: Option<Real>,
        longitude: Option<Real>,
        status: Text [1..=50] = Text::new("active").ok()?,
    } with {
        organization_id: at.organization()?,
        created_at: at.now,
    }
    changes |_at| ApplicantChanges {
        first_name: Text [1..=200],
        last_name: Text [1..=200],
        email: EmailAddress,
        phone: Option<Text> [1..=50],
        household_size: i32 [1..=1000],
        income: Money [0..=Money::MAX.units()],
        ami_percent: Option<Real>,
        location_preference: Option<Text> [0..=2000],
        latitude: Option<Real>,
        longitude: Option<Real>,
        status: Text [1..=50],
    } with {}
}
