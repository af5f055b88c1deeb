//! Parses byte counts as written for curl, wget and aria2: `500k`, `2M`, `1.5MiB`. Pure.

/// Bytes, at least 1. `K`, `M`, `G`, `T` and `P`, in either case and with or without `iB`, are powers of 1024, as in curl,
/// wget and aria2; `KB`, `MB` and so on are powers of 1000. A `/s` at the end is allowed.
pub(crate) fn parse(text: &str) -> Result<u64, String> {
    let wrong = || "a number of bytes is written 500000, 500k, 2M or 1.5MiB".to_owned();
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
                .map_or((unit, 1024), |prefix| (prefix, 1000)),
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
    fn sizes_are_read_as_curl_wget_and_aria2_read_them() {
        for (text, bytes) in [
            ("1", 1),
            ("500000", 500_000),
            ("100b", 100),
            ("1k", 1024),
            ("1K", 1024),
            ("2M", 2 << 20),
            ("2m", 2 << 20),
            ("2MiB", 2 << 20),
            ("2mib", 2 << 20),
            ("2 MiB/s", 2 << 20),
            ("3G", 3 << 30),
            ("1t", 1 << 40),
            ("1P", 1 << 50),
            ("2.5k", 2560),
            ("1.5M", 3 << 19),
            (".5M", 1 << 19),
            ("1kB", 1000),
            ("2MB", 2_000_000),
            ("18446744073709551615", u64::MAX),
        ] {
            assert_eq!(parse(text), Ok(bytes), "{text}");
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
