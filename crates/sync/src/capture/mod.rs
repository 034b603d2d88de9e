//! Capture: what is added to a SQLite file so that every change of its rows is logged.
