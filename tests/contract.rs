//! The size and the names of the contract: `trait Backend` stays coarse, and none of its methods bears
//! a name of the standard (both would be methods of one value, and ambiguous in generic code).

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

/// The most methods that the contract may have.
const MOST: usize = 40;

/// The names of the methods of `trait Backend`.
fn contract() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("backends/core/src/backend.rs");
    let text = std::fs::read_to_string(path).expect("the contract's source");
    let file = syn::parse_file(&text).expect("the contract parses");
    let methods: Vec<String> = file
        .items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Trait(t) if t.ident == "Backend" => Some(&t.items),
            _ => None,
        })
        .flatten()
        .filter_map(|item| match item {
            syn::TraitItem::Fn(f) => Some(f.sig.ident.to_string()),
            _ => None,
        })
        .collect();
    assert!(!methods.is_empty(), "trait Backend was not found");
    methods
}

/// The names of the standard: functions, extensions' functions, array methods and attributes. Not those
/// of the inspection object, which is another value, so that nothing is ambiguous.
fn standard() -> BTreeSet<String> {
    let api: Value = serde_json::from_str(include_str!("data/api_2025_12.json")).unwrap();
    let functions = api["functions"].as_array().unwrap().iter();
    let functions = functions.filter(|f| f["category"] != "inspection.info").map(|f| &f["name"]);
    let attributes = api["array_attributes"].as_array().unwrap();
    functions.chain(attributes).map(|name| name.as_str().unwrap().to_string()).collect()
}

#[test]
fn the_contract_is_coarse() {
    let methods = contract();
    println!("trait Backend has {} methods, at most {MOST} are allowed", methods.len());
    assert!(methods.len() <= MOST, "{} methods: {methods:?}", methods.len());
}

#[test]
fn no_method_bears_a_name_of_the_standard() {
    let names = standard();
    // `where` is `where_` in Rust
    let clashes: Vec<String> = contract()
        .into_iter()
        .filter(|m| names.contains(m.trim_end_matches('_')) || names.contains(m))
        .collect();
    assert!(clashes.is_empty(), "the standard has functions of these names: {clashes:?}");
}
