//! The surface: everything that the standard names exists, under its name and with its parameters.
//!
//! `tests/data/api_2025_12.json` lists the standard. Functions and parameters are compared with the
//! source of `trait Namespace` and of the options, which are parsed; operators and array methods are
//! used, so that what is missing does not compile.

#[cfg(feature = "cpu")]
#[macro_use]
mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use syn::parse::ParseStream;

/// Names that Rust reserves.
const RENAMED: [(&str, &str); 1] = [("where", "where_")];

/// Parameters that are left out everywhere, for they have no meaning in Rust: `stream` is about libraries
/// of Python that share a device, `api_version` about asking one module for another revision.
const WITHOUT_MEANING: [&str; 2] = ["stream", "api_version"];

/// Argument types that stand for keyword parameters of these names.
const KEYWORD_TYPES: [(&str, &[&str]); 7] = [
    ("Axis", &["axis"]),
    ("Axes", &["axis", "axes"]),
    ("Side", &["side"]),
    ("Indexing", &["indexing"]),
    ("Device", &["device"]),
    ("DType", &["dtype"]),
    ("DTypeKind", &["kind"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn api() -> Value {
    serde_json::from_str(include_str!("data/api_2025_12.json")).unwrap()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect()
}

fn parse(path: &Path) -> syn::File {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The Rust files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut out = vec![];
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
    out
}

/// A method: the names of its parameters without the receiver, and the types in each.
struct Method {
    parameters: Vec<(String, Vec<String>)>,
}

impl Method {
    fn new(sig: &syn::Signature) -> Method {
        let parameters = sig
            .inputs
            .iter()
            .filter_map(|input| match input {
                syn::FnArg::Receiver(_) => None,
                syn::FnArg::Typed(typed) => {
                    let syn::Pat::Ident(name) = &*typed.pat else { panic!("a pattern for a name") };
                    let mut types = vec![];
                    type_names(&typed.ty, &mut types);
                    Some((name.ident.to_string(), types))
                }
            })
            .collect();
        Method { parameters }
    }
}

/// The last segments of all paths in a type.
fn type_names(ty: &syn::Type, out: &mut Vec<String>) {
    match ty {
        syn::Type::Path(path) => path_names(&path.path, out),
        syn::Type::Reference(inner) => type_names(&inner.elem, out),
        syn::Type::Slice(inner) => type_names(&inner.elem, out),
        syn::Type::Array(inner) => type_names(&inner.elem, out),
        syn::Type::Tuple(inner) => inner.elems.iter().for_each(|t| type_names(t, out)),
        syn::Type::ImplTrait(inner) => {
            for bound in &inner.bounds {
                if let syn::TypeParamBound::Trait(bound) = bound {
                    path_names(&bound.path, out);
                }
            }
        }
        _ => {}
    }
}

fn path_names(path: &syn::Path, out: &mut Vec<String>) {
    let Some(last) = path.segments.last() else { return };
    out.push(last.ident.to_string());
    if let syn::PathArguments::AngleBracketed(arguments) = &last.arguments {
        for argument in &arguments.args {
            match argument {
                syn::GenericArgument::Type(ty) => type_names(ty, out),
                syn::GenericArgument::AssocType(assoc) => type_names(&assoc.ty, out),
                syn::GenericArgument::Constraint(constraint) => {
                    for bound in &constraint.bounds {
                        if let syn::TypeParamBound::Trait(bound) = bound {
                            path_names(&bound.path, out);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// The methods of `trait Namespace`.
fn namespace() -> BTreeMap<String, Method> {
    let file = parse(&root().join("src/namespace/mod.rs"));
    let items = file.items.iter().filter_map(|item| match item {
        syn::Item::Trait(t) if t.ident == "Namespace" => Some(&t.items),
        _ => None,
    });
    items
        .flatten()
        .filter_map(|item| match item {
            syn::TraitItem::Fn(f) => Some((f.sig.ident.to_string(), Method::new(&f.sig))),
            _ => None,
        })
        .collect()
}

/// The public inherent methods of a type, wherever its `impl` blocks are.
fn methods_of(type_name: &str) -> BTreeMap<String, Method> {
    let mut out = BTreeMap::new();
    for path in sources(&root().join("src")) {
        for item in parse(&path).items {
            let syn::Item::Impl(block) = item else { continue };
            let mut names = vec![];
            type_names(&block.self_ty, &mut names);
            if block.trait_.is_some() || names.first().is_none_or(|n| n != type_name) {
                continue;
            }
            for item in block.items {
                if let syn::ImplItem::Fn(f) = item
                    && matches!(f.vis, syn::Visibility::Public(_))
                {
                    out.insert(f.sig.ident.to_string(), Method::new(&f.sig));
                }
            }
        }
    }
    out
}

/// The options types and their setters: `options! { Name ... { field: ...; } }`.
fn options() -> BTreeMap<String, BTreeSet<String>> {
    let mut out = BTreeMap::new();
    for item in parse(&root().join("src/options.rs")).items {
        if let syn::Item::Macro(invocation) = item
            && invocation.mac.path.is_ident("options")
        {
            let (name, fields) = invocation.mac.parse_body_with(options_type).expect("options!");
            out.insert(name, fields);
        }
    }
    assert!(!out.is_empty(), "no options! was found");
    out
}

/// `Name [generics] [parameters] { field: Type = default, Argument; ... }`, with attributes.
fn options_type(input: ParseStream<'_>) -> syn::Result<(String, BTreeSet<String>)> {
    input.call(syn::Attribute::parse_outer)?;
    let name: syn::Ident = input.parse()?;
    while input.peek(syn::token::Bracket) {
        let generics;
        syn::bracketed!(generics in input);
        generics.step(|cursor| {
            let mut rest = *cursor;
            while let Some((_, next)) = rest.token_tree() {
                rest = next;
            }
            Ok(((), rest))
        })?;
    }
    let (body, mut fields) = (
        {
            let body;
            syn::braced!(body in input);
            body
        },
        BTreeSet::new(),
    );
    while !body.is_empty() {
        body.call(syn::Attribute::parse_outer)?;
        let field: syn::Ident = body.parse()?;
        body.parse::<syn::Token![:]>()?;
        body.parse::<syn::Type>()?;
        body.parse::<syn::Token![=]>()?;
        body.parse::<syn::Expr>()?;
        body.parse::<syn::Token![,]>()?;
        body.parse::<syn::Type>()?;
        body.parse::<syn::Token![;]>()?;
        fields.insert(field.to_string());
    }
    Ok((name.to_string(), fields))
}

/// The standard's name in Rust.
fn rust_name(name: &str) -> &str {
    RENAMED.iter().find(|(standard, _)| *standard == name).map_or(name, |(_, rust)| rust)
}

/// Whether a Rust parameter is the standard's, which may be a keyword (`r#type`, or `type_`).
fn is_parameter(rust: &str, standard: &str) -> bool {
    let rust = rust.strip_prefix("r#").unwrap_or(rust);
    rust == standard || rust.strip_suffix('_') == Some(standard)
}

/// What is wrong with the parameters of a method.
fn parameter_errors(
    method: &Method,
    parameters: &[Value],
    options: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<String> {
    let mut errors = vec![];
    let mut next = 0;
    for p in parameters {
        let name = p["name"].as_str().unwrap();
        if name == "self" || WITHOUT_MEANING.contains(&name) {
            continue;
        }
        if p["kind"] == "kw_only" {
            let found = method.parameters.iter().any(|(parameter, types)| {
                is_parameter(parameter, name)
                    || types.iter().any(|t| {
                        options.get(t).is_some_and(|setters| setters.contains(name))
                            || KEYWORD_TYPES
                                .iter()
                                .any(|(k, names)| k == t && names.contains(&name))
                    })
            });
            if !found {
                errors.push(format!("no keyword parameter {name}"));
            }
        } else {
            match method.parameters.get(next) {
                Some((rust, _)) if is_parameter(rust, name) => {}
                Some((rust, _)) => {
                    errors.push(format!("parameter {next} is {rust}, not {name}"));
                }
                None => errors.push(format!("no parameter {name}")),
            }
            next += 1;
        }
    }
    errors
}

/// Checks functions of some categories of the standard against methods.
fn check(categories: &[&str], methods: &BTreeMap<String, Method>, expected: usize) {
    let (api, options) = (api(), options());
    let (mut count, mut missing, mut wrong) = (0, vec![], vec![]);
    for f in api["functions"].as_array().unwrap() {
        if !categories.contains(&f["category"].as_str().unwrap()) {
            continue;
        }
        count += 1;
        let name = f["name"].as_str().unwrap();
        let method = methods.get(rust_name(name));
        let Some(method) = method else {
            missing.push(name);
            continue;
        };
        let errors = parameter_errors(method, f["params"].as_array().unwrap(), &options);
        if !errors.is_empty() {
            wrong.push(format!("{name}: {}", errors.join(", ")));
        }
    }
    println!(
        "{categories:?}: {count} functions, {} missing, {} with other parameters",
        missing.len(),
        wrong.len()
    );
    assert_eq!(count, expected);
    assert!(missing.is_empty(), "{} missing: {missing:?}", missing.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn main_namespace() {
    let categories = [
        "creation",
        "data_type",
        "elementwise",
        "indexing",
        "linear_algebra",
        "manipulation",
        "searching",
        "set",
        "sorting",
        "statistical",
        "utility",
        "inspection",
    ];
    let expected = api()["counts"]["main_namespace_functions"].as_u64().unwrap() as usize;
    check(&categories, &namespace(), expected);
}

#[test]
fn extension_fft() {
    let expected = api()["counts"]["fft"].as_u64().unwrap() as usize;
    check(&["fft"], &methods_of("Fft"), expected);
}

#[test]
fn extension_linalg() {
    let expected = api()["counts"]["linalg"].as_u64().unwrap() as usize;
    check(&["linalg"], &methods_of("Linalg"), expected);
}

#[test]
fn inspection_object() {
    let expected = api()["counts"]["info"].as_u64().unwrap() as usize;
    check(&["inspection.info"], &methods_of("Info"), expected);
}

#[test]
fn attributes() {
    let (api, methods) = (api(), methods_of("Array"));
    let attributes = texts(&api["array_attributes"]);
    let missing: Vec<&&str> = attributes.iter().filter(|a| !methods.contains_key(**a)).collect();
    println!("{} attributes, {} missing", attributes.len(), missing.len());
    assert!(missing.is_empty(), "{missing:?}");
}

/// Array methods and operators, each with what it is in Rust, and checked against the function that it
/// is the short form of. Rust's comparison operators give a bool, so that comparisons of elements are
/// functions alone; it has neither `//`, `**` nor `@`, of which the first two are methods.
#[cfg(feature = "cpu")]
#[test]
fn array_methods() {
    use arrayspace::dlpack::DLDevice;
    use arrayspace::options::ToDLPack;
    use arrayspace::{Array, Complex, Device, Namespace, Result};

    type Pair<B> = Result<(Array<B>, Array<B>)>;
    type Case<B> = (&'static str, Pair<B>);

    fn all<B: Namespace>(xp: &B) -> Result<Vec<Case<B>>> {
        let (x, y) =
            (&xp.asarray([[3.0, -2.0], [5.5, 4.0]], ())?, &xp.asarray([[2.0], [0.5]], ())?);
        let (m, n) = (&xp.asarray([[6, 1], [4, 7]], ())?, &xp.asarray([1, 2], ())?);
        let value = |v: f64| xp.asarray(v, ());
        let assigned = |change: &dyn Fn(&mut Array<B>), of: &Array<B>| {
            let mut copy = of.clone();
            change(&mut copy);
            copy
        };
        let one = &xp.asarray(2.5, ())?;
        let mut set = x.clone();
        set.set((0, 1), 9.0)?;
        let equal = |a: Result<Array<B>>, b: Result<Array<B>>| -> Pair<B> { Ok((a?, b?)) };
        Ok(vec![
            ("__abs__", equal(xp.abs(x), xp.sqrt(xp.square(x)?))),
            ("__add__", equal(Ok(x + y), xp.add(x, y))),
            ("__radd__", equal(Ok(2.0 + x), xp.add(2.0, x))),
            ("__iadd__", equal(Ok(assigned(&|x| *x += y, x)), xp.add(x, y))),
            ("__and__", equal(Ok(m & n), xp.bitwise_and(m, n))),
            ("__rand__", equal(Ok(3 & m), xp.bitwise_and(3, m))),
            ("__iand__", equal(Ok(assigned(&|m| *m &= n, m)), xp.bitwise_and(m, n))),
            ("__array_namespace__", equal(x.namespace().asarray(2.5, ()), Ok(one.clone()))),
            ("__bool__", equal(value(f64::from(u8::from(bool::try_from(one)?))), value(1.0))),
            ("__complex__", equal(value(Complex::<f64>::try_from(one)?.re), Ok(one.clone()))),
            ("__dlpack__", {
                let tensor = x.to_dlpack(ToDLPack::new().dl_device(DLDevice::CPU))?;
                equal(xp.from_dlpack(tensor, ()), Ok(x.clone()))
            }),
            ("__dlpack_device__", {
                let DLDevice { device_type, device_id } = x.dlpack_device();
                assert_eq!(device_type == DLDevice::CPU.device_type, x.device() == Device::CPU);
                equal(value(device_id.into()), value(x.device().index().into()))
            }),
            ("__eq__", equal(xp.equal(x, y), xp.logical_not(xp.not_equal(x, y)?))),
            ("__float__", equal(value(f64::try_from(one)?), Ok(one.clone()))),
            ("__floordiv__", equal(x.floor_divide(y), xp.floor(x / y))),
            ("__rfloordiv__", equal(xp.floor_divide(7.0, x), xp.floor(7.0 / x))),
            ("__ifloordiv__", {
                let mut copy = x.clone();
                copy.floor_divide_assign(y)?;
                equal(Ok(copy), xp.floor_divide(x, y))
            }),
            ("__ge__", equal(xp.greater_equal(x, y), xp.less_equal(y, x))),
            ("__getitem__", equal(x.get((1, 0)), value(5.5))),
            ("__gt__", equal(xp.greater(x, y), xp.less(y, x))),
            ("__index__", equal(value(usize::try_from(&n.get(1)?)? as f64), value(2.0))),
            ("__int__", equal(value(i64::try_from(one)? as f64), value(2.0))),
            ("__invert__", equal(Ok(!m), xp.bitwise_invert(m))),
            ("__le__", equal(xp.less_equal(x, y), xp.greater_equal(y, x))),
            ("__lshift__", equal(Ok(m << n), xp.bitwise_left_shift(m, n))),
            ("__rlshift__", equal(Ok(1 << m), xp.bitwise_left_shift(1, m))),
            ("__ilshift__", equal(Ok(assigned(&|m| *m <<= n, m)), xp.bitwise_left_shift(m, n))),
            ("__lt__", equal(xp.less(x, y), xp.greater(y, x))),
            ("__matmul__", equal(xp.matmul(x, y), xp.tensordot(x, y, 1))),
            // arrays alone, so that the reflected form is the same function
            ("__rmatmul__", equal(xp.matmul(m, n), xp.vecdot(m, n, ()))),
            ("__imatmul__", equal(xp.matmul(x.clone(), x), xp.tensordot(x, x, 1))),
            ("__mod__", equal(Ok(x % y), xp.remainder(x, y))),
            ("__rmod__", equal(Ok(7.0 % x), xp.remainder(7.0, x))),
            ("__imod__", equal(Ok(assigned(&|x| *x %= y, x)), xp.remainder(x, y))),
            ("__mul__", equal(Ok(x * y), xp.multiply(x, y))),
            ("__rmul__", equal(Ok(2.0 * x), xp.multiply(2.0, x))),
            ("__imul__", equal(Ok(assigned(&|x| *x *= y, x)), xp.multiply(x, y))),
            ("__ne__", equal(xp.not_equal(x, y), xp.logical_not(xp.equal(x, y)?))),
            ("__neg__", equal(Ok(-x), xp.negative(x))),
            ("__or__", equal(Ok(m | n), xp.bitwise_or(m, n))),
            ("__ror__", equal(Ok(8 | m), xp.bitwise_or(8, m))),
            ("__ior__", equal(Ok(assigned(&|m| *m |= n, m)), xp.bitwise_or(m, n))),
            ("__pos__", equal(xp.positive(x), Ok(x.clone()))),
            ("__pow__", equal(x.pow(2.0), xp.pow(x, 2.0))),
            ("__rpow__", equal(xp.pow(2, n), xp.asarray([2, 4], ()))),
            ("__ipow__", {
                let mut copy = x.clone();
                copy.pow_assign(2.0)?;
                equal(Ok(copy), xp.square(x))
            }),
            ("__rshift__", equal(Ok(m >> n), xp.bitwise_right_shift(m, n))),
            ("__rrshift__", equal(Ok(64 >> m), xp.bitwise_right_shift(64, m))),
            ("__irshift__", equal(Ok(assigned(&|m| *m >>= n, m)), xp.bitwise_right_shift(m, n))),
            ("__setitem__", equal(set.get((0, 1)), value(9.0))),
            ("__sub__", equal(Ok(x - y), xp.subtract(x, y))),
            ("__rsub__", equal(Ok(2.0 - x), xp.subtract(2.0, x))),
            ("__isub__", equal(Ok(assigned(&|x| *x -= y, x)), xp.subtract(x, y))),
            ("__truediv__", equal(Ok(x / y), xp.divide(x, y))),
            ("__rtruediv__", equal(Ok(2.0 / x), xp.divide(2.0, x))),
            ("__itruediv__", equal(Ok(assigned(&|x| *x /= y, x)), xp.divide(x, y))),
            ("__xor__", equal(Ok(m ^ n), xp.bitwise_xor(m, n))),
            ("__rxor__", equal(Ok(3 ^ m), xp.bitwise_xor(3, m))),
            ("__ixor__", equal(Ok(assigned(&|m| *m ^= n, m)), xp.bitwise_xor(m, n))),
            ("to_device", equal(x.to_device(x.device()), Ok(x.clone()))),
        ])
    }

    fn same<B: Namespace>(xp: &B, name: &str, (a, b): (Array<B>, Array<B>)) {
        assert_eq!((a.dtype(), a.shape()), (b.dtype(), b.shape()), "{name}");
        let same = xp.all(xp.equal(&a, &b).unwrap(), ()).unwrap();
        assert!(bool::try_from(&same).unwrap(), "{name}: {a} and {b}");
    }

    let api = api();
    let mut names = texts(&api["reflected_inplace"]);
    for f in api["functions"].as_array().unwrap() {
        if f["category"] == "array_method" {
            names.push(f["name"].as_str().unwrap());
        }
    }
    on_each_backend!(xp => {
        let cases = all(xp).unwrap();
        let missing: Vec<&&str> =
            (names.iter()).filter(|n| !cases.iter().any(|(c, _)| c == *n)).collect();
        println!("{} array methods and operators, {} missing", names.len(), missing.len());
        assert!(missing.is_empty(), "{missing:?}");
        assert!(cases.iter().all(|(name, _)| names.contains(name)));
        for (name, pair) in cases {
            same(xp, name, pair.unwrap_or_else(|e| panic!("{name}: {e}")));
        }
    });
}

#[test]
fn dtypes_and_constants() {
    use arrayspace::{DType, constants};
    let api = api();
    for name in texts(&api["dtypes"]) {
        let dtype = DType::from_name(name).unwrap_or_else(|| panic!("no dtype {name}"));
        assert_eq!(dtype.name(), name);
        // its one method is `__eq__`
        assert!(dtype == dtype && DType::ALL.iter().filter(|&&d| d == dtype).count() == 1);
    }
    assert_eq!(texts(&api["dtype_object"]), ["__eq__"]);
    let constants: BTreeMap<&str, f64> = [
        ("e", constants::E),
        ("inf", constants::INF),
        ("nan", constants::NAN),
        ("newaxis", {
            let arrayspace::NewAxis = constants::newaxis;
            0.0
        }),
        ("pi", constants::PI),
    ]
    .into();
    assert_eq!(constants.keys().copied().collect::<Vec<_>>(), texts(&api["constants"]));
    assert!(constants["e"] == 1f64.exp() && constants["pi"] == 2.0 * 1f64.asin());
    assert!(constants["inf"] == 1.0 / 0.0 && constants["nan"].is_nan());
}
