//! An interrupted import that is run again gives the same result as an undisturbed one.

use super::case::{in_repository, make};
use crate::app::App;
use crate::cluster::TestDatabase;
use crate::proxy::Fault::{self, Drop, Interrupt, Kill, KillAfter};
use crate::proxy::Plan;
use crate::scene::Scene;

/// Several thousand rows with all kinds of keys, with incompatible rows and objects.
fn scene() -> Scene {
    let app = App::new();
    make(&app.path("source.db"), &[&in_repository("tests/it/foreign/killed.sql")]);
    Scene::of(app, &["db", "import", "source.db"], 40)
}

fn disturbed(scene: &Scene, fault: Fault, at: u64) {
    let target = TestDatabase::create();
    let (ended, fired) = scene.disturb(target.url(), Plan { fault, at, lasting: false });
    let what = format!("{fault:?} at {at} of {}: {fired:?}", scene.messages());
    assert!(fired.is_some(), "{what}");
    let codes = match fault {
        Interrupt => 50,
        Kill | KillAfter => -1,
        _ => 21,
    };
    scene.check(target.url(), &ended, &[codes], &what);
}

#[test]
fn an_import_that_is_killed_in_mid_copy_goes_on() {
    let scene = scene();
    for fault in [Kill, KillAfter] {
        disturbed(&scene, fault, scene.mid_copy());
    }
}

// Not with an error of the server: an object that the server rejects is skipped and reported, and so it is if the
// proxy returns the error.
#[test]
fn an_import_that_is_disturbed_anywhere_goes_on() {
    let scene = scene();
    const PLACES: u64 = 4;
    for (number, fault) in (0..).zip([Drop, Kill, KillAfter, Interrupt]) {
        for place in 0..PLACES {
            disturbed(&scene, fault, 1 + (4 * place + number) * scene.messages() / (4 * PLACES));
        }
    }
}
