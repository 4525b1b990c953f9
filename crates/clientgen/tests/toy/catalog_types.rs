//! The catalog of the toy product.

pub(crate) use wire_values::Effect;

#[derive(Debug)]
pub(crate) struct Surface {
    pub(crate) title: &'static str,
    pub(crate) version: &'static str,
    pub(crate) functions: &'static [&'static Function],
}

#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) effect: Effect,
    pub(crate) since: &'static str,
    pub(crate) arguments: &'static [Argument],
}

#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) name: &'static str,
    pub(crate) kind: ArgumentKind,
    pub(crate) default: Option<&'static str>,
    pub(crate) nullable: bool,
    pub(crate) by_name: bool,
    pub(crate) secret: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ArgumentKind {
    String,
    Number,
    Bool,
    Json,
    Any,
}

impl Surface {
    pub(crate) const fn new(_name: &'static str, title: &'static str) -> Self {
        Self {
            title,
            version: "",
            functions: &[],
        }
    }

    pub(crate) const fn version(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    pub(crate) const fn functions(mut self, functions: &'static [&'static Function]) -> Self {
        self.functions = functions;
        self
    }
}

impl Function {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self {
            name,
            effect: Effect::Unknown,
            since: "",
            arguments: &[],
        }
    }

    pub(crate) const fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    pub(crate) const fn since(mut self, since: &'static str) -> Self {
        self.since = since;
        self
    }

    pub(crate) const fn arguments(mut self, arguments: &'static [Argument]) -> Self {
        self.arguments = arguments;
        self
    }
}

impl Argument {
    pub(crate) const fn new(name: &'static str, kind: ArgumentKind) -> Self {
        Self {
            name,
            kind,
            default: None,
            nullable: false,
            by_name: false,
            secret: false,
        }
    }

    pub(crate) const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }

    pub(crate) const fn default(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }

    pub(crate) const fn by_name(mut self) -> Self {
        self.by_name = true;
        self
    }

    pub(crate) const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }
}
