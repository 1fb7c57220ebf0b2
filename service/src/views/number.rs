//! Decimals as numbers of JSON: scores have at most six decimals, which a double keeps.

use compiler::program::Fixed;
use serde::{Serialize, Serializer};

/// A decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number(pub(crate) Fixed);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A decimal without a fraction is written as an integer.
        match self.0.to_string().parse::<i64>() {
            Ok(whole) => serializer.serialize_i64(whole),
            Err(_) => serializer.serialize_f64(self.0.to_f64()),
        }
    }
}
