//! Messages from the contact form.

use crate::models::record;
use crate::models::{ContactSubmissionId, EmailAddress};
use transfer::values::{Instant, Text};

record! {
    /// A message from the contact form.
    contact_submissions: ContactSubmission, NewContactSubmission, ContactSubmissionChanges;
    key generated id: ContactSubmissionId;
    fixed {
        created_at: Instant,
    }
    changing {
        name: Text,
        email: EmailAddress,
        company: Option<Text>,
        phone: Option<Text>,
        subject: Text,
        message: Text,
    }
}
