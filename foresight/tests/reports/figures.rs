//! Each kind of figure: its marks counted, and where they lie.

use foresight::figures::{
    About, Arm, Column, Columns, Compared, Figure, Histogram, Intervals, Lines, Moved, Point, Posterior, Row, Series,
    Step, calibration, columns, comparison, funnel, histogram, intervals, lines, posterior, shift,
};
use foresight::statistics::{Bin, Share};

use crate::xml::{Element, elements};

const ABOUT: About<'static> = About { id: "one", title: "A title", description: "What it shows" };

fn all(figure: &Figure) -> Vec<Element> {
    elements(&figure.svg())
}

/// Data of a figure: what says its number.
fn data(figure: &Figure, name: &str) -> Vec<Element> {
    all(figure).into_iter().filter(|element| element.name == name && !element.says.is_empty()).collect()
}

fn step(of: &str, name: &str, mean: f64) -> Step {
    Step { of: of.into(), name: name.into(), mean, low: mean * 0.8, high: mean * 1.2 }
}

fn point(value: f64) -> Option<Point> {
    Some(Point { value, interval: Some((value - 5.0, value + 5.0)), open: false })
}

fn weeks(series: Vec<Series>) -> Lines {
    Lines {
        step: "week".into(),
        steps: (1..=series[0].points.len()).map(|week| week.to_string()).collect(),
        what: "answered".into(),
        unit: "%",
        from_nought: true,
        band: Some(["from", "to"]),
        series,
    }
}

/// One of each kind.
fn every() -> Vec<Figure> {
    let steps = [step("Hunt", "Search", 100.0), step("Hunt", "Write", 40.0), step("Close", "Offer", 4.0)];
    let series = vec![
        Series { name: "one".into(), points: vec![point(10.0), None, point(30.0), point(20.0)] },
        Series { name: "other".into(), points: vec![point(11.0), point(12.0), point(13.0), point(20.5)] },
    ];
    let column = |week: &str, mean: f64| Column { step: week.into(), mean, interval: (mean / 2.0, mean * 2.0) };
    let row = |name: &str, value: Option<f64>| Row {
        name: name.into(),
        value,
        interval: value.map(|value| (value - 0.1, value + 0.1)),
        said: value.map_or("undefined".into(), |value| value.to_string()),
        ..Row::default()
    };
    let bin = |foretold: f64, hits, of| Bin {
        from: foretold - 0.05,
        to: foretold + 0.05,
        foretold,
        good: Share::new(hits, of),
    };
    let arm = |name: &str, successes, pulls| Arm { name: name.into(), successes, pulls };
    let measure = |name: &str, more: Option<(f64, (f64, f64))>| Compared {
        name: name.into(),
        unit: "",
        before: Some(3.0),
        after: more.map(|more| 3.0 + more.0),
        more,
    };
    let moved = |name: &str, before: f64, after: f64| Moved { name: name.into(), before, after, said: "moved".into() };
    vec![
        funnel(ABOUT, "runs", &steps),
        lines(ABOUT, &weeks(series)),
        columns(
            ABOUT,
            &Columns {
                step: "week".into(),
                what: "open".into(),
                between: ["from", "to"],
                columns: vec![column("1", 2.0), column("2", 4.0)],
            },
        ),
        histogram(ABOUT, "points", &Histogram { good: vec![55.0, 72.0, 100.0], others: vec![3.0, 12.0, 12.5, 55.0] }),
        calibration(ABOUT, &[bin(0.1, 1, 20), bin(0.5, 5, 10), bin(0.9, 20, 20)]),
        posterior(
            ABOUT,
            &Posterior {
                arms: vec![arm("email", 1, 20), arm("phone", 12, 20), arm("fax", 0, 0)],
                over_all: vec![Some(6.0), Some(50.0), None],
                called: "over all seeds".into(),
            },
        ),
        intervals(
            ABOUT,
            &Intervals {
                what: "AUC".into(),
                unit: "",
                nothing: Some(0.5),
                rows_are: "card".into(),
                rows: vec![row("good", Some(0.8)), row("chance", Some(0.55)), row("nobody", None)],
            },
        ),
        comparison(
            ABOUT,
            ["before", "after"],
            &[
                measure("sent", Some((2.0, (1.0, 3.0)))),
                measure("won", Some((-0.1, (-0.4, 0.2)))),
                measure("worth", None),
            ],
        ),
        shift(ABOUT, "weight", "%", "layer", &[moved("fit", 20.0, 35.0), moved("acts", 50.0, 35.0)]),
    ]
}

