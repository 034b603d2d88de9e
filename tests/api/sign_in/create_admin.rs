//! `app user create-admin` creates the first users.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::app::{App, Ended};
use crate::cluster::TestDatabase;
use crate::site::{Choices, PASSWORD, Site};

/// Runs the program with this standard input.
fn run(folder: &App, input: &str, arguments: &[&str]) -> Ended {
    let mut command = folder.command(&[&["user", "create-admin"], arguments].concat());
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn().expect("run the program");
    let mut stdin = program.stdin.take().expect("its input is piped");
    // A program that rejects its arguments does not read, and may have ended.
    let _whether_read = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = program.wait_with_output().expect("the program ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// The output for each call, on this database.
fn said(url: &str) -> Vec<(i32, String, String)> {
    let folder = App::new().env("DATABASE_URL", url);
    folder.expect(0, &["db", "setup"]);
    let line = format!("{PASSWORD}\n");
    let mut said = Vec::new();
    let mut expect = |code: i32, input: &str, arguments: &[&str], part: &str| {
        let ended = run(&folder, input, arguments);
        assert_eq!(ended.code, code, "{arguments:?}: {} {}", ended.stdout, ended.stderr);
        let all = format!("{}{}", ended.stdout, ended.stderr);
        assert!(all.contains(part), "{arguments:?}: {all}");
        assert!(!all.contains(PASSWORD), "{all}");
        said.push((ended.code, ended.stdout, ended.stderr));
    };
    let owner = ["--email", "Ada@Example.org", "--organization", "Example & Sons", "--first-name", "Ada"];
    expect(0, &line, &owner, "created user ada@example.org (owner of Example & Sons)");
    // Lines end with CRLF, with LF, or without a line ending.
    expect(0, &format!("{PASSWORD}\r\nmore\n"), &["--email", "ops@example.org"], "(staff)");
    expect(0, PASSWORD, &["--email", "ops2@example.org"], "(staff)");
    expect(
        2,
        &line,
        &["--email", "ADA@example.org"],
        "a user with the e-mail address ada@example.org already exists",
    );
    expect(2, &line, &["--email", "ada@example.org", "--organization", "X"], "exists");
    expect(2, "short\n", &["--email", "new@example.org"], "shorter than 10 characters");
    expect(2, "", &["--email", "new@example.org"], "shorter than 10 characters");
    expect(2, "password123\n", &["--email", "new@example.org"], "too common");
    expect(2, "new@example.org\n", &["--email", "new@example.org"], "equals the e-mail address");
    expect(2, &line, &["--email", "not an address"], "e-mail address");
    expect(2, &line, &["--email", "new@example.org", "--organization", ""], "organization");
    let long = "x".repeat(201);
    expect(2, &line, &["--email", "new@example.org", "--organization", &long], "organization");
    expect(2, &line, &["--email", "new@example.org", "--first-name", ""], "first name");
    expect(2, &line, &[], "--email");
    let site = Site::new(url, &Choices::default());
    let owner = site.sign_in("ada@example.org");
    let me = site.expect(200, &owner, "GET", "/api/auth/me", &Value::Null);
    assert_eq!(me["organization"]["name"], "Example & Sons");
    assert_eq!((&me["user"]["role"], &me["user"]["first_name"]), (&json!("owner"), &json!("Ada")));
    for email in ["ops@example.org", "ops2@example.org"] {
        let staff = site.sign_in(email);
        let me = site.expect(200, &staff, "GET", "/api/auth/me", &Value::Null);
        assert_eq!(me["organization"], Value::Null);
        let all = site.expect(200, &staff, "GET", "/api/organizations", &Value::Null);
        assert_eq!(all["items"].as_array().map(Vec::len), Some(1), "a rejected call must not leave rows");
    }
    let body = json!({"email": "new@example.org", "password": PASSWORD});
    assert_eq!(site.ask("POST", "/api/auth/login", None, &body).status, 401);
    said
}

#[test]
fn the_program_creates_the_first_users() {
    let folder = App::new();
    let target = TestDatabase::create();
    let path = folder.path("backoffice.db");
    let sqlite = said(path.to_str().expect("UTF-8"));
    assert_eq!(sqlite, said(target.url()));
}

#[test]
fn the_help_documents_the_source_of_the_password() {
    let folder = App::new();
    let help = run(&folder, "", &["--help"]);
    assert_eq!(help.code, 0, "{}", help.stderr);
    for part in ["standard input", "--email", "--organization", "staff", "Examples:", "< password.txt"] {
        assert!(help.stdout.contains(part), "{part}: {}", help.stdout);
    }
}
