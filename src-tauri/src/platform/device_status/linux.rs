//! Network and battery status from NetworkManager and UPower, over the system bus. Either may be missing, start later
//! or stop.

use std::thread;
use std::time::Duration;

use millrace_backend::app_state::Says;
use millrace_engine::DeviceStatus;
use zbus::MatchRule;
use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, MessageIterator, fdo::DBusProxy};
use zbus::message::Type;
use zbus::zvariant::{OwnedValue, Value};

use super::Reading;

/// Timeout of a call; the status is then unknown.
const ANSWER: Duration = Duration::from_secs(5);

/// A D-Bus object, and the interface with its properties.
struct Object {
    service: &'static str,
    path: &'static str,
    interface: &'static str,
}

const NETWORK: Object = Object {
    service: "org.freedesktop.NetworkManager",
    path: "/org/freedesktop/NetworkManager",
    interface: "org.freedesktop.NetworkManager",
};

const POWER: Object = Object {
    service: "org.freedesktop.UPower",
    path: "/org/freedesktop/UPower",
    interface: "org.freedesktop.UPower",
};

/// UPower's aggregate of all batteries.
const BATTERY: Object = Object {
    service: "org.freedesktop.UPower",
    path: "/org/freedesktop/UPower/devices/DisplayDevice",
    interface: "org.freedesktop.UPower.Device",
};

/// Reports the current status and every change, until `tell` returns false. Reports an unknown status without a system
/// bus.
pub(crate) fn watch(tell: impl Fn(Reading) -> bool + Send + 'static) {
    let watching = move || {
        // Without a bus, or when it closes, the status is unknown, and an unknown status blocks nothing.
        let _ended = follow(&tell);
        let _nobody_listens = tell(Reading::default());
    };
    // If no thread can be started, nothing is reported either.
    let _unwatched = thread::Builder::new()
        .name("surroundings".into())
        .spawn(watching);
}

fn follow(tell: &impl Fn(Reading) -> bool) -> zbus::Result<()> {
    // Two connections: a queue full of signals does not delay a reply.
    let asking = Builder::system()?.method_timeout(ANSWER).build()?;
    let listening = Builder::system()?.method_timeout(ANSWER).build()?;
    let signals = MessageIterator::from(&listening);
    subscribe(&listening)?;
    let mut last = read(&asking);
    if !tell(last) {
        return Ok(());
    }
    for message in signals {
        if message?.message_type() != Type::Signal {
            continue;
        }
        let now = read(&asking);
        if now != last && !tell(now) {
            return Ok(());
        }
        last = now;
    }
    Ok(())
}

/// Subscribes to changed properties of the three objects, and to services that start or stop.
fn subscribe(bus: &Connection) -> zbus::Result<()> {
    let daemon = DBusProxy::new(bus)?;
    for object in [NETWORK, POWER, BATTERY] {
        let rule = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender(object.service)?
            .path(object.path)?
            .interface("org.freedesktop.DBus.Properties")?
            .member("PropertiesChanged")?;
        daemon.add_match_rule(rule.build())?;
    }
    for service in [NETWORK.service, POWER.service] {
        let rule = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender("org.freedesktop.DBus")?
            .interface("org.freedesktop.DBus")?
            .member("NameOwnerChanged")?
            .add_arg(service)?;
        daemon.add_match_rule(rule.build())?;
    }
    Ok(())
}

fn read(bus: &Connection) -> Reading {
    let metered: Option<u32> = property(bus, &NETWORK, "Metered");
    let there = property(bus, &BATTERY, "IsPresent") == Some(true);
    let on_battery: Option<bool> = property(bus, &POWER, "OnBattery");
    let level: Option<f64> = property(bus, &BATTERY, "Percentage");
    reading(
        metered,
        there.then_some(()).and(on_battery),
        level.filter(|_| there),
    )
}

/// Each argument is `None` if the service or the device is missing.
fn reading(metered: Option<u32>, on_battery: Option<bool>, level: Option<f64>) -> Reading {
    Reading {
        conditions: DeviceStatus {
            metered: metered.and_then(is_metered),
            charging: on_battery.map(|on_battery| !on_battery),
            battery: level.and_then(per_cent),
            ..DeviceStatus::default()
        },
        says: Says {
            metered: metered.is_some(),
            battery: on_battery.is_some(),
        },
    }
}

/// NMMetered: yes and no, whether configured by the user or guessed by NetworkManager.
fn is_metered(number: u32) -> Option<bool> {
    match number {
        1 | 3 => Some(true),
        2 | 4 => Some(false),
        _ => None,
    }
}

/// Rounded down to whole percent.
fn per_cent(level: f64) -> Option<u8> {
    (0.0..=100.0).contains(&level).then_some(level as u8)
}

fn property<T>(bus: &Connection, object: &Object, name: &str) -> Option<T>
where
    T: TryFrom<Value<'static>>,
{
    let answer = bus.call_method(
        Some(object.service),
        object.path,
        Some("org.freedesktop.DBus.Properties"),
        "Get",
        &(object.interface, name),
    );
    let value: OwnedValue = answer.ok()?.body().deserialize().ok()?;
    T::try_from(Value::from(value)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_the_person_and_a_guess_count_alike_and_no_word_holds_nothing_up() {
        let metered = [0, 1, 2, 3, 4, 5].map(|number| {
            let Reading { conditions, says } = reading(Some(number), None, None);
            assert!(says.metered && !says.battery, "{number}");
            conditions.metered
        });
        let (yes, no) = (Some(true), Some(false));
        assert_eq!(metered, [None, yes, no, yes, no, None]);
        assert_eq!(reading(None, None, None), Reading::default());
    }

    #[test]
    fn a_battery_is_charging_while_the_machine_does_not_run_on_it() {
        let now = reading(None, Some(true), Some(14.9));
        assert_eq!(now.conditions.charging, Some(false));
        assert_eq!(now.conditions.battery, Some(14));
        assert!(now.says.battery && !now.says.metered);
        let now = reading(None, Some(false), Some(f64::NAN));
        assert_eq!(now.conditions.charging, Some(true));
        assert_eq!(now.conditions.battery, None);
    }
}