#[test]
fn every_figure_stands_alone_and_says_what_it_is() {
    for figure in every() {
        let svg = figure.svg();
        let elements = elements(&svg);
        let root = &elements[0];
        assert_eq!((root.name.as_str(), root.attribute("role")), ("svg", Some("img")));
        assert_eq!(root.attribute("aria-labelledby"), Some("one-title one-says"));
        let of = |name: &str, id: &str| {
            elements
                .iter()
                .find(|element| element.name == name && element.attribute("id") == Some(id))
                .unwrap()
                .text
                .clone()
        };
        assert_eq!((of("title", "one-title"), of("desc", "one-says")), ("A title".into(), "What it shows".into()));
        let foreign = svg.replace("http://www.w3.org/2000/svg", "");
        assert!(!foreign.contains("http") && !svg.contains("url(") && !svg.contains("href"), "{svg}");
        assert!(
            elements
                .iter()
                .all(|element| !["script", "image", "use", "foreignObject"].contains(&element.name.as_str()))
        );
        assert!(elements.iter().all(|element| element.attributes().all(|(name, _)| !name.starts_with("on"))));
        assert!(!figure.element().contains("xmlns") && !figure.element().contains("<style"));
    }
}

#[test]
fn nothing_lies_outside_the_picture() {
    for figure in every() {
        let elements = all(&figure);
        let frame: Vec<f64> =
            elements[0].attribute("viewBox").unwrap().split(' ').map(|part| part.parse().unwrap()).collect();
        let (left, top) = (frame[0] - 0.01, frame[1] - 0.01);
        let (right, bottom) = (frame[0] + frame[2] + 0.01, frame[1] + frame[3] + 0.01);
        for element in &elements[1..] {
            let places: Vec<(f64, f64)> = match element.name.as_str() {
                "rect" => vec![
                    (element.number("x"), element.number("y")),
                    (element.number("x") + element.number("width"), element.number("y") + element.number("height")),
                ],
                "circle" => vec![(element.number("cx"), element.number("cy"))],
                "text" => vec![(element.number("x"), element.number("y"))],
                "polyline" | "polygon" => places(element),
                _ => continue,
            };
            for (x, y) in places {
                assert!((left..=right).contains(&x) && (top..=bottom).contains(&y), "{element:?}");
            }
        }
    }
}

fn places(element: &Element) -> Vec<(f64, f64)> {
    let place = |place: &str| {
        let (x, y) = place.split_once(',').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    };
    element.attribute("points").unwrap().split(' ').map(place).collect()
}

#[test]
fn a_funnels_bars_are_as_long_as_their_numbers() {
    let figure = &every()[0];
    let bars = data(figure, "rect");
    assert_eq!(bars.len(), 3);
    let wide: Vec<f64> = bars.iter().map(|bar| bar.number("width")).collect();
    assert!((wide[0] / wide[1] - 2.5).abs() < 0.01 && (wide[0] / wide[2] - 25.0).abs() < 0.1, "{wide:?}");
    assert_eq!(bars[1].says, "Hunt.Write: 40 (32 to 48) runs");
    assert_eq!(figure.numbers.rows[2], ["Close.Offer", "4", "3.2", "4.8"]);
}

