//! Whether a path still leads to the SQLite file that a server works on.
//!
//! SQLite goes on writing into a file that was deleted or replaced, and reports no error: what it stores is lost when the
//! last connection is closed.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use diesel::sql_types::BigInt;
use diesel::{QueryResult, QueryableByName, RunQueryDsl as _, SqliteConnection};

use crate::file_identity::Inode;
use crate::migrations::identity;
use crate::open::{Access, OpenError, open_sqlite_file};
use crate::url::SqlitePath;

/// A SQLite file that is watched.
pub struct FileWatch {
    path: PathBuf,
    progress: &'static str,
    accepted: Mutex<Option<Accepted>>,
}

/// The file that was accepted last.
struct Accepted {
    inode: Inode,
    /// How many were accepted before.
    generation: u64,
    contents: Contents,
}

/// What it contains.
enum Contents {
    /// Held open: asked when another file is at the path.
    Open(SqliteConnection),
    /// As it was when that was noticed.
    Noted(Option<String>, i64),
}

/// Why the file at the path is not worked on.
#[derive(Debug, thiserror::Error)]
pub enum FileLost {
    /// There is none.
    #[error("the SQLite file `{}` was deleted or moved", path.display())]
    Missing {
        /// The path.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// It is another file than before.
    #[error("the SQLite file `{}` was replaced", path.display())]
    Replaced {
        /// The path.
        path: PathBuf,
    },
    /// It is not a copy of the file before.
    #[error("the SQLite file `{}` was replaced by that of another database", path.display())]
    OtherDatabase {
        /// The path.
        path: PathBuf,
    },
    /// It lacks what the file before contains.
    #[error("the SQLite file `{}` was replaced by an older copy", path.display())]
    Older {
        /// The path.
        path: PathBuf,
    },
    /// It cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It cannot be compared with the one before.
    #[error("compare the SQLite file `{}` with the one before", path.display())]
    Compare {
        /// The path.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        source: diesel::result::Error,
    },
}

impl FileWatch {
    /// Watches the file at `path`, once it is accepted. `progress` is a query for one integer named `number` that only grows
    /// while a database is written to: of two copies of a database, the one with the smaller number is older.
    pub fn new(path: &SqlitePath, progress: &'static str) -> Self {
        let path = path.path().to_owned();
        Self { path, progress, accepted: Mutex::new(None) }
    }

    /// Whether the path leads to the accepted file; the first is accepted. Otherwise costs one call of the system.
    ///
    /// Which of the accepted files it is, counted: a connection that was opened to an earlier one is of no use.
    ///
    /// # Errors
    /// When it does not.
    pub fn check(&self) -> Result<u64, FileLost> {
        let found = self.inode()?;
        match &*self.accepted.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(accepted) if accepted.inode == found => return Ok(accepted.generation),
            Some(_) => return Err(FileLost::Replaced { path: self.path.clone() }),
            None => {}
        }
        self.accept()
    }

    /// Accepts the file at the path: if there was one before, it must be of the same database, and not older. Every
    /// connection to the one before has to be closed by then, because SQLite deletes a `-wal` by its name when it
    /// closes the last one.
    ///
    /// # Errors
    /// When it is not accepted, or cannot be read.
    pub fn accept(&self) -> Result<u64, FileLost> {
        let mut accepted = self.accepted.lock().unwrap_or_else(PoisonError::into_inner);
        let inode = self.inode()?;
        let mut generation = 0;
        let before = match &mut *accepted {
            Some(before) if before.inode == inode => return Ok(before.generation),
            Some(before) => {
                generation = before.generation.saturating_add(1);
                Some(self.note(before)?)
            }
            None => None,
        };
        let mut connection = open_sqlite_file(&self.path, Access::Read)?;
        // Between the two it may have been replaced again.
        if self.inode()? != inode {
            return Err(FileLost::Replaced { path: self.path.clone() });
        }
        if let Some((identity, progress)) = before {
            let found = self.contents(&mut connection)?;
            if found.0 != identity {
                return Err(FileLost::OtherDatabase { path: self.path.clone() });
            }
            if found.1 < progress {
                return Err(FileLost::Older { path: self.path.clone() });
            }
            tracing::warn!(path = %self.path.display(), "the SQLite file was replaced by a copy that is not older");
        }
        *accepted = Some(Accepted { inode, generation, contents: Contents::Open(connection) });
        Ok(generation)
    }

    /// What the accepted file contains, which is closed.
    fn note(&self, accepted: &mut Accepted) -> Result<(Option<String>, i64), FileLost> {
        let noted = match &mut accepted.contents {
            Contents::Open(connection) => self.contents(connection)?,
            Contents::Noted(identity, progress) => (identity.clone(), *progress),
        };
        accepted.contents = Contents::Noted(noted.0.clone(), noted.1);
        Ok(noted)
    }

    fn contents(&self, connection: &mut SqliteConnection) -> Result<(Option<String>, i64), FileLost> {
        let failed = |source| FileLost::Compare { path: self.path.clone(), source };
        Ok((identity(connection).map_err(failed)?, self.progress(connection).map_err(failed)?))
    }

    fn inode(&self) -> Result<Inode, FileLost> {
        Inode::of(&self.path).map_err(|source| FileLost::Missing { path: self.path.clone(), source })
    }

    fn progress(&self, connection: &mut SqliteConnection) -> QueryResult<i64> {
        #[derive(QueryableByName)]
        struct ProgressRow {
            #[diesel(sql_type = BigInt)]
            number: i64,
        }
        Ok(diesel::sql_query(self.progress).get_result::<ProgressRow>(connection)?.number)
    }
}
