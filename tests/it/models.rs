//! Create, read, update, delete: the same assertions on both backends.

use crate::app::both_backends;
use backoffice::models::billing::{Bill, BillItem, NewBill, NewBillItem, NewProduct, Product};
use backoffice::models::projects::{Milestone, NewMilestone, NewPayment, NewProject, Payment, Project};
use backoffice::models::tasks::{NewTask, Task, TaskChanges};
use backoffice::models::tenancy::{
    IdempotencyKey, NewIdempotencyKey, NewOrganization, NewSession, NewUser, Organization,
    OrganizationChanges, Session, SessionChanges, User, UserChanges,
};
use backoffice::models::{
    BillStatus, Currency, EmailAddress, MilestoneStatus, OrganizationStatus, PaymentKind, PaymentStatus,
    Plan, ProjectStatus, ReviewMode, Role, SessionId, TaskPriority, UserId,
};
use backoffice::models::{ListRequest, Listed as _, Record as _};
use databases::connection::AnyConnection;
use transfer::values::{Instant, Json, Money, Quantity, Rate, Real, Sha256, Text};

fn text(text: &str) -> Text {
    Text::new(text).expect("text")
}

fn now() -> Instant {
    "2026-01-31T12:00:00.123456Z".parse().expect("instant")
}

fn json() -> Json {
    Json::parse(r#"{"a": [1, 2.50, "ü"]}"#).expect("JSON")
}

fn organization(connection: &mut AnyConnection) -> Organization {
    let new = NewOrganization {
        created_at: now(),
        name: text("Müller & Söhne 🦀"),
        status: OrganizationStatus::Active,
        plan: Plan::Trial,
        billing_email: None,
        settings: json(),
        review_mode: ReviewMode::ReviewAll,
        confidence_threshold: Real::new(0.85).expect("finite"),
        auto_upload_enabled: false,
        updated_at: now(),
        closing_at: None,
        access_version: 0,
    };
    Organization::insert(connection, &new).expect("insert")
}

fn user(connection: &mut AnyConnection, owner: &Organization, number: u128) -> User {
    let new = NewUser {
        id: UserId(uuid::Uuid::from_u128(number)),
        created_at: now(),
        organization_id: Some(owner.id),
        email: EmailAddress::new(&format!("P{number}@Example.com")).expect("address"),
        password_hash: None,
        auth_subject: None,
        first_name: text(""),
        last_name: text("O'Neil"),
        role: Role::Member,
        avatar_url: None,
        phone: None,
        bio: Some(text("line\nline")),
        email_verified: true,
        kyc_verified: false,
        stripe_customer_id: None,
        notification_preferences: json(),
        last_login_at: None,
        updated_at: now(),
        deleted_at: None,
        access_version: 0,
    };
    User::insert(connection, &new).expect("insert")
}

fn task(connection: &mut AnyConnection, owner: &User, title: &str) -> Task {
    let new = NewTask {
        user_id: owner.id,
        created_at: now(),
        parent_task_id: None,
        recurring_pattern_id: None,
        title: text(title),
        description: None,
        due_date: Some(Instant::MAX),
        priority: TaskPriority::High,
        completed: false,
        completed_at: None,
        updated_at: now(),
    };
    Task::insert(connection, &new).expect("insert")
}

#[test]
fn rows_are_created_found_changed_and_deleted() {
    both_backends(|connection| {
        let owner = organization(connection);
        assert_eq!(owner.settings, json());
        assert_eq!(Organization::find(connection, owner.id).expect("find"), Some(owner.clone()));

        let changes = OrganizationChanges {
            status: Some(OrganizationStatus::Suspended),
            billing_email: Some(Some(EmailAddress::new("Pay@Example.com").expect("address"))),
            ..OrganizationChanges::default()
        };
        let changed = Organization::update(connection, owner.id, &changes).expect("update").expect("found");
        assert_eq!(changed.status, OrganizationStatus::Suspended);
        assert_eq!(changed.billing_email.as_ref().map(EmailAddress::as_str), Some("pay@example.com"));
        assert_eq!(changed.name, owner.name);
        let emptied = OrganizationChanges { billing_email: Some(None), ..OrganizationChanges::default() };
        let emptied = Organization::update(connection, owner.id, &emptied).expect("update").expect("found");
        assert_eq!(emptied.billing_email, None);

        assert!(Organization::delete(connection, owner.id).expect("delete"));
        assert!(!Organization::delete(connection, owner.id).expect("delete"));
        assert_eq!(Organization::find(connection, owner.id).expect("find"), None);
        assert_eq!(Organization::update(connection, owner.id, &changes).expect("update"), None);
    });
}

fn of_user(user: &User) -> ListRequest {
    ListRequest {
        filters: vec![("user_id", user.id.to_string())],
        sort: "id",
        descending: false,
        after: None,
        limit: 10,
    }
}

#[test]
fn lists_contain_rows_of_one_owner_and_continue_after_a_key() {
    both_backends(|connection| {
        let owner = organization(connection);
        let (one, other) = (user(connection, &owner, 1), user(connection, &owner, 2));
        let keys: Vec<_> = (0..7).map(|n| task(connection, &one, &n.to_string()).id).collect();
        task(connection, &other, "not in the list");
        let of = |column, value: String, after| ListRequest {
            filters: vec![(column, value)],
            sort: "id",
            descending: false,
            after,
            limit: 3,
        };
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = Task::list(connection, &of("user_id", one.id.to_string(), after)).expect("list");
            let Some(last) = page.last() else { break };
            after = Some(last.position("id"));
            seen.extend(page.iter().map(|task| task.id));
        }
        assert_eq!(seen, keys);
        let request = of("organization_id", owner.id.to_string(), None);
        let users = User::list(connection, &request).expect("list");
        assert_eq!(users.iter().map(|user| user.id).collect::<Vec<_>>(), [one.id, other.id]);
        let by_email = ListRequest { sort: "email", descending: true, ..request };
        let users = User::list(connection, &by_email).expect("list");
        assert_eq!(users.iter().map(|user| user.id).collect::<Vec<_>>(), [other.id, one.id]);
    });
}

