//! SQLite databases of other applications: assessed, converted, imported.

mod case;
mod cases;
mod commands;
mod existing;
mod expect;
mod found;
mod killed;
mod real;
mod reports;
mod snapshots;
mod unreadable;
