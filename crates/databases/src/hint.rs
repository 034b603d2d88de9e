//! What to do about an error or a finding, as data.

use std::borrow::Cow;
use std::path::PathBuf;

/// What to do about an error or a finding.
///
/// [`Hint::Advice`] has words of its own. Each of the other variants is a step in the application, which knows the names
/// of its commands, options and settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// A sentence that is true of SQLite, PostgreSQL or a URL in any application.
    Advice(Cow<'static, str>),
    /// Several hints, one for each finding.
    All(Vec<Hint>),

    /// Create the SQLite database, or specify another file.
    CreateDatabase {
        /// The missing file.
        path: PathBuf,
    },
    /// Correct the host in the URL of the database.
    CorrectHost,
    /// Correct the password of the database.
    CorrectPassword {
        /// The command of PostgreSQL with which it can be tried.
        check: String,
    },
    /// Enable TLS on the server, or do not require it in the URL.
    EnableTls,
    /// Add the root certificate to the URL.
    TrustCertificate,
    /// Open fewer connections, or allow more on the server.
    LowerPoolLimit,
    /// Raise the limits of the connection pool, and check the database.
    RaisePoolLimits,
    /// Put a URL that was given as a host into the setting for URLs.
    UseUrlSetting,

    /// Apply the migrations.
    ApplyMigrations,
    /// Restore the original files of the migrations, or record their new checksums.
    RestoreMigrations,
    /// List the changed migrations of a side, and record their new checksums.
    AcceptChangedMigrations,
    /// Copy the rows that a revert would delete, or confirm their loss.
    ConfirmLostRows,
    /// Apply the pending migrations to the source.
    UpdateSource {
        /// The SQLite file.
        path: PathBuf,
    },
    /// Apply the pending migrations to the target.
    UpdateTarget,
    /// Revert the change of the target's schema, or recreate its tables.
    RevertOrRecreateTables,

    /// Name the SQLite file.
    NameSource,
    /// Name the right SQLite file, or create the database.
    NameSourceOrCreate {
        /// The SQLite file that is not a database of the application.
        path: PathBuf,
    },
    /// Put the private copy into another directory.
    TempDirElsewhere,
    /// Free disk space, or put the private copy on another disk.
    FreeSpaceOrTempDir,
    /// Free disk space, or put the backup on another disk.
    FreeSpaceOrBackupPath,
    /// Name another path for the backup; to continue a run, request no backup.
    NewBackupPath,
    /// Name a path for the backup in a writable directory.
    WritableBackupPath,
    /// Name another file for the rejects.
    RejectsFileElsewhere,

    /// Run the copy to its end, as it was begun.
    FinishCopy,
    /// Finish the unfinished run with its run settings, or restart it.
    FinishOrRestart,
    /// Recreate what an unfinished run has dropped.
    RecreateDefinitions,
    /// See the rejects, and delete them with the other records.
    KeepRejects,
    /// Finish the other run with its command, or use another schema.
    FinishOrOtherSchema,
    /// Repeat the import with the same run settings, or restart it.
    RepeatOrRestart,
    /// Restart the run.
    RestartRun {
        /// Whether tables that it began are emptied, and not created again.
        empties_tables: bool,
    },
    /// Restart the run, because rows that it copied have changed.
    RestartAfterChange,
    /// See which run has taken over, then continue.
    SeeRuns,

    /// Copy the tables before they are compared.
    CopyFirst,
    /// Keep the rows of the target and add to them, or empty the tables first.
    AppendOrClear,
    /// Empty the tables first.
    ClearTables,
    /// Import into another schema, or restart the import.
    OtherSchemaOrRestart,
    /// Use another schema or an empty database, or copy rows only into the existing tables.
    OtherSchemaOrDataOnly,
    /// Select these tables as well.
    SelectTables(Vec<String>),
    /// Select this table as well if it is the application's, or do not empty the tables it refers to.
    SelectTableOrKeepRows(String),
    /// Select all tables of the run that is restarted.
    SelectRestartedTables,
    /// Select the tables that the selected ones refer to.
    SelectReferencedTables,

    /// Remove one of two rows with the same unique value, or empty the table.
    RemoveDuplicateOrClear,
    /// Correct the row with the same unique value, or copy the table again.
    CorrectDuplicateOrCopyAgain,
    /// Copy the missing rows, or reject the rows that refer to them.
    CopyReferencedOrReject,
    /// Correct the rows that violate a check, or reject them.
    CorrectOrReject,
    /// Correct or delete the rows that refer to missing rows, or reject them.
    CorrectOrRejectOrphans,
    /// Correct the orphans, or choose how the import handles them; the assessment lists them.
    ChooseOrphanPolicy,
    /// See the reasons of the rejects; correct the source, or raise their limit.
    RaiseRejectLimit,
    /// See the rejected rows.
    SeeRejects,
    /// Make the role the owner of the target's tables, and allow it to create objects.
    GrantOwnership,
    /// Have the owner grant the privileges of the role that copies.
    GrantPrivileges,
    /// Correct the configuration file of the import, or write a new one.
    CorrectDecisions,

    /// Correct the rows that cannot be followed, or reject them.
    SkipFollowedRows,
    /// Capture tables of a followed source anew.
    Recapture {
        /// The tables.
        tables: Vec<String>,
    },
    /// End the sync, drop the tables in the target, and begin again with tables that have the new columns.
    CopyChangedTables,
    /// End the sync, and begin again with a comparison of both sides.
    BeginSyncAgain,
    /// End the other sync of the source first.
    DetachSync,
    /// Detach the sync of the source with its own target, or confirm that that does not exist any more.
    DetachFromTarget,
    /// End the sync, apply migrations on both sides, and begin it again.
    DetachSyncToMigrate,
    /// End the sync of the target.
    EndSync,
}

impl From<&'static str> for Hint {
    fn from(advice: &'static str) -> Self {
        Self::Advice(advice.into())
    }
}

impl From<String> for Hint {
    fn from(advice: String) -> Self {
        Self::Advice(advice.into())
    }
}
