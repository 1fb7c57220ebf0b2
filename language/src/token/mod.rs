//! What a text is made of: the one list of tokens, lexed once. Knows no grammar: a word is a keyword only where the
//! grammar asks for it.

mod literals;
mod table;

pub use table::Tokens;

use logos::Logos;

/// Makes [`Token`] from its three lists, so that the lexer, the grammar's alphabet and the words of messages agree.
macro_rules! tokens {
    (
        trivia and literals { $($(#[$attribute:meta])* $literal:ident $described:literal,)* }
        punctuation { $($mark:ident $sign:tt,)* }
        keywords { $($keyword:ident $word:tt,)* }
    ) => {
        /// One kind of token.
        #[derive(Logos, Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "they are what they are called, and written out beside their names")]
        pub enum Token {
            $($(#[$attribute])* $literal,)*
            $(#[token($sign)] $mark,)*
            $(#[token($word)] $keyword,)*
            #[regex(r"[A-Za-z_][A-Za-z0-9_]*", priority = 1)]
            Word,
            #[regex(r"[A-Z][A-Z][A-Z]", priority = 20)]
            Capitals,
        }

        impl Token {
            /// Every kind, in the order of the alphabet.
            pub const ALL: &[Self] =
                &[$(Self::$literal,)* $(Self::$mark,)* $(Self::$keyword,)* Self::Word, Self::Capitals];

            /// As messages name it: a keyword in backticks, anything else in words.
            #[must_use]
            pub const fn described(self) -> &'static str {
                match self {
                    $(Self::$literal => $described,)*
                    $(Self::$mark => concat!("`", $sign, "`"),)*
                    $(Self::$keyword => concat!("`", $word, "`"),)*
                    Self::Capitals => "a currency such as `NZD`",
                    Self::Word => "a name",
                }
            }

            /// The word itself, of a keyword.
            #[must_use]
            pub const fn keyword(self) -> Option<&'static str> {
                match self {
                    $(Self::$keyword => Some($word),)*
                    _ => None,
                }
            }
        }
    };
}

tokens! {
    trivia and literals {
        #[regex(r"[ \t]+")] Blank "a blank",
        // What stands behind a byte order mark stands in column 0, as behind a line end.
        #[regex(r"\r?\n|\r|\u{feff}")] LineEnd "the end of the line",
        #[token("//", literals::comment)] Comment "a comment",
        Doc "a comment",
        Unknown "an unknown character",
        #[token("\"", literals::text)] Text "a text in quotes",
        #[token("\"\"\"", literals::long_text)] LongText "a text in quotes",
        UnclosedText "a text in quotes",
        UnclosedLongText "a text in quotes",
        #[regex(r"[0-9][0-9_]*(\.[0-9][0-9_]*)?[A-Za-z0-9_]*", priority = 2)] Number "a number",
        #[regex(r"[0-9][0-9_]*(\.[0-9][0-9_]*)?%")] Percent "a percentage such as `20%`",
        #[regex(r"[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]")] DateLiteral "a date such as `2026-03-01`",
        #[regex(r"[0-9][0-9]?:[0-9][0-9]")] TimeLiteral "a time such as `08:30`",
        Block "`{`",
    }
    punctuation {
        LeftBrace "{", RightBrace "}", LeftBracket "[", RightBracket "]", LeftParenthesis "(", RightParenthesis ")",
        Comma ",", Colon ":", Dot ".", Question "?", Bar "|", Plus "+", Minus "-", Star "*", Slash "/",
        Less "<", LessOrEqual "<=", Greater ">", GreaterOrEqual ">=", Equal "=", DoubleEqual "==", NotEqual "!=",
    }
    keywords {
        // Words that may begin a condition or a term other than a name: kept together, so that the grammar can tell.
        Not "not", AnyWord "any", No "no", At "at", Exactly "exactly", Yes "yes", Count "count", Average "average",
        Median "median", Sum "sum", Highest "highest", Lowest "lowest", Latest "latest", Today "today", Now "now",
        // Declarations.
        Client "client", Use "use", Entity "entity", Extend "extend", Event "event", Fact "fact", Score "score",
        Phrases "phrases", Objection "objection", Source "source", Test "test", Refine "refine", Agent "agent",
        Permissions "permissions", Priority "priority", Contact "contact", Policy "policy", Action "action",
        Template "template", Experiment "experiment", Workflow "workflow", Feedback "feedback", Goal "goal",
        Publish "publish", Forecast "forecast", Rubric "rubric", Scenario "scenario",
        Backtest "backtest",
        // Clients and types.
        Currency "currency", Timezone "timezone", Hours "hours", People "people", Holidays "holidays", Allow "allow",
        Mon "mon", Tue "tue", Wed "wed", Thu "thu", Fri "fri", Sat "sat", Sun "sun",
        One "one", Of "of", List "list", Hidden "hidden", Remove "remove",
        // Scores.
        For "for", Fading "fading", By "by", Half "half", Every "every", Layer "layer", Weight "weight", Once "once",
        Is "is", Reported "reported", When "when", Because "because", Each "each", Up "up", To "to", Route "route",
        Otherwise "otherwise", Learn "learn", Kill "kill", Good "good", Bad "bad", On "on", After "after",
        Trust "trust", Learned "learned", Decisions "decisions", Keep "keep", From "from", Adopt "adopt", Approved "approved",
        Scored "scored", Bring "bring", Fewer "fewer", Than "than", Within "within", Pause "pause", Ask "ask",
        Diagnose "diagnose",
        // Conditions and terms.
        And "and", Or "or", Least "least", Most "most", Conversation "conversation", Mentions "mentions", In "in", The "the", Last "last", Where "where",
        Missing "missing", Known "known", Certainly "certainly", Provisionally "provisionally", Has "has", All "all",
        None "none", Starts "starts", Ends "ends", Contains "contains",
        Fell "fell", Rose "rose", Against "against", Before "before",
        Second "second", Seconds "seconds", Minute "minute", Minutes "minutes", Hour "hour", Day "day", Days "days",
        Week "week", Weeks "weeks", Month "month", Months "months", Year "year", Years "years", Business "business",
        // Sources and tests.
        Into "into", Existing "existing", Signature "signature", Reports "reports", Since "since", Until "until",
        Decimal "decimal", CommaWord "comma", Separator "separator", Encoding "encoding", Split "split",
        Means "means", Mean "mean", Others "others", As "as", Date "date", Time "time", Lookup "lookup",
        Create "create", Given "given", Silent "silent", Ago "ago", Expect "expect", Asks "asks",
        Nothing "nothing", Could "could", Reach "reach", Fall "fall", Tries "tries", Denied "denied",
        Allowed "allowed",
        // The team, messages, workflows and goals.
        Runs "runs", Hands "hands", Read "read", Write "write", Human "human", Over "over", While "while",
        Consent "consent", Unsubscribe "unsubscribe", Honoured "honoured", Quiet "quiet", Outside "outside",
        Per "per", Subject "subject", Body "body", Try "try", Success "success", Status "status", Draft "draft",
        Documented "documented", Measured "measured", Start "start", Rises "rises", Above "above", Falls "falls",
        Below "below", Stage "stage", Times "times", Then "then", Only "only", Else "else", Do "do", Via "via",
        With "with", Require "require", Remind "remind", Next "next", Handoff "handoff", Brief "brief", Top "top",
        Open "open", Accepted "accepted", Share "share", A "a", Row "row", Reason "reason", End "end",
        Under "under", Entering "entering", Leads "leads", Seed "seed", Buyer "buyer", Internal "internal",
        External "external", Cost "cost", Confirmed "confirmed", Wait "wait", Stop "stop",
        // What happens in a test.
        Pass "pass", Passes "passes", Approves "approves", Rejects "rejects", Rates "rates",
        // Scenarios, back-tests and experiments.
        Seeds "seeds", Judge "judge", Choose "choose", Hold "hold", Out "out", Forget "forget", Best "best",
    }
}

impl Token {
    /// Blanks, line ends and comments: kept for the formatter, invisible to the grammar.
    #[must_use]
    pub const fn is_trivia(self) -> bool {
        matches!(self, Self::Blank | Self::LineEnd | Self::Comment | Self::Doc)
    }

    /// Whether it can be a name: any word can.
    #[must_use]
    pub const fn is_word(self) -> bool {
        self as u16 >= Self::Not as u16
    }

    /// Whether nothing can be read from the clause that it stands in.
    pub(crate) const fn is_damage(self) -> bool {
        matches!(self, Self::Unknown | Self::UnclosedText | Self::UnclosedLongText)
    }

    /// Whether it starts a declaration in column 0 (`contact` does with `policy` behind it only).
    #[must_use]
    pub const fn starts_declaration(self) -> bool {
        let code = self as u16;
        code >= Self::Client as u16 && code <= Self::Backtest as u16 && !matches!(self, Self::Policy)
    }

    /// The character that stands for it in the grammar's input: two bytes each, so that half an offset counts tokens.
    pub(crate) const fn code(self) -> char {
        let number = 0x80 + self as u32;
        // Two bytes of UTF-8 hold U+0080 to U+07FF, none of which is a surrogate.
        match char::from_u32(number) {
            Some(character) => character,
            None => '\u{80}',
        }
    }

    /// Its name in the grammar: `LEFT_BRACE` for [`Token::LeftBrace`].
    pub(crate) fn rule_name(self) -> String {
        let mut name = String::new();
        for character in format!("{self:?}").chars() {
            if character.is_ascii_uppercase() && !name.is_empty() {
                name.push('_');
            }
            name.push(character.to_ascii_uppercase());
        }
        name
    }
}
