//! The 97.5 % point of Student's distribution, for intervals only.

/// The 97.5 % point of the normal distribution.
pub(super) const NORMAL_975: f64 = 1.959_963_984_540_054;

/// For 1 to 30 degrees of freedom.
// scipy 1.x: [round(scipy.stats.t.ppf(0.975, df), 6) for df in range(1, 31)]
const FEW: [f64; 30] = [
    12.706_205, 4.302_653, 3.182_446, 2.776_445, 2.570_582, 2.446_912, 2.364_624, 2.306_004, 2.262_157,
    2.228_139, 2.200_985, 2.178_813, 2.160_369, 2.144_787, 2.131_450, 2.119_905, 2.109_816, 2.100_922,
    2.093_024, 2.085_963, 2.079_614, 2.073_873, 2.068_658, 2.063_899, 2.059_539, 2.055_529, 2.051_831,
    2.048_407, 2.045_230, 2.042_272,
];

/// The 97.5 % point for so many degrees of freedom; none for 0. Beyond the table by the expansion of R. A. Fisher and
/// E. A. Cornish in powers of 1 / degrees, which is off by less than 10^-6 there.
#[expect(clippy::cast_precision_loss, reason = "degrees of freedom are counts of organisations")]
pub(super) fn student_975(degrees: u64) -> Option<f64> {
    if degrees == 0 {
        return None;
    }
    let tabled = usize::try_from(degrees - 1).ok().and_then(|at| FEW.get(at).copied());
    if tabled.is_some() {
        return tabled;
    }
    let (z, v) = (NORMAL_975, degrees as f64);
    let (z3, z5, z7) = (z.powi(3), z.powi(5), z.powi(7));
    let first = (z3 + z) / 4.0;
    let second = (5.0 * z5 + 16.0 * z3 + 3.0 * z) / 96.0;
    let third = (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / 384.0;
    let z9 = z.powi(9);
    let fourth = (79.0 * z9 + 776.0 * z7 + 1482.0 * z5 - 1920.0 * z3 - 945.0 * z) / 92_160.0;
    Some(z + first / v + second / v.powi(2) + third / v.powi(3) + fourth / v.powi(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    // [scipy.stats.t.ppf(0.975, df) for df in (1, 2, 10, 30, 31, 60, 120, 1000, 100000)]
    #[test]
    fn scipys_points_come_out() {
        let theirs = [
            (1, 12.706_205),
            (2, 4.302_653),
            (10, 2.228_139),
            (30, 2.042_272),
            (31, 2.039_513),
            (60, 2.000_298),
            (120, 1.979_930),
            (1_000, 1.962_339),
            (100_000, 1.959_988),
        ];
        for (degrees, point) in theirs {
            let ours = student_975(degrees).unwrap();
            assert!((ours - point).abs() < 1e-6, "{degrees}: {ours} {point}");
        }
        assert_eq!(student_975(0), None);
    }
}
