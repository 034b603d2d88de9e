//! Files that a command writes. None of them may be a file that the command reads, and each appears as a whole or not at
//! all: it is written beside its place, and renamed when it is complete.

mod folder;
mod kind;

use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::failure::{CommandFailure, Refusal};
use databases::error::ExitStatus;
use databases::file_identity::FileIdentity;
use databases::url::{DatabaseUrl, SqlitePath};
pub(super) use folder::write_folder;

pub(super) use kind::OutputKind;

/// The file of settings, in the working directory or above it.
const DOTENV: &str = ".env";

/// What SQLite writes beside a database file.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The files of one command: those that it reads, and those that it will write. With `may_replace` (`--force`), a file is
/// replaced that this program did not write.
#[derive(Default)]
pub(super) struct OutputFiles {
    taken: Vec<(String, FileIdentity)>,
    may_replace: bool,
}

/// A file that will be written. Until it is, its place holds what it held; afterwards only the owner may read it.
pub(super) struct OutputFile {
    named: PathBuf,
    place: PathBuf,
    beside: NamedTempFile,
}

impl OutputFiles {
    /// For a command that reads this source, this configuration file of an import, and `.env`.
    pub(super) fn reading(may_replace: bool, source: &SqlitePath, config_file: Option<&Path>) -> Self {
        let files = Self { may_replace, ..Self::default() }.reads_database(source).reads_settings();
        config_file.into_iter().fold(files, |files, path| files.reads("the configuration file", path))
    }

    /// For a command that reads this database and `.env`.
    pub(super) fn of_database(may_replace: bool, url: &DatabaseUrl) -> Self {
        match url {
            DatabaseUrl::Sqlite(path) => Self::reading(may_replace, path, None),
            DatabaseUrl::Postgres(_) => Self { may_replace, ..Self::default() }.reads_settings(),
        }
    }

    fn reads_settings(self) -> Self {
        let folder = std::env::current_dir().unwrap_or_default();
        let settings = |files: Self, folder: &Path| files.reads("the file of settings", &folder.join(DOTENV));
        folder.ancestors().fold(self, settings)
    }

    /// The SQLite database that the command reads, with the files that SQLite has or may make beside it.
    fn reads_database(mut self, source: &SqlitePath) -> Self {
        let named = source.path().to_owned();
        // A link and the file that it leads to: SQLite makes its files beside the latter.
        let leads_to = named.canonicalize().ok().filter(|path| *path != named);
        for path in std::iter::once(named).chain(leads_to) {
            for ending in BESIDE {
                let mut name = path.clone().into_os_string();
                name.push(ending);
                self = self.reads("a file of the source", Path::new(&name));
            }
            self = self.reads("the source", &path);
        }
        self
    }

    /// Another file that the command reads.
    fn reads(mut self, what: &str, path: &Path) -> Self {
        self.taken.extend(FileIdentity::of(path).map(|identity| (what.to_owned(), identity)));
        self
    }

    /// Refuses `path` as the value of `option` when it is a file of this command, whatever its spelling.
    ///
    /// # Errors
    /// When it is one, or a directory or a device.
    pub(super) fn claim(&mut self, option: &str, path: &Path) -> Result<(), Refusal> {
        let identity = self.free_identity(option, path)?;
        self.taken.push((format!("the file of {option}"), identity));
        Ok(())
    }

    fn free_identity(&self, option: &str, path: &Path) -> Result<FileIdentity, Refusal> {
        let refuse = |why: &str, hint| Err(refusal(option, path, why, hint));
        match path.metadata() {
            Ok(found) if found.is_dir() => return refuse("is a directory", NAME_ANOTHER),
            Ok(found) if !found.is_file() => return refuse("is a device or a pipe", NAME_ANOTHER),
            _ => {}
        }
        let Some(identity) = FileIdentity::of(path) else {
            return refuse("is in no folder that exists", "name a file in a folder that exists");
        };
        if let Some((what, _)) = self.taken.iter().find(|(_, taken)| *taken == identity) {
            return refuse(&format!("is {what}"), NAME_ANOTHER);
        }
        Ok(identity)
    }

