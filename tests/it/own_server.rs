//! A separate server for a test that would break other tests on a shared one.

use std::path::PathBuf;
use std::process::{Child, Command};

use diesel::dsl::sql;
use diesel::sql_types::Text;
use diesel::{Connection as _, PgConnection, RunQueryDsl as _, select};

use crate::cluster::{SCRIPT, start_script};

/// A durable server, which keeps committed rows even if it is killed. Stopped on drop, or with this process.
pub(crate) struct OwnServer {
    script: Child,
    url: String,
}

impl OwnServer {
    /// Starts one.
    pub(crate) fn start() -> Self {
        let (script, url) = start_script("1", "");
        Self { script, url }
    }

    /// Starts one whose messages are in the language of this locale.
    #[allow(dead_code, reason = "the tests of the API have no such server")]
    pub(crate) fn speaking(language: &str) -> Self {
        let (script, url) = start_script("0", language);
        Self { script, url }
    }

    /// The URL of its database `postgres`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Its data directory.
    pub(crate) fn data(&self) -> PathBuf {
        let mut connection = PgConnection::establish(&self.url).expect("the server accepts connections");
        let query = select(sql::<Text>("current_setting('data_directory')"));
        PathBuf::from(query.get_result::<String>(&mut connection).expect("the server answers"))
    }

    /// Kills the server as in a crash, and starts it again with its data.
    pub(crate) fn crash(&self) {
        let data = self.data();
        let folder = data.parent().expect("the data are in the folder of the script");
        let status = Command::new(SCRIPT).arg("crash").arg(folder).status();
        assert!(status.expect("run scripts/postgres").success(), "scripts/postgres: its messages are above");
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        // `wait` closes its standard input first.
        let ended = self.script.wait();
        if !std::thread::panicking() {
            assert!(ended.expect("wait for scripts/postgres").success(), "scripts/postgres: see above");
        }
    }
}
