//! The ranked list for a reader: two lines a record, in columns that fit.

use compiler::program::Fixed;

use crate::desk::Desk;
use crate::layout::{count, dimmed, left, listed, paragraph, right, thousands, width};
use crate::ranking::{Ranked, Ranking};
use crate::terminal::{Paint, Terminal};
use crate::words::signed;

impl Ranking {
    /// `22 contacts: 4 hot, 6 warm (2 of them certain) and 12 cold`
    pub(crate) fn summary(&self, paint: Paint) -> String {
        let routes: Vec<String> = self
            .routes
            .iter()
            .filter(|counted| counted.count > 0)
            .map(|counted| {
                let route = counted.route.as_deref().unwrap_or("without a route");
                paint.route(&self.order(), route, &format!("{} {route}", thousands(counted.count as u64)))
            })
            .collect();
        let all = count(self.scored as u64, "contact", "contacts");
        if routes.is_empty() { all } else { format!("{all}: {}", listed(&routes, "and")) }
    }

    fn order(&self) -> Vec<&str> {
        self.routes.iter().filter_map(|counted| counted.route.as_deref()).collect()
    }

    /// The list, for a reader.
    pub(crate) fn laid_out(&self, terminal: &Terminal) -> String {
        let paint = terminal.paint();
        let columns = Columns::of(self, terminal.width());
        let mut text = format!("{}\n", paint.dim(columns.row("", "", "", &self.score_name, "", "could be").trim_end()));
        for ranked in &self.contacts {
            text.push_str(&self.entry(ranked, &columns, paint));
        }
        text
    }

    fn entry(&self, ranked: &Ranked, columns: &Columns, paint: Paint) -> String {
        let route = ranked.route.as_deref().unwrap_or("–");
        let marked = match &ranked.route {
            _ if self.routes.is_empty() => String::new(),
            Some(_) if !ranked.certain => format!("{route}?"),
            _ => route.to_owned(),
        };
        let range =
            if ranked.low == ranked.high { String::new() } else { format!("{} to {}", ranked.low.0, ranked.high.0) };
        let company = ranked.contact.beside();
        let score = places(ranked.score.0, columns.places);
        let painted_route = paint.route(&self.order(), route, &left(&marked, columns.route));
        let mut text = format!(
            "{}  {}  {}  {}  {painted_route}  {}",
            right(&ranked.rank.to_string(), columns.rank),
            paint.bold(&left(&ranked.contact.title(), columns.name)),
            left(company, columns.company),
            right(&score, columns.score),
            paint.dim(&range),
        );
        text.truncate(text.trim_end().len());
        text.push('\n');
        let indent = " ".repeat(columns.rank + 2);
        let reasons: Vec<String> =
            ranked.reasons.iter().map(|line| format!("{} {}", signed(line.points.0), line.words())).collect();
        if !reasons.is_empty() {
            text.push_str(&paragraph(&indent, &reasons.join(" · "), columns.all));
        }
        if let Some(question) = ranked.questions.first().filter(|_| !ranked.certain) {
            text.push_str(&dimmed(paint, &paragraph(&indent, &format!("ask {}", question.brief()), columns.all)));
        }
        text
    }
}

/// `Stackmates by icp, as of 20 Nov 2026, 09:00 (Pacific/Auckland)`
pub(crate) fn title(desk: &Desk, score: Option<&str>, paint: Paint) -> String {
    let by = score.map(|score| format!(" by {score}")).unwrap_or_default();
    format!("{}{by}, as of {}", paint.bold(&desk.program.client.name), desk.as_of())
}

/// How wide each column is.
struct Columns {
    all: usize,
    rank: usize,
    name: usize,
    company: usize,
    score: usize,
    route: usize,
    places: usize,
}

impl Columns {
    fn of(ranking: &Ranking, all: usize) -> Self {
        let widest = |of: &dyn Fn(&Ranked) -> usize| ranking.contacts.iter().map(of).max().unwrap_or(0);
        let places = widest(&|ranked| decimals(ranked.score.0));
        let rank = widest(&|ranked| ranked.rank.to_string().len()).max(2);
        let score = widest(&|ranked| self::places(ranked.score.0, places).len()).max(width(&ranking.score_name));
        let route = widest(&|ranked| ranked.route.as_deref().map_or(1, width) + 1);
        let range = widest(&|ranked| format!("{} to {}", ranked.low.0, ranked.high.0).len());
        let rest = all.saturating_sub(rank + score + route + range + 10).max(20);
        let name = widest(&|ranked| width(&ranked.contact.title())).max(8);
        let company = widest(&|ranked| width(ranked.contact.beside()));
        let (name, company) = shared(rest, name, company);
        Self { all, rank, name, company, score, route, places }
    }

    fn row(&self, rank: &str, name: &str, company: &str, score: &str, route: &str, range: &str) -> String {
        format!(
            "{}  {}  {}  {}  {}  {range}",
            right(rank, self.rank),
            left(name, self.name),
            left(company, self.company),
            right(score, self.score),
            left(route, self.route),
        )
    }
}

/// What two columns get of the room for both: what they need, or else a fair part.
fn shared(room: usize, one: usize, other: usize) -> (usize, usize) {
    if one + other <= room {
        return (one, other);
    }
    let half = room / 2;
    if one <= half {
        (one, room - one)
    } else if other <= half {
        (room - other, other)
    } else {
        (room - half, half)
    }
}

fn decimals(number: Fixed) -> usize {
    number.to_string().split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

/// With so many decimals, so that points stand below points.
fn places(number: Fixed, places: usize) -> String {
    let text = number.to_string();
    let missing = places.saturating_sub(decimals(number));
    if missing == 0 {
        return text;
    }
    let point = if text.contains('.') { "" } else { "." };
    format!("{text}{point}{}", "0".repeat(missing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stand_below_points() {
        let number = |text: &str| text.parse::<Fixed>().unwrap();
        assert_eq!(places(number("70"), 2), "70.00");
        assert_eq!(places(number("70.5"), 2), "70.50");
        assert_eq!(places(number("70"), 0), "70");
    }

    #[test]
    fn two_columns_share_what_room_there_is() {
        assert_eq!(shared(40, 10, 20), (10, 20));
        assert_eq!(shared(40, 10, 60), (10, 30));
        assert_eq!(shared(40, 60, 10), (30, 10));
        assert_eq!(shared(40, 60, 60), (20, 20));
    }
}