#[test]
fn soft_deletion_keeps_the_row_and_deletion_cascades() {
    both_backends(|connection| {
        let owner = organization(connection);
        let person = user(connection, &owner, 3);
        let parent = task(connection, &person, "parent");
        let child = task(connection, &person, "child");
        let under = TaskChanges { parent_task_id: Some(Some(parent.id)), ..TaskChanges::default() };
        Task::update(connection, child.id, &under).expect("update");

        let gone = UserChanges { deleted_at: Some(Some(now())), ..UserChanges::default() };
        User::update(connection, person.id, &gone).expect("update");
        let found = User::find(connection, person.id).expect("find").expect("still there");
        assert_eq!(found.deleted_at, Some(now()));

        assert!(Task::delete(connection, parent.id).expect("delete"));
        assert_eq!(Task::find(connection, child.id).expect("find"), None);
        Organization::delete(connection, owner.id).expect("delete");
        let left = User::find(connection, person.id).expect("find").expect("set null keeps it");
        assert_eq!(left.organization_id, None);
    });
}

#[test]
fn both_backends_reject_the_same_rows() {
    both_backends(|connection| {
        let owner = organization(connection);
        let person = user(connection, &owner, 4);
        let again = NewUser { id: UserId(uuid::Uuid::from_u128(5)), ..new_user_like(&person) };
        let refused = User::insert(connection, &again).expect_err("same e-mail address");
        assert_eq!(
            databases::failure::Failure::of_query(&refused),
            databases::failure::Failure::DuplicateKey
        );

        let long = TaskChanges { title: Some(text(&"x".repeat(301))), ..TaskChanges::default() };
        let first = task(connection, &person, &"漢".repeat(300));
        let refused = Task::update(connection, first.id, &long).expect_err("301 characters");
        assert_eq!(databases::failure::Failure::of_query(&refused), databases::failure::Failure::Check);

        let nobody = TaskChanges {
            parent_task_id: Some(Some(backoffice::models::TaskId(999_999))),
            ..TaskChanges::default()
        };
        let refused = Task::update(connection, first.id, &nobody).expect_err("no such parent");
        assert_eq!(databases::failure::Failure::of_query(&refused), databases::failure::Failure::ForeignKey);
    });
}

fn new_user_like(user: &User) -> NewUser {
    let user = user.clone();
    NewUser {
        id: user.id,
        created_at: user.created_at,
        organization_id: user.organization_id,
        email: user.email,
        password_hash: user.password_hash,
        auth_subject: user.auth_subject,
        first_name: user.first_name,
        last_name: user.last_name,
        role: user.role,
        avatar_url: user.avatar_url,
        phone: user.phone,
        bio: user.bio,
        email_verified: user.email_verified,
        kyc_verified: user.kyc_verified,
        stripe_customer_id: user.stripe_customer_id,
        notification_preferences: user.notification_preferences,
        last_login_at: user.last_login_at,
        updated_at: user.updated_at,
        deleted_at: user.deleted_at,
        access_version: user.access_version,
    }
}

fn session(connection: &mut AnyConnection, owner: &User, number: u128) -> Session {
    let new = NewSession {
        id: SessionId(uuid::Uuid::from_u128(number)),
        user_id: owner.id,
        created_at: now(),
        expires_at: Instant::MAX,
        refresh_sha256: Sha256::of(b"first"),
        used_at: now(),
        revoked_at: None,
        client_sha256: None,
    };
    Session::insert(connection, &new).expect("insert")
}

