//! A text read as strictly as XML is.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

/// An element: its name, its attributes, and the text right in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    pub(crate) text: String,
    /// What its `<title>` says.
    pub(crate) says: String,
}

impl Element {
    fn of(start: &BytesStart<'_>) -> Self {
        let string = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            let value = string(&attribute.value);
            (string(attribute.key.as_ref()), unescape(&value).unwrap().into_owned())
        });
        let (name, attributes) = (string(start.name().as_ref()), attributes.collect());
        Self { name, attributes, ..Self::default() }
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub(crate) fn number(&self, name: &str) -> f64 {
        self.attribute(name).unwrap().parse().unwrap()
    }

    pub(crate) fn is(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|classes| classes.split(' ').any(|known| known == class))
    }

    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// All elements in the order in which they begin; panics where the text is not well-formed.
#[track_caller]
pub(crate) fn elements(text: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(text);
    let (mut all, mut open): (Vec<Element>, Vec<usize>) = (Vec::new(), Vec::new());
    let add = |part: &str, open: &[usize], all: &mut Vec<Element>| {
        if let Some(at) = open.last() {
            all[*at].text.push_str(part);
        }
    };
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("at byte {}: {error}", reader.error_position())) {
            Event::Start(start) => {
                open.push(all.len());
                all.push(Element::of(&start));
            }
            Event::Empty(start) => all.push(Element::of(&start)),
            Event::End(end) => {
                let at = open.pop().unwrap();
                assert_eq!(all[at].name.as_bytes(), end.name().as_ref());
                if all[at].name == "title"
                    && let Some(of) = open.last()
                {
                    all[*of].says = all[at].text.clone();
                }
            }
            Event::Text(part) => add(std::str::from_utf8(&part).unwrap(), &open, &mut all),
            Event::GeneralRef(reference) => {
                let reference = format!("&{};", std::str::from_utf8(&reference).unwrap());
                add(&unescape(&reference).unwrap(), &open, &mut all);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty());
    all
}
