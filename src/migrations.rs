//! The application's migrations, embedded from `migrations/` by `build.rs`.

use databases::migrations::{Migration, Migrations};

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// The migrations of this application.
pub static MIGRATIONS: Migrations = Migrations { sqlite: SQLITE, postgres: POSTGRES };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_backends_have_the_same_versions() {
        let names = |list: &[Migration]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(SQLITE), names(POSTGRES));
        assert!(SQLITE.len() >= 6);
    }

    #[test]
    fn the_loss_of_rows_of_every_down_half_is_known() {
        for migration in SQLITE.iter().chain(POSTGRES) {
            assert_eq!(migration.unclear_statement(), None, "{migration}");
        }
    }
}