#[test]
fn a_session_is_continued_with_another_token_and_deleted_with_its_user() {
    both_backends(|connection| {
        let owner = organization(connection);
        let (person, other) = (user(connection, &owner, 11), user(connection, &owner, 12));
        let (first, second) = (session(connection, &person, 1), session(connection, &person, 2));
        let kept = session(connection, &other, 3);
        let changes =
            SessionChanges { refresh_sha256: Some(Sha256::of(b"second")), ..SessionChanges::default() };
        let changed = Session::update(connection, first.id, &changes).expect("update").expect("found");
        assert_eq!(changed, Session { refresh_sha256: Sha256::of(b"second"), ..first });
        let own = Session::list(connection, &of_user(&person)).expect("list");
        assert_eq!(own, [changed, second]);

        User::delete(connection, person.id).expect("delete");
        assert_eq!(Session::find(connection, first.id).expect("find"), None);
        assert_eq!(Session::find(connection, kept.id).expect("find"), Some(kept));
    });
}

#[test]
fn an_idempotency_key_is_stored_once_per_user() {
    both_backends(|connection| {
        let owner = organization(connection);
        let (person, other) = (user(connection, &owner, 13), user(connection, &owner, 14));
        let new = |user_id| NewIdempotencyKey {
            user_id,
            key: text("same"),
            request_sha256: Sha256::of(b"request"),
            created_at: now(),
            status: 201,
            location: Some(text("/api/tasks/1")),
            etag: Some(text("\"1\"")),
            body: text("{}"),
        };
        let kept = IdempotencyKey::insert(connection, &new(person.id)).expect("insert");
        assert_eq!(kept.request_sha256, Sha256::of(b"request"));
        IdempotencyKey::insert(connection, &new(other.id)).expect("another person's");
        let refused = IdempotencyKey::insert(connection, &new(person.id)).expect_err("the same key again");
        assert_eq!(
            databases::failure::Failure::of_query(&refused),
            databases::failure::Failure::DuplicateKey
        );
        User::delete(connection, person.id).expect("delete");
        assert_eq!(IdempotencyKey::find(connection, kept.id).expect("find"), None);
    });
}

#[test]
fn money_is_exact_through_bills_and_payments() {
    both_backends(|connection| {
        let owner = organization(connection);
        let money = |text: &str| text.parse::<Money>().expect("money");
        let product = NewProduct {
            organization_id: owner.id,
            created_at: now(),
            code: text("A-1"),
            name: text("Thing"),
            category: None,
            unit: text("piece"),
            price: Money::MAX,
            cost: Money::MIN,
            tax_rate: "19.60".parse::<Rate>().expect("rate"),
            stock: i32::MAX,
            min_stock: i32::MIN,
            barcode: None,
            is_active: true,
            updated_at: now(),
        };
        let product = Product::insert(connection, &product).expect("insert");
        assert_eq!((product.price, product.cost), (Money::MAX, Money::MIN));
        let bill = NewBill {
            organization_id: owner.id,
            bill_number: text("2026/1"),
            created_at: now(),
            customer_id: None,
            status: BillStatus::Open,
            subtotal: money("0.10"),
            tax_amount: money("0.20"),
            discount_amount: money("0.00"),
            total_amount: money("0.30"),
            paid_amount: Money::ZERO,
            due_date: chrono::NaiveDate::from_ymd_opt(2026, 2, 28),
            issued_at: Some(now()),
            updated_at: now(),
            currency: Currency::new("EUR").expect("a currency"),
        };
        let bill = Bill::insert(connection, &bill).expect("insert");
        let item = NewBillItem {
            bill_id: bill.id,
            product_id: Some(product.id),
            description: text(""),
            quantity: "0.001".parse::<Quantity>().expect("quantity"),
            unit_price: money("100.00"),
            tax_rate: Rate::ZERO,
            total_price: money("0.10"),
        };
        let item = BillItem::insert(connection, &item).expect("insert");
        assert_eq!(item.quantity.to_string(), "0.001");

        let project = NewProject {
            organization_id: owner.id,
            created_at: now(),
            client_user_id: None,
            freelancer_user_id: None,
            name: text("P"),
            description: None,
            category: None,
            status: ProjectStatus::Open,
            budget: money("12.34"),
            currency: Currency::new("USD").expect("a currency"),
            deadline: None,
            location: None,
            address: None,
            latitude: None,
            longitude: None,
            total_units: None,
            affordable_units: None,
            ami_levels: None,
            completion_date: None,
            updated_at: now(),
        };
        let project = Project::insert(connection, &project).expect("insert");
        let milestone = NewMilestone {
            project_id: project.id,
            created_at: now(),
            position: 1,
            title: text("M"),
            description: None,
            amount: money("12.34"),
            deadline: None,
            acceptance_criteria: None,
            status: MilestoneStatus::Pending,
            submitted_at: None,
            approved_at: None,
            updated_at: now(),
        };
        let milestone = Milestone::insert(connection, &milestone).expect("insert");
        let payment = NewPayment {
            organization_id: owner.id,
            bill_id: Some(bill.id),
            milestone_id: None,
            payer_user_id: None,
            payee_user_id: None,
            kind: PaymentKind::Payment,
            method: text("cash"),
            amount: money("0.30"),
            currency: Currency::new("EUR").expect("a currency"),
            created_at: now(),
            reference: None,
            status: PaymentStatus::Completed,
            processed_at: Some(now()),
            failure_reason: None,
        };
        let paid = Payment::insert(connection, &payment).expect("insert");
        assert_eq!(paid.amount, money("0.30"));
        // Exactly one of bill and milestone, and a positive amount.
        let both = NewPayment { milestone_id: Some(milestone.id), ..payment.clone() };
        let neither = NewPayment { bill_id: None, ..payment.clone() };
        let nothing = NewPayment { amount: Money::ZERO, ..payment };
        for wrong in [both, neither, nothing] {
            let refused = Payment::insert(connection, &wrong).expect_err("refused");
            assert_eq!(databases::failure::Failure::of_query(&refused), databases::failure::Failure::Check);
        }
    });
}

