//! A value of a report as handed in, and where it stands: what is wrong is said by its JSON pointer.

use chrono::NaiveDate;
use entity::template::Code;

use super::tree::Tree;
use crate::{
    error::{self, Error, Result},
    limits,
};

/// A value at its place.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    pub tree: &'a Tree,
    /// RFC 6901: `/requests/received/total`.
    pub pointer: String,
}

impl<'a> Node<'a> {
    pub fn root(tree: &'a Tree) -> Self {
        Self { tree, pointer: String::new() }
    }

    /// What is wrong with it.
    pub fn wrong(&self, what: impl std::fmt::Display) -> Error {
        let place = if self.pointer.is_empty() { "the report" } else { &self.pointer };
        Error::new(error::Code::InvalidReport, format!("{place}: {what}"))
    }

    fn is_no(&self, wanted: &str) -> Error {
        self.wrong(format_args!("this is {}, not {wanted}", self.tree.kind()))
    }

    /// Its names and values; null has none. A name that is not known is an error: a number under it
    /// would be lost.
    pub fn fields<'n>(
        &self,
        known: impl IntoIterator<Item = &'n str>,
    ) -> Result<Vec<(&'a str, Self)>> {
        let known: Vec<&str> = known.into_iter().collect();
        let object = match self.tree {
            Tree::Object(object) => object,
            Tree::Null => return Ok(Vec::new()),
            _ => return Err(self.is_no("an object")),
        };
        let field = |(name, tree): &'a (String, Tree)| {
            let node = self.at(name, tree);
            if known.contains(&name.as_str()) {
                return Ok((name.as_str(), node));
            }
            let near = error::nearest(name, known.iter().copied());
            let near = near.map(|near| format!("; {near:?} is")).unwrap_or_default();
            Err(node.wrong(format_args!("{name:?} is not known here{near}")).allowed(known.clone()))
        };
        object.iter().map(field).collect()
    }

    /// Its values in their order; null has none.
    pub fn list(&self) -> Result<Vec<Self>> {
        match self.tree {
            Tree::List(list) => {
                let node = |(at, tree): (usize, &'a Tree)| self.at(&at.to_string(), tree);
                Ok(list.iter().enumerate().map(node).collect())
            }
            Tree::Null => Ok(Vec::new()),
            _ => Err(self.is_no("a list")),
        }
    }

    fn at(&self, name: &str, tree: &'a Tree) -> Self {
        let name = name.replace('~', "~0").replace('/', "~1");
        Self { tree, pointer: format!("{}/{name}", self.pointer) }
    }

    /// Its text; none for null.
    pub fn text(&self) -> Result<Option<&'a str>> {
        match self.tree {
            Tree::Null => Ok(None),
            Tree::Text(text) if text.contains('\0') => {
                Err(self.wrong("no text has the character U+0000"))
            }
            Tree::Text(text) => Ok(Some(text)),
            _ => Err(self.is_no("a string")),
        }
    }

    /// Its text, of one line's length; none for null.
    pub fn short_text(&self) -> Result<Option<String>> {
        let text = self.text()?;
        if text.is_some_and(|text| text.chars().count() > limits::REPORT_TEXT_CHARS) {
            let most = limits::REPORT_TEXT_CHARS;
            return Err(self.wrong(format_args!("this has more than {most} characters")));
        }
        Ok(text.map(str::to_owned))
    }

    /// Its text, which must be there.
    pub fn required_text(&self) -> Result<String> {
        self.short_text()?.ok_or_else(|| self.is_no("a string"))
    }

    /// Its day; none for null.
    pub fn date(&self) -> Result<Option<NaiveDate>> {
        let Some(text) = self.text()? else { return Ok(None) };
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        // The day as it is written everywhere, and no other way to write it.
        let day = day.filter(|day| day.to_string() == text);
        day.map(Some)
            .ok_or_else(|| self.wrong(format_args!("{text:?} is no day")).allowed(["2024-01-22"]))
    }

    /// Its code; none for null.
    pub fn code<C: Code>(&self) -> Result<Option<C>> {
        let Some(text) = self.text()? else { return Ok(None) };
        C::of(text).map(Some).ok_or_else(|| {
            self.wrong(format_args!("{text:?} is none of them"))
                .allowed(C::ALL.iter().map(|code| code.code()))
        })
    }

    /// Its whole number.
    pub fn integer(&self) -> Result<i64> {
        match self.tree {
            Tree::Number(number) => number.as_i64().ok_or_else(|| {
                self.wrong(format_args!("{number} is no whole number that can be kept"))
            }),
            _ => Err(self.is_no("a whole number")),
        }
    }
}
