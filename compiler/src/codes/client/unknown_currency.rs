//! E0701: a currency that there is not.

use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0701",
    name: "unknown-currency",
    severity: Severity::Error,
    page: r#"
A currency is written by its three letters of ISO 4217, such as NZD, USD or EUR.

```playbook wrong
client "Acme" {
  currency NZX
}
```

Write the three letters:

```playbook right
client "Acme" {
  currency NZD
}
```
"#,
};

/// The currencies that most business is done in, the first ones first.
const COMMON: &[&str] = &[
    "USD", "EUR", "GBP", "AUD", "NZD", "CAD", "CHF", "JPY", "CNY", "INR", "BRL", "SEK", "NOK", "DKK", "PLN", "CZK",
    "HUF", "SGD", "HKD", "KRW", "MXN", "ZAR", "TRY", "ILS", "AED", "THB", "IDR", "MYR", "PHP", "CLP", "COP", "RON",
    "UAH", "NGN", "KES",
];

/// What people write instead.
const CALLED: &[(&str, &str)] = &[
    ("dollar", "USD"),
    ("dollars", "USD"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("pound", "GBP"),
    ("pounds", "GBP"),
    ("yen", "JPY"),
    ("franc", "CHF"),
    ("yuan", "CNY"),
    ("rmb", "CNY"),
    ("rupee", "INR"),
    ("real", "BRL"),
    ("us", "USD"),
    ("nz", "NZD"),
];

/// The word.
pub(crate) fn diagnostic(file: FileId, name: &Name) -> Diagnostic {
    let found =
        Diagnostic::new(&CODE, format!("there is no currency `{}`", name.text), file, name.span, "not in ISO 4217");
    let called = CALLED.iter().find(|(word, _)| name.text.eq_ignore_ascii_case(word)).map(|(_, code)| *code);
    let capitals = name.text.to_uppercase();
    let known = iso_currency::Currency::from_code(&capitals).map(|_| capitals.as_str());
    match called.or(known).or_else(|| nearest(&name.text, COMMON.iter().copied())) {
        Some(meant) => {
            let edit = Edit { file, span: name.span, replacement: meant.to_owned() };
            found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None => found.help("write the three letters of ISO 4217, such as `NZD`, `USD` or `EUR`"),
    }
}
