//! The random numbers of a simulation, which are the same on every machine.
//!
//! What happens to the customers is drawn apart from what the rules decide, each kind of draw from a stream of its own. So two
//! policies under the same seed have the same arrivals: common random numbers (A. Law, *Simulation Modeling and Analysis*,
//! section 11.2). The functions of `libm` are written in Rust, so that no other digit is drawn on another machine.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::traffic::{ServiceDistribution, ServiceTime};
use crate::roster::dice;

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub(super) struct RandomStream(ChaCha8Rng);

impl RandomStream {
    /// The stream of that seed for that purpose.
    pub(super) fn new(seed: u64, purpose: &str) -> Self {
        Self(dice(seed, Some(&format!("simulation {purpose}"))))
    }

    /// Restarts at the substream `index`, such as that of one customer.
    pub(super) fn go_to(&mut self, index: u64) {
        // In this order: away from its start, `set_stream` generates a block at once, and `set_word_pos` would discard it.
        self.0.set_word_pos(0);
        self.0.set_stream(index);
    }

    /// Uniform on [0, 1), a multiple of 2⁻⁵³.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub(super) fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// A uniformly distributed index below `count`; 0 if `count` is 0.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "far fewer than 2⁵³ things are counted"
    )]
    pub(super) fn index(&mut self, count: usize) -> usize {
        ((self.uniform() * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// Exponentially distributed, with the mean 1.
    pub(super) fn exponential(&mut self) -> f64 {
        -libm::log(1.0 - self.uniform())
    }

    /// The standard normal distribution (G. Box and M. Muller, *A note on the generation of random normal deviates*, 1958).
    fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(2.0 * self.exponential());
        radius * libm::cos(std::f64::consts::TAU * self.uniform())
    }

    /// The Poisson distribution of a small mean (D. Knuth, *The Art of Computer Programming*, volume 2, section 3.4.1).
    pub(super) fn poisson(&mut self, mean: f64) -> usize {
        let limit = libm::exp(-mean);
        let (mut count, mut product) = (0, self.uniform());
        while product > limit {
            product *= self.uniform();
            count += 1;
        }
        count
    }

    /// A service time, in microseconds; at least 1.
    pub(super) fn service(&mut self, time: &ServiceTime) -> i64 {
        let mean = time.mean.as_secs_f64();
        let seconds = match time.distribution {
            ServiceDistribution::Fixed => mean,
            ServiceDistribution::Exponential => mean * self.exponential(),
            ServiceDistribution::LogNormal => {
                // The mean and the deviation of the logarithm, from those of the time.
                let ratio = time.standard_deviation.as_secs_f64() / mean;
                let variance = libm::log(1.0 + ratio * ratio);
                mean * libm::exp(libm::sqrt(variance) * self.normal() - variance / 2.0)
            }
        };
        micros(seconds).max(1)
    }
}

/// Seconds in microseconds. At most a century.
#[expect(clippy::cast_possible_truncation, reason = "it is bounded")]
pub(super) fn micros(seconds: f64) -> i64 {
    const CENTURY: f64 = 3.2e15;
    (seconds * 1e6).clamp(0.0, CENTURY) as i64
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn mean_and_deviation(draw: impl Fn(&mut RandomStream) -> f64) -> (f64, f64) {
        const COUNT: u32 = 40_000;
        let mut stream = RandomStream::new(1, "test");
        let drawn: Vec<f64> = (0..COUNT).map(|_| draw(&mut stream)).collect();
        let mean = drawn.iter().sum::<f64>() / f64::from(COUNT);
        let variance = drawn.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / f64::from(COUNT);
        (mean, variance.sqrt())
    }

    /// The mean of 40,000 draws is within 4 standard errors.
    #[track_caller]
    fn check(draw: impl Fn(&mut RandomStream) -> f64, mean: f64, deviation: f64) {
        let (found_mean, found_deviation) = mean_and_deviation(draw);
        assert!((found_mean - mean).abs() < 4.0 * deviation / 200.0, "mean {found_mean}");
        assert!((found_deviation / deviation - 1.0).abs() < 0.05, "deviation {found_deviation}");
    }

    #[test]
    fn distributions_have_their_mean_and_deviation() {
        check(RandomStream::uniform, 0.5, (1.0_f64 / 12.0).sqrt());
        check(RandomStream::exponential, 1.0, 1.0);
        check(RandomStream::normal, 0.0, 1.0);
        check(|stream| f64::from(u32::try_from(stream.poisson(2.5)).unwrap()), 2.5, 2.5_f64.sqrt());
        let time = |distribution| ServiceTime {
            distribution,
            mean: Duration::from_secs(300),
            standard_deviation: Duration::from_secs(120),
        };
        let seconds = |stream: &mut RandomStream, distribution| {
            let micros = stream.service(&time(distribution));
            f64::from(u32::try_from(micros / 1000).unwrap()) / 1e3
        };
        check(|stream| seconds(stream, ServiceDistribution::LogNormal), 300.0, 120.0);
        check(|stream| seconds(stream, ServiceDistribution::Exponential), 300.0, 300.0);
        let mut stream = RandomStream::new(0, "test");
        assert_eq!(stream.service(&time(ServiceDistribution::Fixed)), 300_000_000);
    }

    #[test]
    fn the_numbers_of_a_thing_do_not_depend_on_others() {
        let mut stream = RandomStream::new(0, "customers");
        let mut draw = |thing| {
            stream.go_to(thing);
            [stream.uniform(), stream.uniform()].map(f64::to_bits)
        };
        let first = draw(7);
        assert_ne!(draw(8), first);
        assert_eq!(draw(7), first);
    }

    #[test]
    fn numbers_are_the_same_on_every_machine() {
        let mut stream = RandomStream::new(0, "test");
        let drawn = [stream.exponential(), stream.normal()].map(f64::to_bits);
        assert_eq!(drawn, [4_604_891_131_833_474_049, 4_592_543_007_066_035_553]);
    }
}
