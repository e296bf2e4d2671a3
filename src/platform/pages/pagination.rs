//! The numbered links below a long list: the first and last page, the neighbours of this one, and gaps between.

use serde::Serialize;

/// What the `pagination` component takes: `{% if pages.items %}{{ <pagination {...pages} /> }}{% endif %}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pagination {
    /// The numbers and gaps; empty when one page holds everything.
    pub items: Vec<PageLink>,
    /// The page before.
    pub previous: Step,
    /// The page after.
    pub next: Step,
}

/// One number, or a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageLink {
    number: u64,
    href: String,
    current: bool,
    ellipsis: bool,
}

/// A step to a neighbour; without one there is no address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Step {
    #[serde(skip_serializing_if = "String::is_empty")]
    href: String,
}

impl Pagination {
    /// The links for page `current` (from 1) of `total` entries in pages of `size`; `href` gives a page's address.
    pub fn new(current: u64, total: u64, size: u64, href: impl Fn(u64) -> String) -> Self {
        let last = total.div_ceil(size.max(1));
        if last <= 1 {
            return Self::default();
        }
        let current = current.clamp(1, last);
        let mut items = Vec::new();
        let mut before = 0;
        let shown = |page: u64| page == 1 || page == last || page.abs_diff(current) <= 1;
        for page in
            (1..=last.min(1)).chain(current.saturating_sub(1).max(2)..=(current + 1).min(last)).chain([last])
        {
            if page <= before || !shown(page) {
                continue;
            }
            if page > before + 1 {
                // A gap of one page is shown as that page: the gap would be no shorter.
                let ellipsis = page > before + 2;
                items.push(PageLink { number: before + 1, href: href(before + 1), current: false, ellipsis });
            }
            items.push(PageLink {
                number: page,
                href: href(page),
                current: page == current,
                ellipsis: false,
            });
            before = page;
        }
        let step = |page: Option<u64>| Step { href: page.map(&href).unwrap_or_default() };
        Self {
            items,
            previous: step((current > 1).then(|| current - 1)),
            next: step((current < last).then(|| current + 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(current: u64, total: u64) -> String {
        let links = Pagination::new(current, total, 10, |page| format!("?page={page}"));
        let words: Vec<String> = links
            .items
            .iter()
            .map(|item| match (item.ellipsis, item.current) {
                (true, _) => "..".to_owned(),
                (_, true) => format!("[{}]", item.number),
                _ => item.number.to_string(),
            })
            .collect();
        format!("{} {} {}", links.previous.href, words.join(" "), links.next.href).trim().to_owned()
    }

    #[test]
    fn the_links_name_the_ends_and_the_neighbours() {
        assert_eq!(shape(1, 0), "");
        assert_eq!(shape(1, 10), "");
        assert_eq!(shape(1, 11), "[1] 2 ?page=2");
        assert_eq!(shape(1, 100), "[1] 2 .. 10 ?page=2");
        assert_eq!(shape(3, 100), "?page=2 1 2 [3] 4 .. 10 ?page=4");
        assert_eq!(shape(4, 100), "?page=3 1 2 3 [4] 5 .. 10 ?page=5");
        assert_eq!(shape(5, 100), "?page=4 1 .. 4 [5] 6 .. 10 ?page=6");
        assert_eq!(shape(8, 100), "?page=7 1 .. 7 [8] 9 10 ?page=9");
        assert_eq!(shape(10, 100), "?page=9 1 .. 9 [10]");
        assert_eq!(shape(99, 100), "?page=9 1 .. 9 [10]");
    }
}
