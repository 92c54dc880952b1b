//! A case of a select, and how it is read: its statements may be left out, `Default` without brackets too.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, DeserializeSeed, EnumAccess, SeqAccess, VariantAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::setup::{Statement, Value};

/// A case of a select, with the statements that follow when it is chosen; they may be left out.
#[derive(Clone, Debug, PartialEq)]
pub enum Case {
    /// `case c <- value:`.
    Send(String, Value, Vec<Statement>),
    /// `case v, ok := <-c:`.
    Recv(String, Vec<Statement>),
    /// `case <-time.After(d):`, with `d` in milliseconds.
    After(u64, Vec<Statement>),
    /// `default:`.
    Default(Vec<Statement>),
}

impl Case {
    /// The statements that follow when it is chosen.
    pub fn body(&self) -> &[Statement] {
        match self {
            Case::Send(_, _, body) | Case::Recv(_, body) | Case::After(_, body) | Case::Default(body) => body,
        }
    }
}

const CASES: &str = "Case";

impl Serialize for Case {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeTupleVariant;
        match self {
            Case::Default(body) if body.is_empty() => serializer.serialize_unit_variant(CASES, 3, "Default"),
            Case::Default(body) => serializer.serialize_newtype_variant(CASES, 3, "Default", body),
            Case::Send(name, value, body) => {
                let mut parts = serializer.serialize_tuple_variant(CASES, 0, "Send", 3)?;
                parts.serialize_field(name)?;
                parts.serialize_field(value)?;
                parts.serialize_field(body)?;
                parts.end()
            }
            Case::Recv(name, body) => {
                let mut parts = serializer.serialize_tuple_variant(CASES, 1, "Recv", 2)?;
                parts.serialize_field(name)?;
                parts.serialize_field(body)?;
                parts.end()
            }
            Case::After(ms, body) => {
                let mut parts = serializer.serialize_tuple_variant(CASES, 2, "After", 2)?;
                parts.serialize_field(ms)?;
                parts.serialize_field(body)?;
                parts.end()
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(variant_identifier)]
enum Kind {
    Send,
    Recv,
    After,
    Default,
}

impl<'de> Deserialize<'de> for Case {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Case, D::Error> {
        deserializer.deserialize_enum(CASES, &["Send", "Recv", "After", "Default"], CaseVisitor)
    }
}

struct CaseVisitor;

impl<'de> Visitor<'de> for CaseVisitor {
    type Value = Case;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a case of a select: Send, Recv, After or Default")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Case, A::Error> {
        let (kind, rest) = data.variant::<Kind>()?;
        Ok(match kind {
            Kind::Send => {
                let ((name, value), body) = rest.tuple_variant(3, Parts::<(String, Value)>(PhantomData))?;
                Case::Send(name, value, body)
            }
            Kind::Recv => {
                let (name, body) = rest.tuple_variant(2, Parts::<String>(PhantomData))?;
                Case::Recv(name, body)
            }
            Kind::After => {
                let (ms, body) = rest.tuple_variant(2, Parts::<u64>(PhantomData))?;
                Case::After(ms, body)
            }
            Kind::Default => {
                // Without brackets nothing is read, and so nothing of what follows is lost.
                let mut begun = false;
                match rest.newtype_variant_seed(Body(&mut begun)) {
                    Err(error) if begun => return Err(error),
                    body => Case::Default(body.unwrap_or_default()),
                }
            }
        })
    }
}

/// The statements of default; says that it has begun to read them.
struct Body<'a>(&'a mut bool);

impl<'de> DeserializeSeed<'de> for Body<'_> {
    type Value = Vec<Statement>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Statement>, D::Error> {
        *self.0 = true;
        Vec::deserialize(deserializer)
    }
}

/// What a case needs, then its statements, if there are any.
struct Parts<T>(PhantomData<T>);

/// What a case needs before its statements.
trait Head: Sized {
    fn read<'de, A: SeqAccess<'de>>(parts: &mut A) -> Result<Self, A::Error>;
}

fn needed<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(parts: &mut A, at: usize) -> Result<T, A::Error> {
    parts.next_element()?.ok_or_else(|| de::Error::invalid_length(at, &"a channel or a time, and what is sent"))
}

impl Head for String {
    fn read<'de, A: SeqAccess<'de>>(parts: &mut A) -> Result<String, A::Error> {
        needed(parts, 0)
    }
}

impl Head for u64 {
    fn read<'de, A: SeqAccess<'de>>(parts: &mut A) -> Result<u64, A::Error> {
        needed(parts, 0)
    }
}

impl Head for (String, Value) {
    fn read<'de, A: SeqAccess<'de>>(parts: &mut A) -> Result<(String, Value), A::Error> {
        Ok((needed(parts, 0)?, needed(parts, 1)?))
    }
}

impl<'de, T: Head> Visitor<'de> for Parts<T> {
    type Value = (T, Vec<Statement>);

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a case, with or without statements")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<(T, Vec<Statement>), A::Error> {
        Ok((T::read(&mut parts)?, parts.next_element()?.unwrap_or_default()))
    }
}
