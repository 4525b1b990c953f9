//! Texts about a model, for products that write more than Rust from it.

pub use crate::emit::{doc, evidence_word, one_line, prose, result_sentence, seen};
