# GNU make 3.81 or newer. Needs Rust, a C compiler, make and perl; scripts/postgres provides PostgreSQL.

.DEFAULT_GOAL := help
.PHONY: help demo test soak faults fuzz check deny bench bench-live bench-api api-check

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s  %s\n", $$1, $$2 }' Makefile

demo: ## Build, seed a SQLite file, move it to a private PostgreSQL, serve both
	scripts/demo

test: ## Run all tests with a private PostgreSQL
	scripts/postgres run -- cargo test --locked --workspace --no-fail-fast

soak: ## Run every test 20 times while all processors are busy, and count the failures; takes hours
	scripts/soak --busy

faults: ## Inject every fault at every message of a copy, kill copies at random, find errors among a million rows, serve hostile clients; takes an hour
	scripts/postgres run -- cargo test --locked --test it -- --ignored exhaustive verify::errors
	scripts/postgres run -- cargo test --locked --test api -- --ignored exhaustive
	cargo test --locked -p sync -- --ignored exhaustive

fuzz: ## Run the coverage-guided fuzzers, a minute per target
	scripts/fuzz

deny: ## Check licences, sources and bans of the dependencies
	scripts/deny

check: ## Run all checks of CI: format, lints, dependencies, documentation, tests
	cargo fmt --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	scripts/deny
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
	$(MAKE) test

bench: ## Measure a copy and an import against COPY from prepared files, on a durable PostgreSQL
	PG_DURABLE=1 scripts/postgres run -- cargo bench --locked --bench copy

bench-live: ## Measure `app db sync` beside writers: the lag of a commit, and what the change log costs them
	PG_DURABLE=1 scripts/postgres run -- cargo bench --locked --bench live

bench-api: ## Measure the API against FastAPI + SQLAlchemy, on both backends; takes ten minutes on an idle machine
	cargo build --locked --release
	PG_DURABLE=1 scripts/postgres run -- benches/api/run

api-check: ## Test every operation of the API against its description, on both backends (schemathesis); needs python3
	scripts/schemathesis
