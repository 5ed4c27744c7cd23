//! A PostgreSQL server of the tests' own, which can be killed, started again, and followed by a standby.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A server with its data in a folder. It is killed when this is dropped.
pub(crate) struct Postgres {
    folder: TempDir,
    server: Option<Child>,
    pub(crate) port: u16,
}

impl Postgres {
    /// Whether there is such a server on this machine.
    pub(crate) fn is_installed() -> bool {
        program("initdb").arg("--version").output().is_ok_and(|output| output.status.success())
    }

    /// A new server.
    pub(crate) fn start() -> Self {
        let mut postgres = Self::create();
        postgres.start_again();
        postgres
    }

    /// A new server that also listens on this IP address, for the 256 addresses of its network.
    pub(crate) fn start_on(ip: &str) -> Self {
        let mut postgres = Self::create();
        postgres.configure(&format!("listen_addresses = '127.0.0.1, {ip}'"));
        let mut clients = fs::File::options().append(true).open(postgres.data().join("pg_hba.conf")).unwrap();
        writeln!(clients, "host all all {ip}/24 trust").unwrap();
        postgres.start_again();
        postgres
    }

    /// A standby that takes over all that this server commits, before the commit is answered.
    pub(crate) fn synchronous_standby(&self) -> Self {
        let mut standby = Self::new();
        let from = format!("postgres://postgres@127.0.0.1:{}/postgres?application_name=standby", self.port);
        run(program("pg_basebackup").args(["-R", "-c", "fast", "-d", &from, "-D"]).arg(standby.data()));
        standby.configure("");
        standby.start_again();
        self.psql("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        self.psql("SELECT pg_reload_conf()");
        let is_synchronous = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
        wait("the standby follows", || self.psql(is_synchronous) == "1");
        standby
    }

    /// The standby is the server from now on.
    pub(crate) fn promote(&self) {
        self.psql("SELECT pg_promote()");
        self.psql("ALTER SYSTEM RESET synchronous_standby_names");
        self.psql("SELECT pg_reload_conf()");
        wait("the standby is promoted", || self.psql("SELECT pg_is_in_recovery()") == "f");
    }

    /// `kill -9` of the server. The processes of its connections end with it.
    pub(crate) fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().unwrap();
            server.wait().unwrap();
        }
    }

    /// Starts the server again. It recovers first.
    pub(crate) fn start_again(&mut self) {
        let log = fs::File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        // The processes of a server that was killed need a moment to end.
        wait("the server starts", || {
            let mut command = program("postgres");
            command.arg("-D").arg(self.data()).stdout(Stdio::null()).stderr(log.try_clone().unwrap());
            let mut server = command.spawn().unwrap();
            let until = Instant::now() + Duration::from_secs(20);
            while Instant::now() < until && server.try_wait().unwrap().is_none() {
                if self.try_psql("SELECT 1").is_some() {
                    self.server = Some(server);
                    return true;
                }
                std::thread::sleep(Duration::from_millis(50));
            }
            let _ = server.kill();
            let _ = server.wait();
            false
        });
    }

    /// What a statement answers.
    pub(crate) fn psql(&self, statement: &str) -> String {
        self.try_psql(statement).unwrap_or_else(|| panic!("`{statement}` failed"))
    }

    fn try_psql(&self, statement: &str) -> Option<String> {
        let url = format!("postgres://postgres@127.0.0.1:{}/postgres", self.port);
        let output = program("psql").args(["-qAtX", "-d", &url, "-c", statement]).output().unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap().trim().to_owned())
    }

    /// A server with new data, which does not run yet.
    fn create() -> Self {
        let postgres = Self::new();
        run(program("initdb").args(["-A", "trust", "-U", "postgres", "-D"]).arg(postgres.data()));
        postgres.configure("max_connections = 100");
        postgres
    }

    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        if let Some((user, group)) = other_user() {
            chown(folder.path(), Some(user), Some(group)).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { folder, server: None, port }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Later lines of the file count.
    fn configure(&self, line: &str) {
        let mut file = fs::File::options().append(true).open(self.data().join("postgresql.conf")).unwrap();
        let (port, sockets) = (self.port, self.folder.path().display());
        write!(
            file,
            "\nport = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{sockets}'\n{line}\n"
        )
        .unwrap();
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A program of PostgreSQL, run by a user who is not root.
pub(crate) fn program(name: &str) -> Command {
    let debian = Path::new("/usr/lib/postgresql");
    let versions = fs::read_dir(debian).into_iter().flatten().filter_map(Result::ok);
    let newest =
        versions.map(|version| version.path().join("bin").join(name)).filter(|path| path.exists()).max();
    let mut command = Command::new(newest.unwrap_or_else(|| name.into()));
    // The folder of the tests is not open to the other user.
    command.current_dir("/");
    if let Some((user, group)) = other_user() {
        command.uid(user).gid(group);
    }
    command
}

/// The user `postgres`, whom the package makes, and their group, for root: the server refuses to run as root.
fn other_user() -> Option<(u32, u32)> {
    let id = |arguments: &[&str]| -> Option<u32> {
        let output = Command::new("id").args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse().ok()
    };
    (id(&["-u"])? == 0).then_some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?))
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn wait(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < until, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}
