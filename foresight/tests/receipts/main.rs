//! Receipts from outside: what is signed can be checked, and nothing that was changed passes.

#[cfg(test)]
mod tests {
    use foresight::receipts::{Flaw, Issuer, Receipt, Signed, SigningKey, Standing, VERSION, verify};
    use proptest::prelude::*;
    use serde_json::json;

    fn key() -> SigningKey {
        SigningKey::new(&[7; 32])
    }

    fn receipt() -> Receipt {
        Receipt {
            version: VERSION,
            kind: "qualification_proof".to_owned(),
            issuer: Issuer { client: "Acmé & Söhne".to_owned(), key: key().public() },
            subject: "00112233445566778899aabbccddeeff".to_owned(),
            name: None,
            at: "2026-11-20T09:00:00Z".to_owned(),
            standing: Standing { number: 812, of: "entry".to_owned(), playbook: Some("abc".to_owned()) },
            content: json!({ "outcome": { "is": "handed off" }, "icp": { "value": "71.5", "certain": true } })
                .as_object()
                .unwrap()
                .clone(),
        }
    }

    fn line(receipt: Receipt) -> String {
        receipt.signed(&key()).unwrap().line().unwrap()
    }

    #[test]
    fn the_signed_bytes_are_canonical() {
        // Sorted keys, no blanks, letters as they are: RFC 8785.
        let text = String::from_utf8(receipt().canonical().unwrap()).unwrap();
        insta::assert_snapshot!(text, @r#"{"at":"2026-11-20T09:00:00Z","content":{"icp":{"certain":true,"value":"71.5"},"outcome":{"is":"handed off"}},"issuer":{"client":"Acmé & Söhne","key":"ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c"},"kind":"qualification_proof","standing":{"number":812,"of":"entry","playbook":"abc"},"subject":"00112233445566778899aabbccddeeff","version":1}"#);
    }

    #[test]
    fn what_is_signed_can_be_checked_however_it_is_laid_out() {
        let line = line(receipt());
        let pretty = serde_json::to_string(&serde_json::from_str::<serde_json::Value>(&line).unwrap()).unwrap();
        for text in [line, pretty] {
            let checked = verify(&text, None);
            assert_eq!(checked.len(), 1);
            assert_eq!(checked[0].found.as_ref().unwrap().receipt, receipt());
        }
    }

    #[test]
    fn another_key_a_later_form_and_somebody_elses_signature_are_told_apart() {
        let mine = receipt().signed(&key()).unwrap();
        let flaw =
            |signed: &Signed, key: Option<&str>| verify(&signed.line().unwrap(), key)[0].found.clone().unwrap_err();
        assert_eq!(flaw(&mine, Some(&"0".repeat(64))), Flaw::Stranger(key().public()));
        let other = SigningKey::new(&[8; 32]);
        assert_eq!(flaw(&receipt().signed(&other).unwrap(), None), Flaw::Signature);
        let later = Receipt { version: 9, ..receipt() }.signed(&key()).unwrap();
        assert_eq!(flaw(&later, None), Flaw::Newer(9));
        let nothing = Signed { signature: String::new(), ..mine };
        assert_eq!(flaw(&nothing, None), Flaw::SignatureForm);
        assert!(matches!(verify("{}", None)[0].found, Err(Flaw::Unreadable(_))));
    }

    #[test]
    fn a_key_is_read_as_it_was_written_and_shown_nowhere() {
        assert_eq!(SigningKey::read(&"07".repeat(32)).unwrap().public(), key().public());
        for wrong in ["", "07", &"zz".repeat(32), &"07".repeat(33)] {
            let error = SigningKey::read(wrong).unwrap_err().to_string();
            assert_eq!(error, "a signing key is 64 hexadecimal digits");
        }
        assert!(!format!("{:?}", key()).contains("0707"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        /// Whatever character is put in whatever place: what is still read as a right receipt says what was signed.
        #[test]
        fn nothing_that_was_changed_passes(at in any::<prop::sample::Index>(), with in "[0-9a-z\"{}:, .A]") {
            let line = line(receipt());
            let places: Vec<(usize, char)> = line.char_indices().collect();
            let (place, old) = places[at.index(places.len())];
            let mut changed = line.clone();
            changed.replace_range(place..place + old.len_utf8(), &with);
            for checked in verify(&changed, None) {
                if let Ok(signed) = checked.found {
                    prop_assert_eq!(signed.receipt, receipt());
                }
            }
        }
    }
}
