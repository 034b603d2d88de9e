//! The words of hints: the only place where a hint of the engine gets the names of commands, options and settings.

use databases::hint::Hint;

/// A hint in the words of the application.
pub(crate) fn words(hint: &Hint) -> String {
    let words = match hint {
        Hint::Advice(advice) => advice,
        Hint::All(hints) => return hints.iter().map(words).collect::<Vec<_>>().join("; "),

        Hint::CreateDatabase { path } => {
            return format!(
                "create it with `app db setup --database-url sqlite:{}`, or specify another file",
                path.display()
            );
        }
        Hint::CorrectPassword { check } => {
            return format!(
                "correct the password in DATABASE_URL (special characters percent-encoded) or in DB_PASS; \
                 try it with `{check}`"
            );
        }
        Hint::UpdateSource { path } => {
            return format!("bring it up to date: `app db setup --database-url sqlite:{}`", path.display());
        }
        Hint::NameSourceOrCreate { path } => {
            return format!(
                "name the right file with --sqlite; for a new one: `app db setup --database-url sqlite:{}`",
                path.display()
            );
        }
        Hint::SelectTables(names) => return format!("add `{}` to --tables", names.join("`, `")),
        Hint::SelectTableOrKeepRows(name) => {
            return format!("add `{name}` to --tables if it is one of this program's, or omit --clear");
        }

        Hint::CorrectHost => "check the spelling of the host in DATABASE_URL",
        Hint::EnableTls => "set ssl = on on the server, or sslmode=prefer in DATABASE_URL",
        Hint::TrustCertificate => "set the root certificate: sslrootcert=PATH in DATABASE_URL",
        Hint::LowerPoolLimit => "lower DB_POOL_MAX, or raise max_connections on the server",
        Hint::RaisePoolLimits => "raise DB_POOL_MAX or DB_POOL_ACQUIRE; `app db health` checks the database",
        Hint::UseUrlSetting => "put the URL into DATABASE_URL",

        Hint::ApplyMigrations => "apply them with `app db setup`",
        Hint::RestoreMigrations => {
            "restore the original files, or record the new checksums with `app db migrate --accept-changed`"
        }
        Hint::AcceptChangedMigrations => {
            "see `app db status`; accept them with `app db migrate --accept-changed`"
        }
        Hint::ConfirmLostRows => "copy the rows first, or add --yes to delete them",
        Hint::UpdateTarget => "bring it up to date: `app db migrate` with DATABASE_URL naming the target",
        Hint::RevertOrRecreateTables => "revert the change, or create them again with --force-recreate",

        Hint::NameSource => "name the file of an existing SQLite database",
        Hint::TempDirElsewhere => "name a folder this user may write to with --temp-dir",
        Hint::FreeSpaceOrTempDir => "free disk space, or specify a directory on another disk with --temp-dir",
        Hint::FreeSpaceOrBackupPath => "free disk space, or specify a path on another disk with --backup",
        Hint::NewBackupPath => {
            "nothing is overwritten: name another path with --backup; to continue a run that kept this one, leave --backup out"
        }
        Hint::WritableBackupPath => "name a path in a folder this user may write to with --backup",
        Hint::RejectsFileElsewhere => "name another file with --rejects-file PATH",

        Hint::FinishCopy => "run `app db copy-from-sqlite` to its end first, as it was begun",
        Hint::FinishOrRestart => {
            "finish it with its own settings, or start from the beginning with --restart, which empties the tables it began"
        }
        Hint::RecreateDefinitions => "recreate them with `app db restore`",
        Hint::KeepRejects => {
            "see `app db rejects list`; to delete them with the other records, add --with-rejects"
        }
        Hint::FinishOrOtherSchema => {
            "finish it first with the command it was begun with, or name another schema with --schema"
        }
        Hint::RepeatOrRestart => {
            "repeat it with the same settings, or create its tables again with --restart"
        }
        Hint::RestartRun { empties_tables: true } => {
            "start from the beginning with --restart, which empties the tables that run began"
        }
        Hint::RestartRun { empties_tables: false } => "start from the beginning with --restart",
        Hint::RestartAfterChange => {
            "start from the beginning with --restart, which empties the tables that run began (rejected rows are corrected after the end of the run)"
        }
        Hint::SeeRuns => "see `app db runs`; run the same command again to continue",

        Hint::CopyFirst => "copy first: `app db copy-from-sqlite`",
        Hint::AppendOrClear => "keep them with --append, or empty the tables first with --clear",
        Hint::ClearTables => "empty the tables first with --clear, or empty them yourself",
        Hint::OtherSchemaOrRestart => "import into another schema, or create the tables again with --restart",
        Hint::OtherSchemaOrDataOnly => {
            "name another schema with --schema, or use an empty database; for tables that the application's own migrations made, use --data-only"
        }
        Hint::SelectRestartedTables => "omit --tables, or select these tables as well",
        Hint::SelectReferencedTables => "copy the tables it refers to as well: omit --tables",

        Hint::RemoveDuplicateOrClear => {
            "the target holds another row with this unique value: remove one of the two, or empty the table with --clear"
        }
        Hint::CorrectDuplicateOrCopyAgain => {
            "another row of the target holds this unique value: correct it by hand, or copy the table again with `app db copy-from-sqlite --clear --tables`"
        }
        Hint::CopyReferencedOrReject => {
            "rows refer to missing rows: copy those too, or reject such rows with --on-error skip"
        }
        Hint::CorrectOrReject => {
            "correct these rows, which were written with the checks switched off, or reject them with `copy-from-sqlite --on-error skip`"
        }
        Hint::CorrectOrRejectOrphans => {
            "correct or delete them (`PRAGMA foreign_key_check` lists them), or reject them with `copy-from-sqlite --on-error skip`"
        }
        Hint::ChooseOrphanPolicy => "correct them, or set --orphans; `app db assess` lists them",
        Hint::RaiseRejectLimit => {
            "look at the reasons in the file; correct the source, or allow more with --max-rejects N"
        }
        Hint::SeeRejects => "they are rejected; see `app db rejects list`",
        Hint::GrantOwnership => {
            "the role must own the target's tables and may CREATE in the database; README lists the grants"
        }
        Hint::GrantPrivileges => "let the owner grant it; README lists the rights of the copying role",
        Hint::CorrectDecisions => {
            "correct the configuration file, or write a new one with `app db convert FILE --write-config PATH`"
        }
        Hint::SkipFollowedRows => "correct these rows in the source, or reject them with --on-error skip",
        Hint::Recapture { tables } => {
            return format!("run `app db sync --recapture {}`", tables.join(","));
        }
        Hint::CopyChangedTables => {
            "run `app db sync --detach`, drop the tables in the target or name another schema with --schema, then run `app db sync`"
        }
        Hint::BeginSyncAgain => {
            "run `app db sync --detach`, then `app db sync`: both sides are compared, and what differs is replaced"
        }
        Hint::DetachSync => "end that sync first: `app db sync --detach` with its source and its target",
        Hint::DetachFromTarget => {
            "run `app db sync --detach` with that target; if it does not exist any more, add --yes"
        }
        Hint::DetachSyncToMigrate => {
            "run `app db sync --detach`, migrate both databases, then `app db sync` again"
        }
        Hint::EndSync => "end it with `app db sync --once`, then `app db sync --detach`",
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use crate::cli::App;
    use crate::config::VARIABLES;

    /// This file without its tests.
    fn source() -> &'static str {
        include_str!("hints.rs").split("#[cfg(test)]").next().unwrap_or_default()
    }

    fn all_commands(root: &clap::Command) -> Vec<&clap::Command> {
        let mut commands = vec![root];
        commands.extend(root.get_subcommands().flat_map(all_commands));
        commands
    }

    fn has_option(command: &clap::Command, option: &str) -> bool {
        command.get_arguments().any(|argument| argument.get_long() == Some(option))
    }

    /// The names after each `--`.
    fn options(text: &str) -> impl Iterator<Item = &str> {
        text.split("--").skip(1).map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(rest.len());
            &rest[..end]
        })
    }

    #[test]
    fn every_command_of_a_hint_exists_with_its_options() {
        let mut root = App::command();
        root.build();
        let mut seen = 0;
        for span in source().split('`').skip(1).step_by(2) {
            let line = span.strip_prefix("app ").map(str::to_owned);
            let line = line.or_else(|| span.starts_with("copy-from-sqlite").then(|| format!("db {span}")));
            let Some(line) = line else { continue };
            let mut command = &root;
            for name in line.split(' ').take_while(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                // The value of an option, or an argument.
                let Some(next) = command.find_subcommand(name) else { break };
                command = next;
            }
            assert!(!command.is_subcommand_required_set(), "`{span}` is no command");
            for option in options(&line) {
                assert!(has_option(command, option), "`{span}`: --{option}");
            }
            seen += 1;
        }
        assert!(seen > 10, "the commands were not found");
    }

    #[test]
    fn every_option_of_a_hint_exists() {
        let mut root = App::command();
        root.build();
        let commands = all_commands(&root);
        let found: Vec<&str> = options(source()).collect();
        assert!(found.len() > 20, "the options were not found");
        for option in found {
            assert!(commands.iter().any(|command| has_option(command, option)), "--{option}");
        }
    }

    #[test]
    fn every_setting_of_a_hint_exists() {
        let words = source().split(|c: char| !c.is_ascii_uppercase() && c != '_');
        let settings: Vec<&str> = words.filter(|word| word.trim_matches('_').contains('_')).collect();
        assert!(settings.len() > 5, "the settings were not found");
        for setting in settings {
            assert!(VARIABLES.contains(&setting), "{setting}");
        }
    }
}