#[test]
fn lines_rise_with_their_numbers_and_break_where_there_are_none() {
    let figure = &every()[1];
    let dots = data(figure, "circle");
    assert_eq!(dots.len(), 7);
    let one: Vec<(f64, f64)> =
        dots.iter().filter(|dot| dot.is("f-0")).map(|dot| (dot.number("cx"), dot.number("cy"))).collect();
    // 10, 30, 20: upwards is less.
    assert!(one[0].1 > one[2].1 && one[2].1 > one[1].1, "{one:?}");
    assert!((one[0].1 - one[2].1 - (one[2].1 - one[1].1)).abs() < 0.02);
    assert!((one[1].0 - one[0].0 - 2.0 * (one[2].0 - one[1].0)).abs() < 0.02, "a step is as wide as a step");
    let of = |elements: Vec<Element>, class: &str| elements.into_iter().filter(|element| element.is(class)).count();
    let drawn: Vec<Element> = all(figure).into_iter().filter(|element| element.name == "polyline").collect();
    assert_eq!((of(drawn.clone(), "f-0"), of(drawn, "f-1")), (2, 1), "the first line has a gap");
    assert_eq!(figure.numbers.rows[1][1], "undefined");
    // Names at their ends, apart although the ends are close.
    let names: Vec<f64> = all(figure)
        .iter()
        .filter(|text| text.name == "text" && ["one", "other"].contains(&text.text.as_str()))
        .map(|text| text.number("y"))
        .collect();
    assert!(names.len() == 2 && (names[0] - names[1]).abs() >= 14.0, "{names:?}");
}

#[test]
fn columns_and_their_intervals_stand_on_nought() {
    let bars = data(&every()[2], "rect");
    let high: Vec<f64> = bars.iter().map(|bar| bar.number("height")).collect();
    assert!(bars.len() == 2 && (high[1] / high[0] - 2.0).abs() < 0.01, "{high:?}");
    assert_eq!(bars[1].says, "week 2: 4 (2 to 8)");
    assert_eq!(data(&every()[2], "polyline").len(), 2);
}

#[test]
fn a_histogram_counts_every_score_once() {
    let figure = &every()[3];
    let counted =
        |column: usize| figure.numbers.rows.iter().map(|row| row[column].parse::<u64>().unwrap()).sum::<u64>();
    assert_eq!((counted(1), counted(3)), (3, 4));
    let of = |row: &str| figure.numbers.rows.iter().find(|known| known[0] == row).unwrap().clone();
    assert_eq!(of("10 to 20")[3..], ["2", "50%"]);
    assert_eq!(of("90 to 100")[1], "1", "the last piece holds its end");
    // One panel above the other, by the same scale: 2 of 4 are higher than 1 of 3.
    let bars = data(figure, "rect");
    let height = |says: &str| bars.iter().find(|bar| bar.says.starts_with(says)).unwrap().number("height");
    assert!((height("10 to 20") / height("90 to 100") - 1.5).abs() < 0.02);
}

#[test]
fn calibration_lies_on_the_diagonal_where_it_is_right() {
    let dots = data(&every()[4], "circle");
    assert_eq!(dots.len(), 3);
    let right = &dots[1];
    let diagonal = all(&every()[4])
        .into_iter()
        .filter(|line| line.name == "polyline")
        .map(|line| places(&line))
        .find(|places| places.len() == 2 && places[0].0 != places[1].0 && places[0].1 != places[1].1)
        .unwrap();
    let share = (right.number("cx") - diagonal[0].0) / (diagonal[1].0 - diagonal[0].0);
    let up = (right.number("cy") - diagonal[0].1) / (diagonal[1].1 - diagonal[0].1);
    assert!((share - 0.5).abs() < 1e-3 && (up - 0.5).abs() < 1e-3, "{share} {up}");
    assert!(dots[0].says.starts_with("foretold 10%: 1 of 20"), "{}", dots[0].says);
}