#[test]
fn counters_of_attempts_are_locked_taken_back_and_bounded() {
    use backoffice::models::tenancy::{AttemptCounter, AttemptCounterChanges};
    use diesel::connection::SimpleConnection as _;

    both_backends(|connection| {
        let at = |second: i64| Instant::from_micros(second * 1_000_000).expect("instant");
        let key = |number: i32| Sha256::of(&number.to_be_bytes());
        let first = AttemptCounter::lock_key(connection, key(0), at(0)).expect("lock");
        assert_eq!(AttemptCounter::lock_key(connection, key(0), at(1)).expect("lock"), first);
        assert_eq!((first.attempts, first.expires_at), (0, at(0)));
        let changes =
            AttemptCounterChanges { attempts: Some(2), next_at: Some(at(9)), expires_at: Some(at(9)) };
        AttemptCounter::update(connection, first.id, &changes).expect("update");
        let found = |connection: &mut AnyConnection| {
            let found = AttemptCounter::of_keys(connection, &[key(0), key(1)]).expect("find");
            found.iter().map(|counter| (counter.attempts, counter.next_at)).collect::<Vec<_>>()
        };
        // Only in the same window.
        AttemptCounter::take_back(connection, key(0), at(8), at(5)).expect("take back");
        assert_eq!(found(connection), [(2, at(9))]);
        AttemptCounter::take_back(connection, key(0), at(9), at(5)).expect("take back");
        assert_eq!(found(connection), [(1, at(5))]);

        // Each deletion takes twenty that have expired.
        for number in 1..=30 {
            AttemptCounter::lock_key(connection, key(number), at(1)).expect("lock");
        }
        let count = |connection: &mut AnyConnection| {
            let keys: Vec<Sha256> = (-50..=30).map(key).collect();
            AttemptCounter::of_keys(connection, &keys).expect("find").len()
        };
        AttemptCounter::delete_some(connection, first.id, at(1)).expect("delete");
        assert_eq!(count(connection), 11);
        AttemptCounter::delete_some(connection, first.id, at(1)).expect("delete");
        assert_eq!((count(connection), found(connection)), (1, vec![(1, at(5))]));

        // And twenty that are more than 100,000 behind the newest, although they have not expired.
        let (blob, quote) = match connection {
            AnyConnection::Sqlite(_) => ("x'", "'"),
            AnyConnection::Postgres(_) => ("'\\x", "'"),
        };
        for number in 1..=30 {
            let insert = format!(
                "INSERT INTO attempt_counters (id, key_sha256, attempts, next_at, expires_at) VALUES \
                 ({}, {blob}{}{quote}, 1, '2999-01-01T00:00:00.000000Z', '2999-01-01T00:00:00.000000Z')",
                -100_000 - number,
                key(-number),
            );
            connection.batch_execute(&insert).expect("insert");
        }
        for left in [11, 1, 1] {
            AttemptCounter::delete_some(connection, first.id, at(2)).expect("delete");
            assert_eq!(count(connection), left);
        }
        AttemptCounter::reset(connection, key(0)).expect("reset");
        assert_eq!(count(connection), 0);
    });
}
