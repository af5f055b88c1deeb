//! Whether downloads may run on this network and this battery, or what they wait for. Pure: what the person set, and what
//! the platform says.

use serde::{Deserialize, Serialize};

/// What the person has set, for all downloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Constraints {
    /// Only over a network that does not cost by the byte.
    pub unmetered_only: bool,
    pub pause_on_roaming: bool,
    pub pause_on_low_battery: bool,
    pub only_when_charging: bool,
}

/// What the platform says. What it does not say holds nothing up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeviceStatus {
    /// Whether the network in use costs by the byte.
    pub metered: Option<bool>,
    /// Whether the network in use is a foreign one.
    pub roaming: Option<bool>,
    pub charging: Option<bool>,
    /// Per cent of the battery; `None` where there is none.
    pub battery: Option<u8>,
}

/// What must be so before a download goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum UnmetConstraint {
    /// There is none at all.
    Network,
    Unmetered,
    /// For the end of it.
    Roaming,
    /// For a fuller one, or a charger.
    Battery,
    Charging,
}

/// Below this many per cent, and not charging, a battery is low. What Android itself calls low.
const LOW_BATTERY: u8 = 15;
/// Once held for a low battery, a download waits until there is this much: not to come and go at the edge.
const RESUME_BATTERY: u8 = 20;

impl Constraints {
    /// What holds a download; `unmetered_only` is its own wish beside the rules, and `before` is what held it until now.
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
