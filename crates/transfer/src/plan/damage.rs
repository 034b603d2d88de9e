//! The check of the whole file of the source, at the same time as everything else.

use crate::error::TransferError;
use crate::finding::Finding;
use crate::plan::Plan;
use crate::source::{Source, damage};
use databases::error::{ExitStatus, Explain as _};

/// Plans with `ask`, and reads the whole file at the same time. A damaged file blocks the run, whatever else was found.
pub(super) fn with_damage_check(
    source: &mut Source,
    ask: impl FnOnce(&mut Source) -> Result<Plan, TransferError>,
) -> Result<Plan, TransferError> {
    let failed = |source| TransferError::ReadSource { what: "check the file", source };
    let (damage, planned) = match source.take_reader() {
        None => (source.damage().map_err(failed)?, ask(source)),
        // The whole file is read for this: at the same time as the rest.
        Some(mut reader) => std::thread::scope(|scope| {
            let checker = scope.spawn(move || (damage(&mut reader), reader));
            let planned = ask(source);
            let (damage, reader) = checker.join().map_err(|_panic| TransferError::ReaderLost)?;
            source.give_reader(reader);
            Ok::<_, TransferError>((damage.map_err(failed)?, planned))
        })?,
    };
    if damage.is_empty() {
        return planned;
    }
    let path = source.path().as_str();
    let finding = Finding::blocker(
        format!("`{path}` is damaged or holds values its tables do not allow: {}", damage.join("; ")),
        "correct the named rows, or restore a backup",
    );
    match planned {
        // Other findings and failures may be results of the damage.
        Ok(mut plan) => {
            plan.findings.insert(0, finding);
            plan.tables.clear();
            Ok(plan)
        }
        Err(error) if error.exit_status() == ExitStatus::SourceFailed => {
            Err(TransferError::Blocked { blockers: vec![finding] })
        }
        Err(error) => Err(error),
    }
}
