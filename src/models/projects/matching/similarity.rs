//! Similarity of vectors.

/// Cosine similarity, from -1 to 1; `None` if the lengths differ, a vector is zero, or an element is not finite.
pub fn cosine(a: &[f32], b: &[f32]) -> Option<f64> {
    if a.len() != b.len() {
        return None;
    }
    // In double precision, products of finite elements neither overflow nor underflow.
    let (mut product, mut a_squared, mut b_squared) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (x, y) in a.iter().zip(b).map(|(x, y)| (f64::from(*x), f64::from(*y))) {
        product += x * y;
        a_squared += x * x;
        b_squared += y * y;
    }
    let lengths = a_squared.sqrt() * b_squared.sqrt();
    let cosine = product / lengths;
    // 0/0 is NaN, and NaN or infinity propagate.
    (lengths.is_finite() && !cosine.is_nan()).then(|| cosine.clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_angles() {
        for (a, b, expected) in [
            ([1.0, 0.0], [2.0, 0.0], 1.0),
            ([1.0, 0.0], [0.0, 5.0], 0.0),
            ([1.0, 0.0], [-3.0, 0.0], -1.0),
            ([1.0, 0.0], [1.0, 1.0], std::f64::consts::FRAC_1_SQRT_2),
            ([f32::MAX, f32::MAX], [f32::MAX, f32::MAX], 1.0),
            ([f32::from_bits(1), 0.0], [f32::from_bits(1), 0.0], 1.0),
        ] {
            let cosine = cosine(&a, &b).expect("an angle");
            assert!((cosine - expected).abs() < 1e-12, "{a:?} {b:?}: {cosine}");
        }
    }

    #[test]
    fn zero_vectors_have_no_similarity() {
        let sound = [1.0, 2.0];
        for other in [
            &[1.0][..],
            &[][..],
            &[0.0, 0.0][..],
            &[f32::NAN, 1.0][..],
            &[f32::INFINITY, 1.0][..],
            &[f32::NEG_INFINITY, 0.0][..],
        ] {
            assert_eq!(cosine(&sound, other), None, "{other:?}");
            assert_eq!(cosine(other, &sound), None, "{other:?}");
            assert_eq!(cosine(other, other).is_some(), other == [1.0], "{other:?}");
        }
    }

    proptest! {
        #![proptest_config(test_seed::config(256))]

        #[test]
        fn similarity_is_symmetric_bounded_and_independent_of_length(
            pairs in proptest::collection::vec((-100.0_f32..100.0, -100.0_f32..100.0), 1..40),
            factor in 0.01_f32..100.0,
        ) {
            let (a, b): (Vec<f32>, Vec<f32>) = pairs.into_iter().unzip();
            prop_assume!(a.iter().chain(&b).all(|x| x.abs() > 0.001));
            let angle = cosine(&a, &b).expect("an angle");
            prop_assert!((-1.0..=1.0).contains(&angle));
            prop_assert_eq!(cosine(&b, &a), Some(angle));
            let longer: Vec<f32> = a.iter().map(|x| x * factor).collect();
            prop_assert!((cosine(&longer, &b).expect("an angle") - angle).abs() < 1e-5);
            prop_assert!((cosine(&a, &longer).expect("an angle") - 1.0).abs() < 1e-5);
        }
    }
}
