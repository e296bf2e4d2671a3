//! What was measured, as a Markdown table.

use super::run::Outcome;

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Row {
    /// What was asked for.
    pub name: String,
    /// Connections at once.
    pub connections: usize,
    /// What was measured.
    pub outcome: Outcome,
}

/// The table, with a final newline.
pub fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| what | connections | requests/s | p50 ms | p95 ms | p99 ms | CPU ms/request | fsyncs/request | PSS MiB |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for Row { name, connections, outcome } in rows {
        let ms = |micros: u64| format!("{:.2}", micros as f64 / 1000.0);
        let or_dash = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        let cells = [
            name.clone(),
            connections.to_string(),
            thousands(outcome.rate().round() as u64),
            ms(outcome.p50),
            ms(outcome.p95),
            ms(outcome.p99),
            or_dash(outcome.cpu_ms.map(|cpu| format!("{cpu:.3}"))),
            or_dash(outcome.fsyncs.map(|count| format!("{count:.3}"))),
            or_dash(outcome.pss_kib.map(|kib| format!("{:.1}", kib as f64 / 1024.0))),
        ];
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}

/// 1234567 as 1,234,567.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
