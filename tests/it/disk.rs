//! A file system that fills up quickly.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Command;

use crate::own_server::OwnServer;

/// A small tmpfs.
pub(crate) struct Disk<'a> {
    folder: &'a Path,
}

impl<'a> Disk<'a> {
    /// Mounts one that the server may write to; `None` if this process may not mount.
    pub(crate) fn mount(folder: &'a Path, server: &OwnServer, size: &str) -> Option<Self> {
        let owner = std::fs::metadata(server.data()).expect("the data of the server").uid();
        let options = format!("size={size},mode=700,uid={owner}");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(folder).status();
        mounted.is_ok_and(|status| status.success()).then_some(Self { folder })
    }

    /// Frees space.
    pub(crate) fn enlarge(&self, size: &str) {
        let options = format!("remount,size={size}");
        let status = Command::new("mount").args(["-o", &options]).arg(self.folder).status();
        assert!(status.expect("run mount").success(), "the disk cannot be enlarged");
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let status = Command::new("umount").arg(self.folder).status();
        assert!(std::thread::panicking() || status.expect("run umount").success(), "the disk stays mounted");
    }
}
