//! Traffic through a set of rules under a virtual clock: who gets the chats, how long customers wait, how busy users are. Pure:
//! the seed is an argument, and the same seed gives the same figures on every machine.

mod weighted_list;
mod traffic;
mod rule_set_names;
mod traffic_entry;
mod traffic_file;
mod default_traffic;
mod draws;
mod time_weighted;
mod event_queue;
mod arrivals;
mod population;
mod presence_schedule;
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
#[cfg(feature = "cli")]
pub(crate) use figure_words::{difference_words, grouped, percent, rule_words, subject_words, time_words};
pub use page::page;
pub use report::{
    FairnessFigures, GroupFairness, GroupFigures, HistogramBin, QueueFigures, ReplyFigures, RuleFigures,
    SeriesPoint, SimulatedChats, SimulatedMessages, SimulationReport, UserFigures, WaitFigures,
};
pub use simulation_comparison::{FigureDifference, FigureSubject, SimulatedSide, SimulationComparison};
pub use traffic::{
    ArrivalProcess, CustomerMix, MessageMix, RecordedArrival, ServiceDistribution, ServiceTime, ServiceTimes,
    Traffic, WorkShift,
};
#[cfg(feature = "cli")]
pub(crate) use traffic_file::{MAX_DAYS, YEARS};
pub use traffic_run::{SimulationProgress, simulate};
pub use weighted_list::WeightedList;
