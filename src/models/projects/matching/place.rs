//! Geographic locations and distances.

use transfer::values::Real;

/// The mean radius of Earth (IUGG).
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// A location in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Location {
    latitude: f64,
    longitude: f64,
}

impl Location {
    /// The location of a row; `None` if a coordinate is missing or out of range (latitude within 90 degrees,
    /// longitude within 180).
    pub fn new(latitude: Option<Real>, longitude: Option<Real>) -> Option<Self> {
        let (latitude, longitude) = (latitude?.get(), longitude?.get());
        let is_on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        is_on_earth.then_some(Self { latitude, longitude })
    }

    /// The distance to another location.
    pub fn distance_km(self, other: Self) -> f64 {
        distance_km(self.latitude, self.longitude, other.latitude, other.longitude)
    }
}

/// Great-circle distance between two locations in degrees, by the haversine formula; the error is at most 0.5
/// percent.
pub fn distance_km(latitude_a: f64, longitude_a: f64, latitude_b: f64, longitude_b: f64) -> f64 {
    let half_sine_squared = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let parallels = latitude_a.to_radians().cos() * latitude_b.to_radians().cos();
    let haversine =
        half_sine_squared(latitude_b - latitude_a) + parallels * half_sine_squared(longitude_b - longitude_a);
    // Rounding can exceed 1 for antipodal points.
    2.0 * EARTH_RADIUS_KM * haversine.clamp(0.0, 1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HALF_ROUND_KM: f64 = EARTH_RADIUS_KM * std::f64::consts::PI;

    #[test]
    fn known_distances() {
        for (a, b, expected) in [
            ((0.0, 0.0), (0.0, 180.0), HALF_ROUND_KM),
            ((90.0, 0.0), (-90.0, 77.0), HALF_ROUND_KM),
            ((0.0, 0.0), (0.0, 1.0), HALF_ROUND_KM / 180.0),
            ((10.0, 20.0), (11.0, 20.0), HALF_ROUND_KM / 180.0),
            ((0.0, 179.5), (0.0, -179.5), HALF_ROUND_KM / 180.0),
            ((60.0, 0.0), (60.0, 180.0), HALF_ROUND_KM / 3.0),
            ((52.5, 13.4), (52.5, 13.4), 0.0),
        ] {
            let distance = distance_km(a.0, a.1, b.0, b.1);
            assert!((distance - expected).abs() < 1e-6, "{a:?} {b:?}: {distance}");
        }
        // Berlin to Paris.
        assert!((distance_km(52.52, 13.405, 48.8566, 2.3522) - 877.5).abs() < 1.0);
    }

    #[test]
    fn coordinates_out_of_range_are_no_location() {
        let real = |number| Some(Real::new(number).expect("finite"));
        assert_eq!(Location::new(None, real(1.0)), None);
        assert_eq!(Location::new(real(1.0), None), None);
        assert_eq!(Location::new(real(90.1), real(0.0)), None);
        assert_eq!(Location::new(real(0.0), real(-180.1)), None);
        assert!(Location::new(real(-90.0), real(180.0)).is_some());
    }

    proptest! {
        #![proptest_config(test_seed::config(256))]

        #[test]
        fn is_symmetric_and_at_most_half_around(
            a in (-90.0..=90.0, -180.0..=180.0), b in (-90.0..=90.0, -180.0..=180.0), c in (-90.0..=90.0, -180.0..=180.0)
        ) {
            let distance = |a: (f64, f64), b: (f64, f64)| distance_km(a.0, a.1, b.0, b.1);
            prop_assert!((distance(a, b) - distance(b, a)).abs() < 1e-6);
            prop_assert!((0.0..=HALF_ROUND_KM).contains(&distance(a, b)));
            prop_assert!(distance(a, a) == 0.0);
            prop_assert!(distance(a, c) <= distance(a, b) + distance(b, c) + 1e-3);
        }
    }
}
