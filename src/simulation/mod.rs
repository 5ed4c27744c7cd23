//! Traffic through a set of rules under a virtual clock: who gets the chats, how long customers wait, how busy users are. Pure:
//! the seed is an argument, and the same seed gives the same figures on every machine.

mod weighted_list;
mod traffic;
mod known_names;
mod traffic_entry;
mod traffic_file;
mod default_traffic;
mod draws;
mod level;
mod event_queue;
mod arrivals;
mod population;
mod presence_plan;
mod user_work;
mod running_chat;
mod run_figures;
mod report;
mod traffic_run;
mod chat_changes;
mod user_service;
mod simulation_comparison;
mod figure_words;
mod charts;
mod page;
#[cfg(test)]
mod tests;

pub use default_traffic::default_traffic;
pub use figure_words::{percent, rule_words, time_words};
pub use page::page;
pub use report::{
    FairnessFigures, GroupFigures, QueueFigures, ReplyFigures, RuleFigures, SeriesPoint, SimulatedChats,
    SimulatedMessages, SimulationReport, UserFigures, WaitBin, WaitFigures,
};
pub use simulation_comparison::{FigureDifference, SimulatedSide, SimulationComparison};
pub use traffic::{
    ArrivalProcess, CustomerMix, MessageMix, RecordedArrival, ServiceDistribution, ServicePlan, ServiceTime,
    Traffic, WorkShift,
};
pub use traffic_run::simulate;
pub use weighted_list::WeightedList;