    /// As [`claim`](Self::claim), and refuses a file that is no `kind` of this program, unless it may be replaced.
    ///
    /// # Errors
    /// When it is refused.
    pub(super) fn check(&mut self, option: &str, path: &Path, kind: OutputKind) -> Result<(), Refusal> {
        // Before it is opened: a pipe would block, and closing the source would release locks.
        self.free_identity(option, path)?;
        match kind.has_written(path) {
            Ok(false) if !self.may_replace => {
                let hint = "name another file, or replace this one with --force";
                Err(refusal(option, path, &format!("exists and is {}", kind.other()), hint))
            }
            Ok(_) => self.claim(option, path),
            Err(error) => Err(refusal(option, path, &format!("cannot be read: {error}"), NAME_ANOTHER)),
        }
    }

    /// Checks that a file can be created in the folder of `path`, or appended to if it exists.
    ///
    /// # Errors
    /// When neither is possible.
    pub(super) fn check_folder(&self, option: &str, path: &Path) -> Result<(), Refusal> {
        let opened = match path.try_exists() {
            Ok(true) => std::fs::File::options().append(true).open(path).map(drop),
            Ok(false) | Err(_) => OutputFile::beside(path).map(drop),
        };
        opened.map_err(|error| Refusal {
            text: format!("write `{}`: {error}", path.display()),
            status: ExitStatus::Configuration,
            hint: format!("name a file in a folder that exists and may be written with {option}"),
        })
    }

    /// Opens a file for what the command will have to write. Its place is untouched until then.
    ///
    /// # Errors
    /// As [`check`](Self::check), or when no file can be made in its folder.
    pub(super) fn open(
        &mut self,
        option: &str,
        path: &Path,
        kind: OutputKind,
    ) -> Result<OutputFile, Refusal> {
        self.check(option, path, kind)?;
        OutputFile::beside(path).map_err(|error| Refusal {
            text: format!("write `{}`: {error}", path.display()),
            status: ExitStatus::Configuration,
            hint: "name a file in a folder that exists and may be written".to_owned(),
        })
    }
}

/// The hint where no file of this name will do.
const NAME_ANOTHER: &str = "name another file; nothing was written";

fn refusal(option: &str, path: &Path, why: &str, hint: &str) -> Refusal {
    Refusal {
        text: format!("{option} `{}` {why}", path.display()),
        status: ExitStatus::Usage,
        hint: hint.to_owned(),
    }
}

impl OutputFile {
    fn beside(named: &Path) -> io::Result<Self> {
        // What a link leads to is replaced, and not the link.
        let place = named.canonicalize().unwrap_or_else(|_| named.to_owned());
        let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut name = std::ffi::OsString::from(".");
        name.push(place.file_name().unwrap_or_default());
        name.push(".");
        // Only the owner may read it, as documented for `tempfile`.
        let beside = tempfile::Builder::new().prefix(&name).tempfile_in(folder.unwrap_or(Path::new(".")))?;
        Ok(Self { named: named.to_owned(), place, beside })
    }

    /// Writes the text and puts the file into its place.
    ///
    /// # Errors
    /// When the disk is full or fails. What was at its place is there still.
    pub(super) fn write(self, text: &str) -> Result<(), CommandFailure> {
        let named = self.named.clone();
        self.write_by(|out| out.write_all(text.as_bytes()).map_err(|error| failed(&named, &error)))
    }

    /// Writes what `work` writes, piece by piece, and puts the file into its place when it is complete.
    ///
    /// # Errors
    /// The error of `work`, or when the disk is full or fails. What was at its place is there still.
    pub(super) fn write_by(
        self,
        work: impl FnOnce(&mut dyn io::Write) -> Result<(), CommandFailure>,
    ) -> Result<(), CommandFailure> {
        let Self { named, place, beside } = self;
        let mut out = io::BufWriter::new(beside);
        work(&mut out)?;
        let beside = out.into_inner().map_err(|error| failed(&named, error.error()))?;
        let synced = beside.as_file().sync_all();
        let placed = synced.and_then(|()| beside.persist(&place).map_err(|error| error.error));
        placed.map(drop).map_err(|error| failed(&named, &error))
    }
}

/// The failure to write a file to its end.
pub(super) fn failed(named: &Path, error: &io::Error) -> CommandFailure {
    let text = format!("write `{}`: {error}", named.display());
    let hint = "free space or name another file, then run the command again".to_owned();
    Refusal { text, status: ExitStatus::Unexpected, hint }.into()
}

#[cfg(test)]
mod tests;
