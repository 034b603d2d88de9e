# GNU make 3.81 or newer. Needs Rust, a C compiler, make and perl; scripts/postgres brings PostgreSQL.

.DEFAULT_GOAL := help
.PHONY: help demo test faults fuzz check bench bench-api api-check

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s  %s\n", $$1, $$2 }' Makefile

demo: ## Build, fill a SQLite file, move it to a private PostgreSQL, serve on both
	scripts/demo

test: ## Run every test, with a private PostgreSQL
	scripts/postgres run -- cargo test --locked --workspace

faults: ## Let each message of a copy go wrong in each way, kill copies at random, seed errors among a million rows; takes half an hour
	scripts/postgres run -- cargo test --locked --test it -- --ignored exhaustive verify::errors

fuzz: ## Search each way in for inputs that are not taken, a minute each, guided by what they reach
	scripts/fuzz

check: ## All that must be so before a commit: format, lints, documentation, tests
	cargo fmt --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
	$(MAKE) test

bench: ## Measure a copy and an import beside COPY from ready files, on a PostgreSQL that syncs
	PG_DURABLE=1 scripts/postgres run -- cargo bench --locked --bench copy

bench-api: ## Measure the API beside FastAPI + SQLAlchemy, on both backends; takes ten minutes of a quiet machine
	cargo build --locked --release
	PG_DURABLE=1 scripts/postgres run -- benches/api/run

api-check: ## Ask every operation of the API as its description allows, on both backends (schemathesis); needs python3
	scripts/schemathesis
