//! Formats tokens as the text of a file. The output is the same on every machine.

use proc_macro2::TokenStream;

/// Formats the items of a file. `header` is written before them unchanged.
///
/// # Panics
/// If the tokens are not valid Rust, which is a bug in this crate.
pub(super) fn format(header: &str, tokens: TokenStream) -> String {
    let file: syn::File = syn::parse2(tokens).expect("the generator writes Rust");
    let mut text = header.to_owned();
    push_part(&mut text, &unparse(file.attrs, Vec::new()));
    let mut before = None;
    for item in file.items {
        let kind = std::mem::discriminant(&item);
        // Imports and module declarations follow each other without blank lines. Other items are separated by one.
        let together = matches!(item, syn::Item::Use(_) | syn::Item::Mod(_)) && before == Some(kind);
        before = Some(kind);
        let part = tighten(unparse(Vec::new(), vec![item]));
        if together {
            text.push_str(&part);
        } else {
            push_part(&mut text, &space_out(&part));
        }
    }
    text
}

fn unparse(attrs: Vec<syn::Attribute>, items: Vec<syn::Item>) -> String {
    prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs,
        items,
    })
}

fn push_part(text: &mut String, part: &str) {
    if !part.is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(part);
    }
}

/// Removes the spaces that the formatter puts into the type in a macro call.
fn tighten(item: String) -> String {
    if item.contains("::request!(") {
        item.replace(" < ", "<").replace(" >", ">")
    } else {
        item
    }
}

/// Puts a blank line between the functions of a block.
fn space_out(item: &str) -> String {
    let mut text = String::with_capacity(item.len());
    let mut lines = item.lines().peekable();
    while let Some(line) = lines.next() {
        text.push_str(line);
        text.push('\n');
        if line == "    }" && lines.peek().is_some_and(|next| *next != "}") {
            text.push('\n');
        }
    }
    text
}