#[test]
fn posteriors_peak_where_successes_are() {
    let figure = &every()[5];
    let curves: Vec<Vec<(f64, f64)>> =
        data(figure, "polyline").iter().filter(|line| line.is("f-0")).map(places).collect();
    let peak = |curve: &[(f64, f64)]| curve.iter().copied().min_by(|one, other| one.1.total_cmp(&other.1)).unwrap();
    assert_eq!(curves.len(), 3);
    assert!(peak(&curves[0]).0 < peak(&curves[1]).0);
    assert_eq!(figure.numbers.rows[2], ["fax", "0", "0", "undefined", "2.5%", "97.5%", "undefined"]);
}

#[test]
fn intervals_that_may_be_chance_are_hollow_and_what_is_undefined_has_no_mark() {
    let dots = data(&every()[6], "circle");
    let hollow: Vec<bool> = dots.iter().map(|dot| dot.is("f-hollow")).collect();
    assert_eq!(hollow, [false, true]);
    assert_eq!(every()[6].numbers.rows[2], ["nobody", "undefined"]);
}

#[test]
fn a_comparison_has_more_to_the_right() {
    let dots = data(&every()[7], "circle");
    assert_eq!(dots.len(), 2);
    assert!(dots[0].number("cx") > dots[1].number("cx"));
    assert_eq!((dots[0].is("f-hollow"), dots[1].is("f-hollow")), (false, true));
    assert_eq!(every()[7].numbers.rows[0], ["sent", "3", "5", "+2", "+1", "+3"]);
    assert_eq!(every()[7].numbers.rows[2][3..], ["undefined", "undefined", "undefined"]);
}

#[test]
fn words_are_never_markup() {
    let nasty = r#"<script>alert("1")</script> & 'x' ]]>"#;
    let about = About { id: "nasty", title: nasty, description: nasty };
    let given = Histogram { good: vec![1.0], others: vec![2.0] };
    let rows = vec![Row { name: nasty.into(), value: Some(1.0), said: nasty.into(), ..Row::default() }];
    let steps = [Step { of: nasty.into(), name: nasty.into(), mean: 1.0, low: 1.0, high: 1.0 }];
    for figure in [
        histogram(about, nasty, &given),
        funnel(about, nasty, &steps),
        intervals(about, &Intervals { what: nasty.into(), rows, ..Intervals::default() }),
    ] {
        let elements = all(&figure);
        assert!(elements.iter().all(|element| element.name != "script"));
        assert_eq!(elements.iter().find(|element| element.name == "desc").unwrap().text, nasty);
    }
}

#[test]
fn nothing_at_all_is_drawn_too() {
    for figure in [
        funnel(ABOUT, "runs", &[]),
        lines(ABOUT, &weeks(vec![Series { name: String::new(), points: vec![None, None] }])),
        histogram(ABOUT, "points", &Histogram::default()),
        calibration(ABOUT, &[]),
        posterior(ABOUT, &Posterior::default()),
        intervals(ABOUT, &Intervals::default()),
        comparison(ABOUT, ["a", "b"], &[]),
        shift(ABOUT, "weight", "%", "layer", &[]),
    ] {
        assert!(all(&figure).len() > 3);
        assert!(!figure.svg().contains("NaN") && !figure.svg().contains("inf"), "{}", figure.svg());
        assert!(figure.png(1.0).is_ok());
    }
}

#[test]
fn pictures_are_painted_with_their_letters() {
    for figure in every() {
        let png = figure.png(2.0).unwrap();
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
        let width = u32::from_be_bytes(png[16..20].try_into().unwrap());
        assert_eq!(width, 1512);
        // As large as something that is not all white: letters and marks do not press into a few hundred bytes.
        assert!(png.len() > 4_000, "{} bytes", png.len());
        assert_eq!(png, figure.png(2.0).unwrap(), "the same bytes again");
    }
    assert!(every()[0].png(0.0).is_err());
}
