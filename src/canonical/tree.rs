//! JSON bytes -> a tree in which nothing is lost: a name that stands twice is an error, and so is a
//! text with more values than a report can have.

use std::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use crate::limits;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Self>),
    /// Names and values, in the order written.
    Object(Vec<(String, Self)>),
}

impl Tree {
    /// What it is, in a sentence.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

/// Parses one JSON value, with nothing after it.
pub fn parse(bytes: &[u8]) -> serde_json::Result<Tree> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let count = Cell::new(0);
    let tree = Seed(&count).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(tree)
}

/// Counts the values it makes.
#[derive(Clone, Copy)]
struct Seed<'a>(&'a Cell<usize>);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        self.0.set(self.0.get() + 1);
        if self.0.get() > limits::JSON_VALUES {
            let most = limits::JSON_VALUES;
            return Err(D::Error::custom(format_args!("more than {most} values")));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Number::from_f64(value).map_or(Tree::Null, Tree::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Tree, E> {
        Ok(Tree::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = sequence.next_element_seed(self)? {
            list.push(value);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut object: Vec<(String, Tree)> = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if object.len() >= limits::JSON_NAMES {
                let most = limits::JSON_NAMES;
                return Err(A::Error::custom(format_args!("more than {most} names in one object")));
            }
            if object.iter().any(|(known, _)| *known == name) {
                return Err(A::Error::custom(format_args!("{name:?} stands twice")));
            }
            let value = map.next_value_seed(self)?;
            object.push((name, value));
        }
        Ok(Tree::Object(object))
    }
}
