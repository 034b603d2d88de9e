//! A folder of several files.

use std::io;
use std::path::Path;

use crate::cli::failure::Refusal;
use databases::error::ExitStatus;

/// Writes files, with paths of the program's own making, into a folder that is empty or not there.
///
/// # Errors
/// When the folder holds something, or a file cannot be written. Then the folder is as it was.
pub(in crate::cli) fn write_folder(folder: &Path, files: &[(String, String)]) -> Result<(), Refusal> {
    let refusal = |text: String| Refusal {
        text,
        status: ExitStatus::Configuration,
        hint: "name a folder that is empty or not there".to_owned(),
    };
    let failed = |error: io::Error| refusal(format!("make the folder `{}`: {error}", folder.display()));
    if folder.exists() && std::fs::read_dir(folder).map_err(failed)?.next().is_some() {
        return Err(refusal(format!("the folder `{}` holds files already", folder.display())));
    }
    let place = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let parent = place.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = tempfile::Builder::new().prefix(".").tempdir_in(parent).map_err(failed)?;
    let whole = beside.path().join("whole");
    for (path, text) in files {
        let path = whole.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        std::fs::write(&path, text).map_err(failed)?;
    }
    if !place.is_dir() {
        return std::fs::rename(&whole, &place).map_err(failed);
    }
    // A folder that is there stays, with its permissions: it may be the one that the user is in.
    for entry in std::fs::read_dir(&whole).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        std::fs::rename(entry.path(), place.join(entry.file_name())).map_err(failed)?;
    }
    Ok(())
}
