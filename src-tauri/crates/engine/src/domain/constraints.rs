//! Whether downloads may run on the current network and battery, or which constraint is unmet. Pure: the user's
//! constraints and the device status are passed in.

use serde::{Deserialize, Serialize};

/// The user's constraints for all downloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Constraints {
    /// Only over an unmetered network.
    pub unmetered_only: bool,
    pub pause_on_roaming: bool,
    pub pause_on_low_battery: bool,
    pub only_when_charging: bool,
}

/// Device status as the platform reports it. An unknown value blocks nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeviceStatus {
    /// Whether the network in use is metered.
    pub metered: Option<bool>,
    /// Whether the network in use is roaming.
    pub roaming: Option<bool>,
    pub charging: Option<bool>,
    /// Battery level in per cent; `None` without a battery.
    pub battery: Option<u8>,
}

/// What a download waits for before it continues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum UnmetConstraint {
    /// No network connection.
    Network,
    Unmetered,
    /// Until roaming ends.
    Roaming,
    /// Until the battery is at 20 % or charging.
    Battery,
    Charging,
}

/// A battery below this many per cent, and not charging, is low. Android's own threshold.
const LOW_BATTERY: u8 = 15;
/// Level in per cent at which a download held back by a low battery continues. Hysteresis: it does not toggle at the
/// threshold.
const RESUME_BATTERY: u8 = 20;

impl Constraints {
    /// The unmet constraint of a download; `unmetered_only` is its own setting beside the general ones, `before` the
    /// constraint that was unmet until now.
    pub(crate) fn unmet(
        self,
        conditions: DeviceStatus,
        unmetered_only: bool,
        before: Option<UnmetConstraint>,
    ) -> Option<UnmetConstraint> {
        let is = |said: Option<bool>| said == Some(true);
        let charging = is(conditions.charging);
        let enough = if before == Some(UnmetConstraint::Battery) {
            RESUME_BATTERY
        } else {
            LOW_BATTERY
        };
        let low = conditions.battery.is_some_and(|level| level < enough) && !charging;
        if (self.unmetered_only || unmetered_only) && is(conditions.metered) {
            Some(UnmetConstraint::Unmetered)
        } else if self.pause_on_roaming && is(conditions.roaming) {
            Some(UnmetConstraint::Roaming)
        } else if self.only_when_charging && conditions.charging == Some(false) {
            Some(UnmetConstraint::Charging)
        } else if self.pause_on_low_battery && low {
            Some(UnmetConstraint::Battery)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRICT: Constraints = Constraints {
        unmetered_only: true,
        pause_on_roaming: true,
        pause_on_low_battery: true,
        only_when_charging: true,
    };

    fn battery(level: u8, charging: bool) -> DeviceStatus {
        DeviceStatus {
            battery: Some(level),
            charging: Some(charging),
            ..DeviceStatus::default()
        }
    }

    #[test]
    fn what_the_platform_does_not_say_holds_nothing_up() {
        assert_eq!(STRICT.unmet(DeviceStatus::default(), true, None), None);
    }

    #[test]
    fn without_rules_nothing_is_held_but_what_wants_it_itself() {
        let worst = DeviceStatus {
            metered: Some(true),
            roaming: Some(true),
            ..battery(1, false)
        };
        assert_eq!(Constraints::default().unmet(worst, false, None), None);
        let own = Constraints::default().unmet(worst, true, None);
        assert_eq!(own, Some(UnmetConstraint::Unmetered));
    }

    #[test]
    fn each_rule_names_what_it_waits_for() {
        let metered = DeviceStatus {
            metered: Some(true),
            ..battery(90, true)
        };
        let roaming = DeviceStatus {
            roaming: Some(true),
            ..battery(90, true)
        };
        for (conditions, waits_for) in [
            (metered, Some(UnmetConstraint::Unmetered)),
            (roaming, Some(UnmetConstraint::Roaming)),
            (battery(90, false), Some(UnmetConstraint::Charging)),
            (battery(90, true), None),
        ] {
            assert_eq!(STRICT.unmet(conditions, false, None), waits_for);
        }
    }

    #[test]
    fn a_battery_at_the_edge_does_not_stop_and_start_downloads() {
        let rules = Constraints {
            pause_on_low_battery: true,
            ..Constraints::default()
        };
        let low = Some(UnmetConstraint::Battery);
        assert_eq!(rules.unmet(battery(15, false), false, None), None);
        assert_eq!(rules.unmet(battery(14, false), false, None), low);
        assert_eq!(rules.unmet(battery(19, false), false, low), low);
        assert_eq!(rules.unmet(battery(20, false), false, low), None);
        assert_eq!(rules.unmet(battery(3, true), false, low), None);
    }
}
