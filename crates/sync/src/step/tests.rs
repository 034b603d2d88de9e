//! The model of two actors with stale memories that may crash at any point: all interleavings up to an epoch.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use super::*;

/// Epochs up to which all interleavings are tried.
const HIGHEST_EPOCH: u64 = 6;

const START: Sides = Sides {
    sqlite: OwnerState::new(Ownership::Owner, 0),
    postgres: OwnerState::new(Ownership::Receiving, 0),
};

/// What an actor remembers of the rows of both sides.
type Memory = (Option<OwnerState>, Option<OwnerState>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct World {
    sides: Sides,
    memories: [Memory; 2],
}

/// Every world that one action of an actor leads to. `transitions` is passed in, so that weaker rules can be tried.
fn successors(
    world: World,
    transitions: &dyn Fn(Side, OwnerState, OwnerState) -> Vec<OwnerState>,
) -> Vec<World> {
    let mut found = Vec::new();
    for actor in 0..2 {
        let (of_sqlite, of_postgres) = world.memories[actor];
        let mut remember = |memory: Memory| {
            let mut memories = world.memories;
            memories[actor] = memory;
            found.push(World { memories, ..world });
        };
        remember((Some(world.sides.sqlite), of_postgres));
        remember((of_sqlite, Some(world.sides.postgres)));
        remember((None, None));
        // The own row is compared as it is; what was read of the other side may be old.
        for to in of_postgres.iter().flat_map(|other| transitions(Side::Sqlite, world.sides.sqlite, *other)) {
            found.push(World { sides: Sides { sqlite: to, ..world.sides }, ..world });
        }
        for to in of_sqlite.iter().flat_map(|other| transitions(Side::Postgres, world.sides.postgres, *other))
        {
            found.push(World { sides: Sides { postgres: to, ..world.sides }, ..world });
        }
    }
    found
}

/// All worlds, each with those that it leads to; `Err` with a world in which both sides take writes.
fn explore(
    transitions: &dyn Fn(Side, OwnerState, OwnerState) -> Vec<OwnerState>,
) -> Result<HashMap<World, Vec<World>>, World> {
    let start = World { sides: START, memories: [(None, None); 2] };
    let mut edges = HashMap::new();
    let mut seen = HashSet::from([start]);
    let mut waiting = VecDeque::from([start]);
    while let Some(world) = waiting.pop_front() {
        let Sides { sqlite, postgres } = world.sides;
        if (sqlite.ownership, postgres.ownership) == (Ownership::Owner, Ownership::Owner) {
            return Err(world);
        }
        if sqlite.epoch.max(postgres.epoch) >= HIGHEST_EPOCH {
            continue;
        }
        let next = successors(world, transitions);
        waiting.extend(next.iter().copied().filter(|world| seen.insert(*world)));
        edges.insert(world, next);
    }
    Ok(edges)
}

#[test]
fn there_are_never_two_owners_and_one_can_always_be_reached() {
    let edges = explore(&transitions).expect("never two owners");
    assert!(edges.len() > 10_000, "{}", edges.len());
    let mut reverse: HashMap<World, Vec<World>> = HashMap::new();
    for (from, targets) in &edges {
        for to in targets {
            reverse.entry(*to).or_default().push(*from);
        }
    }
    let is_owned = |world: &World| {
        [world.sides.sqlite, world.sides.postgres].iter().any(|row| row.ownership == Ownership::Owner)
    };
    let mut waiting: VecDeque<World> = edges.keys().chain(reverse.keys()).copied().filter(is_owned).collect();
    let mut reaching: HashSet<World> = waiting.iter().copied().collect();
    while let Some(world) = waiting.pop_front() {
        for before in reverse.get(&world).into_iter().flatten() {
            if reaching.insert(*before) {
                waiting.push_back(*before);
            }
        }
    }
    let stuck = edges.keys().find(|world| !reaching.contains(*world));
    assert_eq!(stuck, None);
}

/// The rules are needed: without either of them, the model finds what they prevent.
#[test]
fn without_newer_epochs_an_actor_that_overslept_makes_two_owners() {
    let weaker = |side, own: OwnerState, other: OwnerState| {
        let is_answer = matches!(own.ownership, Ownership::Standby | Ownership::Receiving);
        match other.ownership {
            Ownership::Sealed if is_answer => {
                vec![
                    OwnerState::new(Ownership::Owner, other.epoch),
                    OwnerState::new(Ownership::Refused, other.epoch),
                ]
            }
            Ownership::Owner if side == Side::Sqlite && own.ownership == Ownership::Refused => {
                vec![OwnerState::new(Ownership::Standby, other.epoch)]
            }
            _ => transitions(side, own, other),
        }
    };
    assert!(explore(&weaker).is_err());
}

#[test]
fn every_reachable_state_of_both_sides_has_a_name_and_reaches_every_goal() {
    let edges = explore(&transitions).expect("never two owners");
    let sides: HashSet<Sides> = edges.keys().map(|world| world.sides).collect();
    let mut states = BTreeMap::new();
    for start in sides {
        let state = start.state().unwrap_or_else(|| panic!("{start:?} has no name"));
        *states.entry(format!("{state:?}")).or_insert(0) += 1;
        for goal in [Goal::Owner(Side::Sqlite), Goal::Owner(Side::Postgres), Goal::Continue, Goal::Abandon] {
            let mut now = start;
            let mut steps = 0;
            while let Some(step) = next(goal, &now) {
                let (own, other) = now.of(step.side);
                assert_eq!(step.from, own);
                assert!(transitions(step.side, own, other).contains(&step.to), "{step:?} from {now:?}");
                match step.side {
                    Side::Sqlite => now.sqlite = step.to,
                    Side::Postgres => now.postgres = step.to,
                }
                steps += 1;
                assert!(steps < 10, "{goal:?} from {start:?} does not end");
            }
            let is_owner = |row: OwnerState| row.ownership == Ownership::Owner;
            match goal {
                Goal::Owner(Side::Sqlite) => {
                    assert!(is_owner(now.sqlite), "{goal:?} from {start:?}: {now:?}")
                }
                Goal::Owner(Side::Postgres) => {
                    assert!(is_owner(now.postgres), "{goal:?} from {start:?}: {now:?}")
                }
                Goal::Continue | Goal::Abandon => {
                    assert!(
                        is_owner(now.sqlite) || is_owner(now.postgres),
                        "{goal:?} from {start:?}: {now:?}"
                    );
                }
            }
        }
    }
    assert_eq!(states.keys().map(String::as_str).collect::<String>(), "ABCDE");
}

#[test]
fn rows_of_a_restored_backup_do_not_belong_together() {
    let sides = |sqlite, postgres| Sides { sqlite, postgres };
    let (owner, receiving) = (Ownership::Owner, Ownership::Receiving);
    let cases = [
        sides(OwnerState::new(owner, 1), OwnerState::new(owner, 2)),
        sides(OwnerState::new(owner, 0), OwnerState::new(receiving, 2)),
        sides(OwnerState::new(Ownership::Sealed, 1), OwnerState::new(receiving, 1)),
    ];
    for case in cases {
        assert_eq!(case.state(), None, "{case:?}");
    }
}
