//! Whatever the bytes: the tokens tile the text, and formatting twice is formatting once.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let parsed = language::parse(&text);
    let mut at = 0;
    for index in 0..parsed.tokens.len() {
        let span = parsed.tokens.span(index);
        assert_eq!(span.start, at);
        at = span.end;
    }
    assert_eq!(at as usize, text.len());
    let once = language::format(&text).text;
    assert_eq!(language::format(&once).text, once);
});
