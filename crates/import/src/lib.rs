#![doc = include_str!("../README.md")]

pub mod adapt;
pub mod assess;
pub mod choose;
mod computed;
pub mod conversion;
mod damage;
mod data_only;
pub mod ddl;
pub mod decisions;
pub mod diesel_project;
pub mod existing;
pub mod finding;
pub mod import;
pub mod names;
pub mod orphans;
pub mod planner;
pub mod profile;
pub mod queries;
pub mod report;
pub mod rows;
pub mod rules;
pub mod schema;
pub mod survey;
pub mod table;
pub mod translate;
pub mod types;
pub mod values;
