//! Memory and descriptors of a process, from /proc.

/// A process.
pub(crate) struct Process(u32);

/// What it uses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Use {
    /// Resident memory.
    pub(crate) bytes: u64,
    /// Open file descriptors.
    pub(crate) descriptors: u64,
}

impl Process {
    pub(crate) fn of(id: u32) -> Self {
        Self(id)
    }

    pub(crate) fn now(&self) -> Use {
        let descriptors = std::fs::read_dir(format!("/proc/{}/fd", self.0)).expect("it runs").count();
        Use { bytes: self.memory("VmRSS:"), descriptors: u64::try_from(descriptors).expect("not many") }
    }

    /// Measures the peak from now on.
    pub(crate) fn reset_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.0), "5").expect("Linux resets it");
    }

    /// The most resident memory since it was reset.
    pub(crate) fn peak(&self) -> u64 {
        self.memory("VmHWM:")
    }

    fn memory(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0)).expect("it runs");
        let value = status.lines().find_map(|line| line.strip_prefix(name)).expect("a line of the status");
        let kibibytes: u64 = value.trim().trim_end_matches(" kB").parse().expect("a number");
        kibibytes << 10
    }
}
