//! Parses byte counts: `500k`, `2.5M` and `2MB` are decimal, as the window shows them; `1.5MiB` is binary. Pure.

/// Bytes, at least 1. `K`, `M`, `G`, `T` and `P`, in either case and with or without `B`, are powers of 1000; with `iB`, of
/// 1024. A `/s` at the end is allowed.
pub(crate) fn parse(text: &str) -> Result<u64, String> {
    parse_with(text, 1000)
}

/// The same for values of aria2's options, where a letter without `B` is a power of 1024.
pub(crate) fn parse_aria2(text: &str) -> Result<u64, String> {
    parse_with(text, 1024)
}

/// `letter` is the base of a letter without `B`.
fn parse_with(text: &str, letter: u64) -> Result<u64, String> {
    let wrong = || "use a number of bytes such as 500000, 500k, 2.5M or 1.5MiB".to_owned();
    let lower = text.trim().to_ascii_lowercase();
    let amount = lower.strip_suffix("/s").unwrap_or(&lower);
    let end = amount.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, unit) = amount.split_at(end.unwrap_or(amount.len()));
    let (prefix, base) = match unit.trim_start() {
        "" | "b" => ("", 1),
        unit => match unit.strip_suffix("ib") {
            Some(prefix) => (prefix, 1024),
            None => unit
                .strip_suffix('b')
                .map_or((unit, letter), |prefix| (prefix, 1000)),
        },
    };
    let power = match prefix {
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        _ => return Err(wrong()),
    };
    if prefix.is_empty() && base != 1 {
        return Err(wrong());
    }
    let factor = u64::pow(base, power);
    let bytes = if number.contains('.') {
        let number: f64 = number.parse().map_err(|_| wrong())?;
        // Beyond 2^53 the fraction is lost anyway, and the conversion saturates.
        (number * factor as f64) as u64
    } else {
        let number: u64 = number.parse().map_err(|_| wrong())?;
        number.checked_mul(factor).ok_or_else(wrong)?
    };
    if bytes == 0 {
        return Err("at least 1 byte".into());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_decimal_unless_they_are_written_as_binary() {
        for (text, bytes) in [
            ("1", 1),
            ("500000", 500_000),
            ("100b", 100),
            ("1k", 1000),
            ("1K", 1000),
            ("500k", 500_000),
            ("2M", 2_000_000),
            ("2m", 2_000_000),
            ("2.5M", 2_500_000),
            ("2.5 M/s", 2_500_000),
            ("3G", 3_000_000_000),
            ("1t", 1_000_000_000_000),
            ("1P", 1_000_000_000_000_000),
            (".5M", 500_000),
            ("1kB", 1000),
            ("2MB", 2_000_000),
            ("1KiB", 1024),
            ("2MiB", 2 << 20),
            ("2mib", 2 << 20),
            ("2 MiB/s", 2 << 20),
            ("1.5MiB", 3 << 19),
            ("18446744073709551615", u64::MAX),
        ] {
            assert_eq!(parse(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn sizes_in_lists_of_aria2_are_binary_as_there() {
        for (text, bytes) in [
            ("500000", 500_000),
            ("500K", 500 << 10),
            ("1.5m", 3 << 19),
            ("2MB", 2_000_000),
            ("2MiB", 2 << 20),
        ] {
            assert_eq!(parse_aria2(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for text in [
            "",
            "0",
            "0M",
            "0.0001",
            "-1",
            "+1",
            "M",
            "KiB",
            "iB",
            "2X",
            "2Mi b",
            "2 3",
            "1e6",
            "1,5M",
            "1.2.3M",
            ".",
            "0x10",
            "99999999999P",
            "NaN",
            "inf",
            "1kk",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
